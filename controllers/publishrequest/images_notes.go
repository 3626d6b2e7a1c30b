// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"fmt"
	"sync"

	"k8s.io/apimachinery/pkg/types"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// uploadNotes has the images that calls have brought to a site and no status tells
// of: that of a call whose request or integration changes while it uploads is never
// written. Without them, a request that is changed again before its images are all
// there would begin with the first one each time. What a process that dies knew,
// the site finds by the bytes.
type uploadNotes struct {
	mu        sync.Mutex
	byRequest map[types.NamespacedName]uploadNote
}

// uploadNote is of the images of one request.
type uploadNote struct {
	// owner is who they were brought for, and where.
	owner string
	// bySource are the images, by the digest of their source.
	bySource map[string]v1alpha1.MediaStatus
}

func newUploadNotes() *uploadNotes {
	return &uploadNotes{byRequest: map[types.NamespacedName]uploadNote{}}
}

// uploadOwner names a request and the site that its images are at: attachments
// mean nothing to another one.
func uploadOwner(request *v1alpha1.PublishRequest, integration *v1alpha1.WordPressIntegration) string {
	return fmt.Sprint(request.UID, "/", integration.UID, "/", integration.Status.Site.UUID)
}

// add notes an image, as long as there is room for as many as a status has.
func (n *uploadNotes) add(request types.NamespacedName, owner string, m v1alpha1.MediaStatus) {
	n.mu.Lock()
	defer n.mu.Unlock()
	note := n.byRequest[request]
	if note.owner != owner {
		note = uploadNote{owner, map[string]v1alpha1.MediaStatus{}}
		n.byRequest[request] = note
	}
	if len(note.bySource) < maxImages {
		note.bySource[m.SourceDigest] = m
	}
}

// find returns the image of a source, nil if it is not known to be there.
func (n *uploadNotes) find(request types.NamespacedName, owner, sourceDigest string) *v1alpha1.MediaStatus {
	n.mu.Lock()
	defer n.mu.Unlock()
	if note := n.byRequest[request]; note.owner == owner {
		if m, ok := note.bySource[sourceDigest]; ok {
			return &m
		}
	}
	return nil
}

// forget drops what the status of a request tells by now.
func (n *uploadNotes) forget(request types.NamespacedName) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.byRequest, request)
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/content"
	"github.com/igny8/wordpress-operator/internal/fetch"
	"github.com/igny8/wordpress-operator/internal/media"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// broughtImages is what a call came to for the images of a post.
type broughtImages struct {
	// wanted is how many there are to be.
	wanted int
	// media are those at the site, and missing the others.
	media   []v1alpha1.MediaStatus
	missing []imageProblem
	// read says that at least one was read: that takes its time.
	read bool
}

// imagesError says that a post is not published, because images are missing and
// imagePolicy asks for all of them.
type imagesError struct{ images *broughtImages }

// Error returns the message of the first.
func (e *imagesError) Error() string { return e.images.message() }

// uploadImages brings the images of a post to the site, and has the post show
// them. An image that is there costs nothing; one that cannot be had is left out,
// unless imagePolicy asks for all. An error is about the call as a whole.
func (r *Reconciler) uploadImages(ctx context.Context, site *wordpress.Client, w *work) error {
	brought := &broughtImages{wanted: len(w.images)}
	w.result.images = brought
	u := newUploads(r, site, w)
	for i := range w.images {
		image := &w.images[i]
		known, missing, err := u.bring(ctx, image)
		brought.read = u.hasRead
		switch {
		case err != nil:
			return err
		case missing != nil:
			missing.name = image.name
			brought.missing = append(brought.missing, *missing)
		default:
			known.Name, known.RefDigest = image.name, image.reference
			brought.media = append(brought.media, *known)
		}
	}
	if len(brought.missing) > 0 && imagePolicy(w.request, w.integration) == v1alpha1.ImagePolicyUploadRequired {
		return &imagesError{brought}
	}
	return w.conclude(brought)
}

// conclude has the post show the images that are there, and looks whether it does
// already.
func (w *work) conclude(brought *broughtImages) error {
	if brought.wanted == 0 {
		return nil
	}
	w.show(brought.media)
	w.post.SourceDigest = withoutImages(w.post.SourceDigest, brought.missing)
	w.result.sourceDigest = w.post.SourceDigest
	return checkWanted(w.request, w.post.SourceDigest)
}

// show puts the images of the media library into the post.
func (w *work) show(all []v1alpha1.MediaStatus) {
	byName := map[string]v1alpha1.MediaStatus{}
	for _, m := range all {
		byName[m.Name] = m
	}
	library := map[string]content.LibraryImage{}
	for i := range w.images {
		image := &w.images[i]
		m, ok := byName[image.name]
		switch {
		case !ok:
		case image.place == placeFeatured:
			w.post.FeaturedImageID = m.AttachmentID
		case image.place == placeGallery:
			w.post.Gallery = append(w.post.Gallery, m.AttachmentID)
		default:
			library[image.address] = content.LibraryImage{ID: m.AttachmentID, URL: m.URL}
		}
	}
	w.post.ContentHTML = content.ReplaceImages(w.post.ContentHTML, library)
}

// uploads brings images to one site within one call.
type uploads struct {
	*Reconciler
	site        *wordpress.Client
	integration *v1alpha1.WordPressIntegration
	namespace   string
	// request and owner are those of uploadNotes.
	request types.NamespacedName
	owner   string
	// limit is the size of an image that the site takes, in bytes.
	limit int64
	// left is how long images may yet be read; hasRead says that one was.
	left    time.Duration
	hasRead bool
	// endTime is when images that are yet to be read are left to another call.
	endTime time.Time
	// bySource and byBytes are what is at the site, by the digest of the source
	// and of the bytes; failed is what could not be had, by that of the source.
	bySource, byBytes map[string]*v1alpha1.MediaStatus
	failed            map[string]*imageProblem
	// forbidden is set when the site takes no image at all.
	forbidden *imageProblem
}

func newUploads(r *Reconciler, site *wordpress.Client, w *work) *uploads {
	u := &uploads{
		Reconciler: r, site: site, integration: w.integration, namespace: w.request.Namespace,
		request: client.ObjectKeyFromObject(w.request), owner: uploadOwner(w.request, w.integration),
		limit: uploadLimit(w.integration), left: imagesTimeout, endTime: r.Clock.Now().Add(uploadsTimeout),
		bySource: map[string]*v1alpha1.MediaStatus{}, byBytes: map[string]*v1alpha1.MediaStatus{}, failed: map[string]*imageProblem{},
	}
	for i := range w.request.Status.Media {
		u.note(&w.request.Status.Media[i])
	}
	return u
}

func (u *uploads) note(m *v1alpha1.MediaStatus) {
	if m.AttachmentID != 0 && m.URL != "" && m.SourceDigest != "" {
		u.bySource[m.SourceDigest], u.byBytes[m.SHA256] = m, m
	}
}

// uploadLimit is how large an image may be, in bytes.
func uploadLimit(integration *v1alpha1.WordPressIntegration) int64 {
	limits := &integration.Status.Site.Limits
	limit := min(int64(media.MaxBytes), cmp.Or(limits.UploadBytes, media.MaxBytes))
	if limits.RequestBytes > formBytes {
		limit = min(limit, limits.RequestBytes-formBytes)
	}
	return limit
}

// bring sees to it that an image is at the site. It returns the image there, or
// why it is not.
func (u *uploads) bring(ctx context.Context, image *wantedImage) (*v1alpha1.MediaStatus, *imageProblem, error) {
	if known := cmp.Or(u.bySource[image.digest], u.uploadNotes.find(u.request, u.owner, image.digest)); known != nil {
		again := *known
		return &again, nil, nil
	}
	missing := cmp.Or(image.problem, u.failed[image.digest], u.forbidden)
	if missing == nil {
		known, failed, err := u.read(ctx, image)
		if err != nil || failed == nil {
			return known, nil, err
		}
		u.failed[image.digest] = failed
		missing = failed
	}
	again := *missing
	return nil, &again, nil
}

// read reads an image and uploads it, holding no more images in memory than there
// is room for.
func (u *uploads) read(ctx context.Context, image *wantedImage) (*v1alpha1.MediaStatus, *imageProblem, error) {
	switch {
	case u.left <= 0:
		return nil, late(image), nil
	case u.Clock.Now().After(u.endTime):
		return nil, nil, errUnfinished
	}
	u.hasRead = true
	// That others hold all slots says nothing about this image.
	if err := u.imageSlots.acquire(ctx, u.namespace); err != nil {
		return nil, nil, err
	}
	defer u.imageSlots.release(u.namespace)
	data, failed, err := u.readInTime(ctx, image)
	if err != nil || failed != nil {
		return nil, failed, err
	}
	return u.upload(ctx, image, data)
}

// readInTime reads an image, within its time and what is left of that of all.
func (u *uploads) readInTime(ctx context.Context, image *wantedImage) (*fetch.Bytes, *imageProblem, error) {
	reading, cancel := context.WithTimeout(ctx, min(u.left, imageTimeout))
	defer cancel()
	startTime := u.Clock.Now()
	defer func() { u.left -= u.Clock.Since(startTime) }()
	return u.readImage(reading, u.namespace, image, u.limit)
}

// late is the problem of an image whose turn did not come.
func late(image *wantedImage) *imageProblem {
	return &imageProblem{retry: true, problem: problem{v1alpha1.ReasonTimeout, fmt.Sprintf("%s was not read: other images have taken all the time there is, %s", image.origin(), imagesTimeout)}}
}

func (u *uploads) upload(ctx context.Context, image *wantedImage, data *fetch.Bytes) (*v1alpha1.MediaStatus, *imageProblem, error) {
	sum := sha256.Sum256(data.Data)
	if known := u.byBytes[hex.EncodeToString(sum[:])]; known != nil {
		again := *known
		again.SourceDigest = image.digest
		u.note(&again)
		return &again, nil, nil
	}
	if err := u.checkOpen(ctx, u.integration); err != nil {
		return nil, nil, err
	}
	startTime := u.Clock.Now()
	uploaded, err := u.site.UploadMedia(ctx, wordpress.Image{
		Bytes: data.Data, FileName: cmp.Or(data.Name, image.name), Alt: image.alt, Caption: image.caption, Title: image.title,
	})
	u.Metrics.Observe("media", err, u.Clock.Since(startTime))
	if err != nil {
		failed := u.refused(image, err)
		if failed == nil {
			return nil, nil, err
		}
		return nil, failed, nil
	}
	known := &v1alpha1.MediaStatus{SHA256: uploaded.SHA256, SourceDigest: image.digest, AttachmentID: uploaded.ID, URL: uploaded.URL}
	u.note(known)
	u.uploadNotes.add(u.request, u.owner, *known)
	again := *known
	return &again, nil, nil
}

// refused is the problem of an image that the site does not take; nil if the
// error is about the site, and so about the post as well.
func (u *uploads) refused(image *wantedImage, err error) *imageProblem {
	var refused *wordpress.Error
	if !errors.As(err, &refused) {
		return nil
	}
	switch refused.Kind {
	case wordpress.KindRejected:
		return image.faulty(v1alpha1.ReasonImageRejected, "is refused: "+refused.Error())
	case wordpress.KindForbidden, wordpress.KindBlocked:
		reason := v1alpha1.ReasonForbidden
		if refused.Kind == wordpress.KindBlocked {
			reason = v1alpha1.ReasonBlocked
		}
		u.forbidden = &imageProblem{problem: problem{reason, refused.Error()}}
		return u.forbidden
	}
	return nil
}

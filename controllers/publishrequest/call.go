// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/types"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/destination"
	"github.com/igny8/wordpress-operator/internal/outcome"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// job is what a call for a request starts from. The content is read when the
// call's turn has come, not when the ticket was left: thousands may wait.
type job struct {
	request     types.NamespacedName
	uid         types.UID
	generation  int64
	integration *v1alpha1.WordPressIntegration
	// basis is what the status said that the call depends on.
	basis string
}

// callResult is what a call came to.
type callResult struct {
	// post is the post that was written, nil on an error and when nothing was
	// to be written.
	post *wordpress.PostRepresentation
	err  error
	// update says that the call was about the post that is known, and restored
	// that it was to be taken out of the trash.
	update, restored bool

	// removes says that the call was to take the post away, and removal what
	// became of it.
	removes bool
	removal wordpress.Removal

	// scheduled is when the site is to publish the post by itself, zero if it is not.
	scheduled time.Time
	// sourceDigest is of what the site is to have, empty if the call did not
	// come that far. The body itself is not kept: outcomes may wait.
	sourceDigest string
	// images is set by uploadImages.
	images *broughtImages
	// title is the post's, from the spec or the content, and ignored are the keys
	// of the front matter that say nothing.
	title            string
	ignored          []string
	sourceVersion    string
	credentialDigest string
	// read says that the content was read; bodyDigest is of its bytes, empty if it
	// is inline.
	read       bool
	bodyDigest string
	startTime  time.Time
	endTime    time.Time
	// opened says that the site may have been called: the call came as far as to
	// open it, or nobody knows how far.
	opened bool
	// siteUUID is that of the site that was called.
	siteUUID string
}

var (
	// errStale says that the request changed after its ticket was left.
	errStale = errors.New("request changed meanwhile")
	// errUnchanged says that the post has this content already.
	errUnchanged = errors.New("nothing to write")
	// errUnapproved says that the post is there, and that nobody has approved
	// what would be written.
	errUnapproved = errors.New("the update is not approved")
	// errBehind says that the ticket was left by a reconcile that had not seen
	// the newest status yet, or that what was read changed while it was used.
	errBehind = errors.New("status or source changed meanwhile")
	// errUnfinished says that a call made room for others before all images were
	// at the site.
	errUnfinished = errors.New("the images are not all at the site yet")
	// errHeld says that the integration was suspended, quarantined or changed
	// while the ticket waited for its turn.
	errHeld = errors.New("integration changed meanwhile")
)

// contentError says that the content of a request cannot be used.
type contentError struct{ problem }

// Error returns the message.
func (e *contentError) Error() string { return e.message }

// recovered is the outcome of a call that panicked: a defect that this content
// brings out. It stalls this request and no other.
func recovered(p any, now time.Time) callResult {
	err := outcome.Recovered(ctrl.Log, "publishing this content", p)
	return callResult{opened: true, startTime: now, endTime: now, err: &contentError{problem{v1alpha1.ReasonInternalError, err.Error()}}}
}

// call reads the content, renders it, and gives it to the site. It runs outside
// the controller's workers.
func (r *Reconciler) call(ctx context.Context, j job) callResult {
	result := callResult{startTime: r.Clock.Now()}
	result.post, result.err = r.callSite(ctx, j, &result)
	result.endTime = r.Clock.Now()
	return result
}

func (r *Reconciler) callSite(ctx context.Context, j job, result *callResult) (*wordpress.PostRepresentation, error) {
	w, err := r.prepare(ctx, j, result)
	if err != nil {
		return nil, err
	}
	site, err := r.open(ctx, w)
	if err != nil {
		return nil, err
	}
	if err := r.complete(ctx, site, w); err != nil {
		return nil, err
	}
	if result.images.read {
		if err := r.checkAgain(ctx, j, w); err != nil {
			return nil, err
		}
	}
	return r.send(ctx, site, w)
}

// checkAgain says whether what the call began with still is so: bringing images
// may take minutes.
func (r *Reconciler) checkAgain(ctx context.Context, j job, w *work) error {
	now := &v1alpha1.PublishRequest{}
	if err := r.Live.Get(ctx, j.request, now); err != nil {
		return fmt.Errorf("get request: %w", err)
	}
	return cmp.Or(checkCurrent(now, j), checkWanted(now, w.post.SourceDigest), r.checkOpen(ctx, w.integration))
}

// complete does what is left to do for a post once its site is open; posts that
// go in a batch come this way too.
func (r *Reconciler) complete(ctx context.Context, site *wordpress.Client, w *work) error {
	if err := r.uploadImages(ctx, site, w); err != nil {
		return err
	}
	w.finish()
	return nil
}

// open opens the site of a call whose turn has come.
func (r *Reconciler) open(ctx context.Context, w *work) (*wordpress.Client, error) {
	notReady := destination.NotReady
	if w.result.removes {
		notReady = notReadyToRemove
	}
	if err := r.checkReady(ctx, w.integration, notReady); err != nil {
		return nil, err
	}
	site, credentials, err := r.Access.Open(ctx, w.integration, w.integration.Status.Site.RESTURL)
	if err != nil {
		return nil, err
	}
	w.result.noteOpen(w.integration, credentials.Digest)
	return site, nil
}

// noteOpen notes which site is called from here on, and with which credential.
func (c *callResult) noteOpen(integration *v1alpha1.WordPressIntegration, credentialDigest string) {
	c.opened, c.credentialDigest, c.siteUUID = true, credentialDigest, integration.Status.Site.UUID
}

// send gives the post to the site.
func (r *Reconciler) send(ctx context.Context, site *wordpress.Client, w *work) (*wordpress.PostRepresentation, error) {
	if w.result.update {
		return r.update(ctx, site, w)
	}
	return r.observed("publish", func() (*wordpress.PostRepresentation, error) { return site.Publish(ctx, w.post) })
}

// observed makes one call and counts it.
func (r *Reconciler) observed(purpose string, call func() (*wordpress.PostRepresentation, error)) (*wordpress.PostRepresentation, error) {
	startTime := r.Clock.Now()
	post, err := call()
	r.Metrics.Observe(purpose, err, r.Clock.Since(startTime))
	return post, err
}

// checkOpen looks at the integration again when the call's turn has come: of
// thousands of requests that wait, the last ones are reconciled long after it
// was suspended, or a person has confirmed that it belongs to another site.
func (r *Reconciler) checkOpen(ctx context.Context, integration *v1alpha1.WordPressIntegration) error {
	return r.checkReady(ctx, integration, destination.NotReady)
}

// readiness says why an integration cannot be used, as destination.NotReady does.
type readiness func(*v1alpha1.WordPressIntegration) (why string, pending bool)

func (r *Reconciler) checkReady(ctx context.Context, integration *v1alpha1.WordPressIntegration, notReady readiness) error {
	now := &v1alpha1.WordPressIntegration{}
	err := r.Client.Get(ctx, client.ObjectKeyFromObject(integration), now)
	if client.IgnoreNotFound(err) != nil {
		return fmt.Errorf("get integration %q: %w", integration.Name, err)
	}
	why, pending := notReady(now)
	same := now.UID == integration.UID && now.Generation == integration.Generation && now.Status.Site.UUID == integration.Status.Site.UUID
	if !same || why != "" || pending {
		return errHeld
	}
	return nil
}

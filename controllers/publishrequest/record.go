// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/fetch"
	"github.com/igny8/wordpress-operator/internal/outcome"
	"github.com/igny8/wordpress-operator/internal/phase"
	"github.com/igny8/wordpress-operator/internal/siteaccess"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// What Events say was being done.
const (
	actionPublish = "Publish"
	actionDelete  = "Delete"
)

// recordOutcome takes what a call came to into the status: one write, and at
// most one Event.
func (r *Reconciler) recordOutcome(ctx context.Context, s *scope) (phase.Result, error) {
	call, ok := r.calls.Outcome(s.name(), s.revision())
	if !ok {
		return phase.Proceed, nil
	}
	switch {
	case errors.Is(call.err, errHeld):
		r.calls.Forget(s.name())
		return phase.Proceed, nil
	case errors.Is(call.err, errBehind):
		r.calls.Forget(s.name())
		return phase.DoneFor(time.Second), nil // the cache is late; asking at once would only ask again
	}
	s.recorded = true
	if errors.Is(call.err, errUnfinished) {
		s.keepMedia(call)
		s.mediaNoted = true
		return phase.DoneFor(busyDelay), nil // another call goes on, and no attempt counts
	}
	if errors.Is(call.err, errStale) || outcome.Of(call.err).Action == outcome.Drop {
		return phase.Done(), nil // the change that made it stale comes as an event
	}
	if err := r.record(ctx, s, call); err != nil {
		return phase.Done(), err
	}
	s.checkSynced()
	return phase.Proceed, nil
}

func (r *Reconciler) record(ctx context.Context, s *scope, call callResult) error {
	attempt := s.imageAttempt(call)
	if call.err != nil {
		s.keepMedia(call)
	}
	s.mediaNoted = true
	var (
		unusable *contentError
		unread   *fetch.Error
		images   *imagesError
		access   *siteaccess.Error
		refused  *wordpress.Error
	)
	switch {
	case call.err == nil:
		s.recordPublished(call, call.post, cmp.Or(s.originOf(call), v1alpha1.PostOriginCreated))
		s.noteImages(call, attempt, r.Random)
	case errors.Is(call.err, errUnchanged):
		s.recordUnchanged(call)
		s.noteImages(call, attempt, r.Random)
	case errors.As(call.err, &images):
		s.recordImagesMissing(call, images.images, attempt, r.Random)
	case errors.Is(call.err, errUnapproved):
		s.recordUnapproved(call)
	case errors.As(call.err, &unusable):
		s.recordUnusable(call, unusable.problem)
	case errors.As(call.err, &unread):
		s.recordUnread(call, unread, r.Random)
	case errors.As(call.err, &access):
		s.waitForSite(call, max(0, s.nextAttempt(call)-1), access.Reason, access.Message)
		r.Retest(ctx, s.integrationName())
	case errors.As(call.err, &refused):
		return r.recordRefusal(ctx, s, call, refused)
	default:
		return r.recordInternal(s, call)
	}
	return nil
}

// checkSynced says of a post that is there that it does not have what is wanted,
// as long as the reason is that of Ready.
func (s *scope) checkSynced() {
	ready := s.condition(v1alpha1.ConditionReady)
	if s.request.Status.Post.ID != 0 && ready != nil && ready.Status != metav1.ConditionTrue {
		s.health().Set(v1alpha1.ConditionSynced, metav1.ConditionFalse, ready.Reason, ready.Message)
	}
}

// originOf is whose post an update was about; empty if it made one.
func (s *scope) originOf(call callResult) v1alpha1.PostOrigin {
	if !call.update {
		return ""
	}
	return s.request.Status.Post.Origin
}

// recordInternal leaves failures of the API server to the queue's backoff.
func (r *Reconciler) recordInternal(s *scope, call callResult) error {
	r.calls.Forget(s.name())
	return fmt.Errorf("prepare publish: %w", call.err)
}

// recordRefusal takes a failed call by the table of internal/outcome.
func (r *Reconciler) recordRefusal(ctx context.Context, s *scope, call callResult, refused *wordpress.Error) error {
	row := outcome.Of(refused)
	if row.Transport {
		r.Retest(ctx, s.integrationName())
	}
	switch row.Action {
	case outcome.Adopt:
		return r.adopt(ctx, s, call, refused.Post)
	case outcome.Retry:
		s.recordAttempt(call, row, refused, r.Random)
	case outcome.Wait:
		s.recordBusy(call, row, refused)
	case outcome.Site:
		s.recordSiteRefusal(call, row, refused)
	case outcome.Decide:
		return r.recordChanged(ctx, s, call, row, refused)
	default:
		if imagesGone(refused) && len(s.request.Status.Media) > 0 {
			s.forgetMedia(call, refused, r.Random)
			return nil
		}
		s.recordStall(call, row.Reason, refused.Error())
	}
	return nil
}

// recordChanged decides what becomes of a post that is not as it was left. An
// answer without the post is not the plugin's, and says nothing to act upon.
func (r *Reconciler) recordChanged(ctx context.Context, s *scope, call callResult, row outcome.Outcome, refused *wordpress.Error) error {
	post, known := refused.Post, s.request.Status.Post.ID
	switch {
	case !call.update:
		s.recordStall(call, row.Reason, refused.Error())
	case refused.Kind == wordpress.KindNotFound,
		refused.Kind == wordpress.KindMismatch && (post == nil || post.ContentKey != contentKey(s.request)):
		s.recordMissing(call, false, r.Random)
	case post == nil, refused.Kind == wordpress.KindMismatch && post.ID == known:
		s.recordStall(call, row.Reason, refused.Error())
	case refused.Kind == wordpress.KindMismatch:
		s.request.Status.Media = nil // ids move when a database is restored
		return r.adopt(ctx, s, call, post)
	case refused.Kind == wordpress.KindTrashed && missingPolicy(s.request) != v1alpha1.MissingPolicyLeave && isEditedInTrash(s.request, s.integration, post):
		edited := *post
		edited.ContentHash = post.UntrashedHash
		return r.recordEdited(ctx, s, call, &edited)
	case refused.Kind == wordpress.KindTrashed:
		s.recordMissing(call, true, r.Random)
	default:
		return r.recordEdited(ctx, s, call, post)
	}
	return nil
}

// recordEdited tells a person's edit from the write of another request that has
// taken the post over meanwhile.
func (r *Reconciler) recordEdited(ctx context.Context, s *scope, call callResult, post *wordpress.PostRepresentation) error {
	holder, name, err := r.holder(ctx, s.request, post.Claim)
	if err != nil {
		return err
	}
	if holder == claimOther {
		s.recordStall(call, v1alpha1.ReasonClaimedByOther, claimedMessage(s.request.Name, name, post))
		return nil
	}
	s.recordConflict(call, post, r.Random)
	return nil
}

// recordStall gives up until a person has acted.
func (s *scope) recordStall(call callResult, reason, message string) {
	s.recordFailure(call, reason, message)
	s.health().Stall(reason, message)
}

// deed says what a call did to the post: the reason for conditions and Events, and
// a verb. The status is that from before it.
func (s *scope) deed(call callResult) (reason, verb string) {
	switch {
	case call.update && isAdoptedOnly(s.request):
		return v1alpha1.ReasonAdopted, "adopted"
	case call.restored:
		return v1alpha1.ReasonPublished, "restored"
	case call.update:
		return v1alpha1.ReasonPublished, "updated"
	}
	return v1alpha1.ReasonPublished, "published"
}

// overwritten says whose change the call has overwritten; empty if nobody's.
func (s *scope) overwritten(call callResult) string {
	if !call.update || s.request.Status.Conflict.ContentHash == "" || resolve(s.request, s.integration) != overwrite {
		return ""
	}
	conflict := s.request.Status.Conflict
	return fmt.Sprintf(", over the change made at the site by %s at %s", by(conflict), conflict.ModifiedTime.UTC().Format(time.RFC3339))
}

// recordPublished notes the post of this request. Origin says whose it was.
func (s *scope) recordPublished(call callResult, post *wordpress.PostRepresentation, origin v1alpha1.PostOrigin) {
	reason, verb := s.deed(call)
	over := s.overwritten(call)
	s.noteAnswer(over != "")
	s.endConflict()
	s.notePost(call, post, origin)
	s.noteApproval()
	s.noteAttempt(call, s.nextAttempt(call), "")
	s.setSynced(call)
	s.health().Succeed(reason, s.whereabouts())
	s.event = s.written(reason, fmt.Sprintf("%s post %d%s: %s", verb, post.ID, over, post.URL))
	s.record(call, syncEvent{success: true, description: fmt.Sprintf("%s %q%s", verb, s.title(call), over), postID: post.ID})
}

// whereabouts says where the post is.
func (s *scope) whereabouts() string {
	post := &s.request.Status.Post
	status := post.Status
	if hasMissedSchedule(s.request) {
		status += ", its time is over"
	}
	return fmt.Sprintf("post %d (%s) is at %s", post.ID, status, post.URL)
}

// notePost takes the facts of a post that is this request's.
func (s *scope) notePost(call callResult, post *wordpress.PostRepresentation, origin v1alpha1.PostOrigin) {
	status := &s.request.Status
	status.Post = v1alpha1.PostInfo{
		ID: post.ID, SiteUUID: call.siteUUID, ContentHash: cmp.Or(post.WrittenHash, post.ContentHash),
		SourceDigest: post.SourceDigest, Origin: origin, SEOAdapters: post.SEOAdapters,
		Stripped: post.Stripped, SEOKept: post.SEOKept, ScheduledTime: metav1.NewTime(call.scheduled),
	}
	status.LastSyncTime = metav1.NewTime(call.endTime)
	s.noteRelease()
	s.observePost(post)
}

// observePost takes the facts of a post whoever wrote it.
func (s *scope) observePost(post *wordpress.PostRepresentation) {
	known := &s.request.Status.Post
	known.URL, known.EditURL, known.Status = post.URL, post.EditURL, post.Status
	known.ModifiedTime = metav1.NewTime(post.ModifiedGMT)
	if post.Status == statusFuture { // a person may have moved it
		known.ScheduledTime = metav1.NewTime(post.DateGMT)
	}
	s.request.Status.ContentStatus = contentStatus(post.Status)
	s.setPublished()
}

// recordUnchanged notes that a new spec or ConfigMap asks for what is there.
func (s *scope) recordUnchanged(call callResult) {
	s.noteSource(call)
	s.noteApproval()
	s.setPublished()
	s.setSynced(call)
	s.health().Succeed(v1alpha1.ReasonPublished, s.whereabouts())
}

// recordUnusable says what is wrong with the content.
func (s *scope) recordUnusable(call callResult, unusable problem) {
	s.noteAttempt(call, 0, unusable.reason)
	s.event = &occurrence{corev1.EventTypeWarning, unusable.reason, unusable.message}
	s.record(call, syncEvent{description: s.description(call), errorMessage: unusable.message, postID: s.request.Status.Post.ID})
	s.health().Stall(unusable.reason, unusable.message)
}

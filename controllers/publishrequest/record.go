// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"context"
	"errors"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/outcome"
	"github.com/igny8/wordpress-operator/internal/phase"
	"github.com/igny8/wordpress-operator/internal/siteaccess"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

const actionPublish = "Publish"

// recordOutcome takes what a call came to into the status: one write, and at
// most one Event.
func (r *Reconciler) recordOutcome(ctx context.Context, s *scope) (phase.Result, error) {
	call, ok := r.calls.Outcome(s.name(), s.revision())
	if !ok {
		return phase.Proceed, nil
	}
	if s.noted(call) || errors.Is(call.err, errHeld) {
		r.calls.Forget(s.name())
		return phase.Proceed, nil
	}
	s.recorded = true
	var (
		unusable *contentError
		access   *siteaccess.Error
		refused  *wordpress.Error
	)
	switch {
	case errors.Is(call.err, errStale) || outcome.Of(call.err).Action == outcome.Drop:
		return phase.Done(), nil // the change that made it stale comes as an event
	case errors.Is(call.err, errUnchanged):
		s.recordUnchanged(call)
	case errors.Is(call.err, errUpdate):
		s.recordUpdateUnsupported(call, s.request.Status.Post.ID)
	case errors.As(call.err, &unusable):
		s.recordUnusable(call, unusable)
	case errors.As(call.err, &access):
		s.waitForSite(call, max(0, s.nextAttempt(call)-1), access.Reason, access.Message)
		r.Retest(ctx, s.integrationName())
	case errors.As(call.err, &refused):
		return phase.Proceed, r.recordRefusal(ctx, s, call, refused)
	case call.err != nil:
		return phase.Done(), r.recordInternal(s, call)
	default:
		s.recordPublished(call, call.post, v1alpha1.PostOriginCreated)
	}
	return phase.Proceed, nil
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
	default:
		s.recordFailure(call, row.Reason, refused.Error())
		s.health().Stall(row.Reason, refused.Error())
	}
	return nil
}

// recordPublished notes the post of this request. Origin says whose it was.
func (s *scope) recordPublished(call callResult, post *wordpress.PostRepresentation, origin v1alpha1.PostOrigin) {
	s.notePost(call, post, origin)
	reason, verb := v1alpha1.ReasonPublished, "published"
	if origin == v1alpha1.PostOriginAdopted {
		reason, verb = v1alpha1.ReasonAdopted, "adopted"
	}
	message := fmt.Sprintf("post %d (%s) is at %s", post.ID, post.Status, post.URL)
	s.health().Set(v1alpha1.ConditionSynced, metav1.ConditionTrue, v1alpha1.ReasonSucceeded, "the site has what the request asks for")
	s.health().Succeed(reason, message)
	s.event = &occurrence{corev1.EventTypeNormal, reason, fmt.Sprintf("%s post %d: %s", verb, post.ID, post.URL)}
	s.record(call, syncEvent{success: true, description: fmt.Sprintf("%s %q", verb, s.request.Spec.Title), postID: post.ID})
}

// notePost takes the facts of the post and ends the counting of attempts.
func (s *scope) notePost(call callResult, post *wordpress.PostRepresentation, origin v1alpha1.PostOrigin) {
	status := &s.request.Status
	status.Post = v1alpha1.PostInfo{
		ID: post.ID, URL: post.URL, EditURL: post.EditURL, Status: post.Status,
		ModifiedTime: metav1.NewTime(post.ModifiedGMT), ContentHash: post.ContentHash,
		SourceDigest: post.SourceDigest, Origin: origin, SEOAdapters: post.SEOAdapters,
	}
	status.ContentStatus = contentStatus(post.Status)
	status.LastSyncTime = metav1.NewTime(call.endTime)
	s.noteAttempt(call, s.nextAttempt(call), "")
	s.noteRelease()
	s.setPublished()
}

// recordUnchanged notes that a new spec or ConfigMap asks for what is there.
func (s *scope) recordUnchanged(call callResult) {
	s.request.Status.Source.ResourceVersion = call.sourceVersion
	s.request.Status.Attempts.Generation = s.request.Generation
	s.request.Status.Attempts.HandledRetry = v1alpha1.Requested(s.request, v1alpha1.AnnotationRetryRequestedAt)
	post := s.request.Status.Post
	s.setPublished()
	s.health().Set(v1alpha1.ConditionSynced, metav1.ConditionTrue, v1alpha1.ReasonSucceeded, "the site has what the request asks for")
	s.health().Succeed(v1alpha1.ReasonPublished, fmt.Sprintf("post %d (%s) is at %s", post.ID, post.Status, post.URL))
}

// recordUpdateUnsupported says that the post differs from what is wanted now.
func (s *scope) recordUpdateUnsupported(call callResult, postID int64) {
	message := fmt.Sprintf("post %d has other content, and this version does not update posts; the post is left as it is", postID)
	s.noteAttempt(call, 0, v1alpha1.ReasonNotYetSupported)
	s.setPublished()
	s.health().Set(v1alpha1.ConditionSynced, metav1.ConditionFalse, v1alpha1.ReasonNotYetSupported, message)
	s.health().Stall(v1alpha1.ReasonNotYetSupported, message)
	s.event = &occurrence{corev1.EventTypeWarning, v1alpha1.ReasonNotYetSupported, message}
	s.record(call, syncEvent{description: s.publishDescription(), errorMessage: message, postID: postID})
}

// recordUnusable says what is wrong with the content.
func (s *scope) recordUnusable(call callResult, unusable *contentError) {
	s.noteAttempt(call, 0, unusable.reason)
	s.event = &occurrence{corev1.EventTypeWarning, unusable.reason, unusable.message}
	s.record(call, syncEvent{description: s.publishDescription(), errorMessage: unusable.message})
	if unusable.wait {
		s.health().Wait(unusable.reason, unusable.message)
		return
	}
	s.health().Stall(unusable.reason, unusable.message)
}

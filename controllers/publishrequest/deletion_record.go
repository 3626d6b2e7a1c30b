// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"context"
	"errors"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/outcome"
	"github.com/igny8/wordpress-operator/internal/phase"
	"github.com/igny8/wordpress-operator/internal/siteaccess"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// recordRemoval takes what a removal came to: the request goes, or its status
// says what it waits for.
func (r *Reconciler) recordRemoval(ctx context.Context, s *scope) (phase.Result, error) {
	call, ok := r.calls.Outcome(s.name(), s.removalRevision())
	if !ok {
		return r.recordLateRemoval(ctx, s)
	}
	var (
		access   *siteaccess.Error
		unusable *contentError
		refused  *wordpress.Error
	)
	switch {
	case call.err == nil || wordpress.KindOf(call.err) == wordpress.KindNotFound:
		return phase.Done(), r.confirmRemoval(ctx, s, call)
	case errors.Is(call.err, errHeld):
		r.calls.Forget(s.name())
		return phase.Proceed, nil
	case errors.Is(call.err, errStale), errors.Is(call.err, errBehind), outcome.Of(call.err).Action == outcome.Drop:
		r.calls.Forget(s.name())
		return phase.DoneFor(time.Second), nil // the cache is late; asking at once would only ask again
	case errors.As(call.err, &access):
		return r.recordNoAccess(ctx, s, call, access)
	case errors.As(call.err, &unusable):
		s.recordRemovalFailure(call, unusable.reason, unusable.message, s.removalDelay(r, 0))
	case errors.As(call.err, &refused):
		return r.recordRemovalRefusal(ctx, s, call, refused)
	default:
		r.calls.Forget(s.name())
		return phase.Done(), fmt.Errorf("remove post: %w", call.err)
	}
	s.recorded = true
	return r.afterRecording(s), nil
}

// recordLateRemoval takes a removal that has succeeded for what it is, whatever was
// changed while it was under way, or has gone. One that failed is not of what is
// there now.
func (r *Reconciler) recordLateRemoval(ctx context.Context, s *scope) (phase.Result, error) {
	call, revision, ok := r.calls.Latest(s.name())
	if ok && s.isRemoval(revision) && call.err == nil {
		return phase.Done(), r.confirmRemoval(ctx, s, call)
	}
	return phase.Proceed, nil
}

// confirmRemoval lets the request go: the site has confirmed. Nothing is written
// to a status that nobody can read any more.
func (r *Reconciler) confirmRemoval(ctx context.Context, s *scope, call callResult) error {
	note := map[wordpress.Removal]string{
		wordpress.RemovalTrashed: "%s is in the trash of the site",
		wordpress.RemovalDeleted: "%s was deleted for good",
	}[call.removal]
	if note == "" {
		note = "%s is not there any more"
	}
	note = fmt.Sprintf(note, s.subject())
	return r.conclude(ctx, s, call, occurrence{corev1.EventTypeNormal, v1alpha1.ReasonPostRemoved, note})
}

// recordNoAccess waits for a Secret or a ConfigMap that may come back.
func (r *Reconciler) recordNoAccess(ctx context.Context, s *scope, call callResult, access *siteaccess.Error) (phase.Result, error) {
	terminating, err := r.namespaceTerminates(ctx, s)
	if err != nil || terminating {
		return phase.Done(), orElse(err, func() error { return r.orphan(ctx, s, hopeless(access.Message)) })
	}
	r.Retest(ctx, s.integrationName())
	s.planRemoval(call, access.Reason, sitePause)
	s.health().Wait(access.Reason, access.Message+s.untilNote())
	s.recorded = true
	return r.afterRecording(s), nil
}

// recordRemovalRefusal takes a failed call by the table of internal/outcome. What
// would make a publish give up does not end a deletion: it has its own bound.
func (r *Reconciler) recordRemovalRefusal(ctx context.Context, s *scope, call callResult, refused *wordpress.Error) (phase.Result, error) {
	row := outcome.Of(refused)
	if refused.Kind == wordpress.KindClaimedByOther {
		return phase.Done(), r.leaveToOther(ctx, s, call, refused)
	}
	if row.Transport {
		r.Retest(ctx, s.integrationName())
	}
	ready := s.condition(v1alpha1.ConditionReady)
	known := s.removalFailed() && ready != nil && ready.Reason == row.Reason
	switch {
	case row.Action == outcome.Wait:
		s.planRemoval(call, row.Reason, s.busyDelay(row, refused))
		s.health().Wait(row.Reason, refused.Error()+s.untilNote())
	case row.Action == outcome.Site && known:
		s.planRemoval(call, row.Reason, sitePause)
	case row.Action == outcome.Site:
		s.recordRemovalFailure(call, row.Reason, refused.Error(), sitePause)
	default:
		s.recordRemovalFailure(call, row.Reason, refused.Error(), s.removalDelay(r, refused.RetryAfter))
	}
	s.recorded = true
	return r.afterRecording(s), nil
}

// leaveToOther lets the request go without the post, which is not its own.
func (r *Reconciler) leaveToOther(ctx context.Context, s *scope, call callResult, refused *wordpress.Error) error {
	note := fmt.Sprintf("%s stays: it was not made by this request", s.subject())
	if post := refused.Post; post != nil {
		_, name, err := r.holder(ctx, s.request, post.Claim)
		if err != nil {
			return err
		}
		note = fmt.Sprintf("post %d stays, it belongs to %s: %s", post.ID, orNobody(name), post.URL)
	}
	return r.conclude(ctx, s, call, occurrence{corev1.EventTypeWarning, v1alpha1.ReasonClaimedByOther, note})
}

func orNobody(name string) string {
	if name == "" {
		return "no request that exists, and was not taken over by this one"
	}
	return name
}

// recordRemovalFailure records a failed call, makes it an Event, and plans the
// next one.
func (s *scope) recordRemovalFailure(call callResult, reason, message string, delay time.Duration) {
	s.planRemoval(call, reason, delay)
	s.event = &occurrence{corev1.EventTypeWarning, reason, message}
	s.record(call, syncEvent{description: s.description(call), errorMessage: message, postID: s.request.Status.Post.ID})
	s.health().Wait(reason, message+s.untilNote())
}

// planRemoval notes an attempt to remove the post, and when the next one is.
func (s *scope) planRemoval(call callResult, reason string, delay time.Duration) {
	count := s.removals()
	s.noteAttempt(call, count+1, reason)
	s.request.Status.Attempts.NextTime = metav1.NewTime(call.endTime.Add(delay))
}

// removals counts the attempts to remove the post that failed.
func (s *scope) removals() int32 {
	if !s.removalFailed() {
		return 0
	}
	return s.request.Status.Attempts.Count
}

// removalDelay is that of retries, for as many as there have been; the site may
// ask for more.
func (s *scope) removalDelay(r *Reconciler, retryAfter time.Duration) time.Duration {
	return max(r.Random.Extend(retryOf(s.integration).delay(s.removals()+1), retryJitter), retryAfter)
}

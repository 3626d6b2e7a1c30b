// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"cmp"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/sets"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/jitter"
	"github.com/igny8/wordpress-operator/internal/outcome"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

const (
	// retryJitter lengthens each delay by up to a quarter (contract 2).
	retryJitter = 0.25
	// busyDelay is how long a request waits for another one that is publishing
	// the same content, or for an editor, when the site does not say.
	busyDelay = 5 * time.Second
	// maxBusyDelay bounds its doubling: each wait is a status write.
	maxBusyDelay = time.Minute
	// Defaults of publishing.retry, for objects that predate them.
	defaultMaxAttempts  = 3
	defaultInitialDelay = time.Minute
	defaultMaxDelay     = time.Hour
)

// nextAttempt is the number of the attempt that a call was. It counts per
// generation, content, credential and retry annotation: any other one starts
// anew, and so does a site that came back since.
func (s *scope) nextAttempt(call callResult) int32 {
	a := &s.request.Status.Attempts
	same := !s.awaitsImages() && a.Generation == s.request.Generation && a.SourceDigest == call.sourceDigest &&
		a.CredentialDigest == call.credentialDigest && !retryRequested(s.request) && !rearmed(s)
	if !same {
		return 1
	}
	return a.Count + 1
}

// noteAttempt writes what the counting of attempts depends on.
func (s *scope) noteAttempt(call callResult, count int32, reason string) {
	a := &s.request.Status.Attempts
	*a = v1alpha1.PublishAttempts{
		Generation:       s.request.Generation,
		SourceDigest:     call.sourceDigest,
		CredentialDigest: call.credentialDigest,
		Count:            count,
		LastTime:         metav1.NewTime(call.endTime),
		LastReason:       reason,
		HandledRetry:     v1alpha1.Requested(s.request, v1alpha1.AnnotationRetryRequestedAt),
	}
	s.noteRead(call)
}

// followUpReasons are those of outcomes after which the next call is made at
// once: the answer told what it has to be.
var followUpReasons = sets.New(v1alpha1.ReasonConflict, v1alpha1.ReasonPostDeleted, v1alpha1.ReasonProgressing)

// noteFollowUp plans a call that follows from the answer to this one. The first
// two in a row are made at once, those after them as late as retries: a site
// whose answers lead nowhere is not asked without end.
func (s *scope) noteFollowUp(call callResult, reason string, random jitter.Random) {
	count := int32(0)
	if followUpReasons.Has(s.request.Status.Attempts.LastReason) {
		count = s.nextAttempt(call)
	}
	s.noteAttempt(call, count, reason)
	if count < 2 {
		s.again = true
		return
	}
	delay := random.Extend(retryOf(s.integration).delay(count-1), retryJitter)
	s.request.Status.Attempts.NextTime = metav1.NewTime(call.endTime.Add(delay))
}

// goOn waits for the call that follows from the answer to this one, or gives up.
func (s *scope) goOn(call callResult, reason, message string, random jitter.Random) {
	s.noteFollowUp(call, reason, random)
	if a := &s.request.Status.Attempts; a.Count >= retryOf(s.integration).maxAttempts {
		a.NextTime, s.again = metav1.Time{}, false
		s.health().Stall(v1alpha1.ReasonRetriesExhausted, fmt.Sprintf("gave up after %d answers that led nowhere: %s", a.Count, message))
		return
	}
	s.health().Wait(reason, message)
}

// noteSource notes that an outcome without a call is about what is wanted now.
func (s *scope) noteSource(call callResult) {
	a := &s.request.Status.Attempts
	s.noteRead(call)
	a.Generation, a.LastReason, a.NextTime = s.request.Generation, "", metav1.Time{}
	a.HandledRetry = v1alpha1.Requested(s.request, v1alpha1.AnnotationRetryRequestedAt)
}

// recordAttempt plans the next attempt, or gives up after the last. An attempt
// counts only if the site may have seen it.
func (s *scope) recordAttempt(call callResult, row outcome.Outcome, refused *wordpress.Error, random jitter.Random) {
	count := s.nextAttempt(call)
	if !refused.MayHaveReached {
		count--
	}
	s.recordFailure(call, row.Reason, refused.Error())
	s.planRetry(call, count, failedAttempt{row.Reason, refused.Error(), refused.RetryAfter}, random)
}

// failedAttempt is one after which another one may follow.
type failedAttempt struct {
	reason, message string
	// retryAfter is the least time until then.
	retryAfter time.Duration
}

// planRetry plans the next attempt, or gives up after the last.
func (s *scope) planRetry(call callResult, count int32, failed failedAttempt, random jitter.Random) {
	retry := retryOf(s.integration)
	s.noteAttempt(call, count, failed.reason)
	if count >= retry.maxAttempts {
		message := fmt.Sprintf("gave up after %d attempts: %s", count, failed.message)
		s.health().Stall(v1alpha1.ReasonRetriesExhausted, message)
		s.event = &occurrence{corev1.EventTypeWarning, v1alpha1.ReasonRetriesExhausted, message}
		return
	}
	delay := max(random.Extend(retry.delay(count), retryJitter), failed.retryAfter)
	s.request.Status.Attempts.NextTime = metav1.NewTime(call.endTime.Add(delay))
	s.health().Wait(failed.reason, fmt.Sprintf("%s (%d of %d attempts made)", failed.message, count, retry.maxAttempts))
}

// recordBusy waits for whoever is at the content now, each time twice as long as
// the time before; no attempt counts.
func (s *scope) recordBusy(call callResult, row outcome.Outcome, refused *wordpress.Error) {
	delay := s.busyDelay(row, refused)
	s.noteAttempt(call, s.nextAttempt(call)-1, row.Reason)
	s.request.Status.Attempts.NextTime = metav1.NewTime(call.endTime.Add(delay))
	s.health().Wait(row.Reason, refused.Error())
}

// busyDelay is how long to leave a content alone that somebody is at: what the
// site asks for, doubled with each time in a row.
func (s *scope) busyDelay(row outcome.Outcome, refused *wordpress.Error) time.Duration {
	delay := cmp.Or(refused.RetryAfter, busyDelay)
	if a := &s.request.Status.Attempts; a.LastReason == row.Reason && a.Generation == s.request.Generation {
		delay = min(max(delay, 2*a.NextTime.Sub(a.LastTime.Time)), max(delay, maxBusyDelay))
	}
	return delay
}

// recordSiteRefusal waits for the integration, and looks again by itself in case
// that finds nothing wrong; no attempt counts.
func (s *scope) recordSiteRefusal(call callResult, row outcome.Outcome, refused *wordpress.Error) {
	count := s.nextAttempt(call) - 1
	if ready := s.condition(v1alpha1.ConditionReady); ready == nil || ready.Reason != row.Reason {
		s.recordFailure(call, row.Reason, refused.Error())
	}
	s.waitForSite(call, count, row.Reason, refused.Error())
}

// waitForSite waits until the integration is found well again, or the site's
// pause is over.
func (s *scope) waitForSite(call callResult, count int32, reason, message string) {
	s.noteAttempt(call, count, reason)
	s.request.Status.Attempts.NextTime = metav1.NewTime(call.endTime.Add(sitePause))
	s.health().Wait(reason, message)
}

// retryPolicy is publishing.retry in Go's terms.
type retryPolicy struct {
	maxAttempts       int32
	initial, maxDelay time.Duration
}

func retryOf(integration *v1alpha1.WordPressIntegration) retryPolicy {
	retry := integration.Spec.Publishing.Retry
	seconds := func(n int32) time.Duration { return time.Duration(n) * time.Second }
	return retryPolicy{
		maxAttempts: cmp.Or(retry.MaxAttempts, defaultMaxAttempts),
		initial:     cmp.Or(seconds(retry.InitialDelaySeconds), defaultInitialDelay),
		maxDelay:    cmp.Or(seconds(retry.MaxDelaySeconds), defaultMaxDelay),
	}
}

// delay is the time after the given number of attempts: the initial delay,
// doubled with each attempt after the first.
func (p retryPolicy) delay(count int32) time.Duration {
	delay := p.initial
	for i := int32(1); i < count && delay < p.maxDelay; i++ {
		delay *= 2
	}
	return min(delay, p.maxDelay)
}

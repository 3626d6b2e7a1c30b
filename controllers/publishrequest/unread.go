// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/sets"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/fetch"
	"github.com/igny8/wordpress-operator/internal/jitter"
)

// wokenReasons are those of content whose appearing wakes the request: ConfigMaps
// are watched.
var wokenReasons = sets.New(v1alpha1.ReasonConfigMapNotFound, v1alpha1.ReasonConfigMapKeyMissing)

// recordUnread says why the content cannot be read. The site has no part in it:
// it is neither tested nor left alone.
func (s *scope) recordUnread(call callResult, unread *fetch.Error, random jitter.Random) {
	switch {
	case unread.Transient:
		count := s.nextAttempt(call)
		s.recordFailure(call, unread.Reason, unread.Message)
		s.planRetry(call, count, failedAttempt{unread.Reason, unread.Message, unread.RetryAfter}, random)
	case unread.Wait && wokenReasons.Has(unread.Reason):
		s.recordFailure(call, unread.Reason, unread.Message)
		s.noteAttempt(call, 0, unread.Reason)
		s.health().Wait(unread.Reason, unread.Message)
	case unread.Wait:
		s.waitForSource(call, unread, random)
	default:
		s.recordUnusable(call, problem{unread.Reason, unread.Message})
	}
}

// waitForSource looks again after the time of a retry, then after twice as long,
// up to the longest: nothing tells when a bucket or a Secret changes. No attempt
// counts, and what stays as it is is told once.
func (s *scope) waitForSource(call callResult, unread *fetch.Error, random jitter.Random) {
	retry, last := retryOf(s.integration), s.request.Status.Attempts
	delay := retry.initial
	if last.LastReason == unread.Reason && last.Generation == s.request.Generation && !retryRequested(s.request) {
		delay = min(max(delay, 2*last.NextTime.Sub(last.LastTime.Time)), retry.maxDelay)
	} else {
		s.recordFailure(call, unread.Reason, unread.Message)
	}
	s.noteAttempt(call, 0, unread.Reason)
	s.request.Status.Attempts.NextTime = metav1.NewTime(call.endTime.Add(random.Extend(delay, retryJitter)))
	s.health().Wait(unread.Reason, unread.Message)
}

// noteRead notes what the content was read from, as far as it was, and the
// mappings it was read for: an outcome is of the integration as it is now.
func (s *scope) noteRead(call callResult) {
	source := &s.request.Status.Source
	source.ResourceVersion, source.ImagesVersion = call.sourceVersion, s.imagesVersion
	source.FieldMappingsDigest = s.mappingsDigest()
	if call.read {
		source.Digest = call.bodyDigest
	}
}

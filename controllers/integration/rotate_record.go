// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"context"
	"fmt"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/health"
	"github.com/igny8/wordpress-operator/internal/siteaccess"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// actionRotate is the action of Events and sync events of a rotation.
const actionRotate = "KeyRotate"

const (
	offeringMessage = "a new API key is brought to the site; the one in use works until the site has taken the new one"
	retiringMessage = "the new API key is in use; the former one ends once no call can be on its way with it"
	rotatedMessage  = "the site accepts the new API key and refuses the former one"
)

// recordRotation takes what a call came to into the Secret. The status follows
// from that, now or after a restart.
func (r *Reconciler) recordRotation(ctx context.Context, s *scope) error {
	revision := s.rotationRevision()
	result, ok := r.rotations.Outcome(s.name(), revision)
	if !ok || wordpress.KindOf(result.err) == wordpress.KindCanceled {
		return nil
	}
	s.settled(func() { r.rotations.Forget(s.name()) })
	if result.err == nil {
		return r.writeStore(ctx, s, result.change)
	}
	r.rotationPlans.tested(s.name(), revision, result.endTime, false, result.retryAfter())
	message := "the new API key is not in use yet: " + result.err.Error()
	if s.keys.Previous.Usable() {
		message = "the former API key has not ended yet: " + result.err.Error()
	}
	s.recordRotationFailure(message, result.endTime)
	r.schedule.hurry(s.name(), s.now) // what is wrong may be wrong with the site
	return nil
}

// recordRotationFailure tells of a failure that was not told of yet.
func (s *scope) recordRotationFailure(message string, at time.Time) {
	known := meta.FindStatusCondition(s.integration.Status.Conditions, v1alpha1.ConditionKeyRotated)
	if known == nil || known.Reason != v1alpha1.ReasonKeyRotationFailed || known.Message != health.Truncate(message) {
		s.tellRotation(corev1.EventTypeWarning, v1alpha1.ReasonKeyRotationFailed, message, at)
	}
	s.health().Set(v1alpha1.ConditionKeyRotated, metav1.ConditionFalse, v1alpha1.ReasonKeyRotationFailed, message)
}

// refuseRequest answers a request for a new key where a person provides it.
func (s *scope) refuseRequest() {
	if !s.provided() || rotationRequest(s) == "" {
		return
	}
	ref := siteaccess.SecretOf(s.integration)
	s.tellRotation(corev1.EventTypeWarning, v1alpha1.ReasonKeyRotationFailed,
		fmt.Sprintf("the API key is provided, the operator makes none: put a new one under %q of Secret %q, and it is brought to the site", ref.Key, ref.Name), s.now)
	s.markHandled(v1alpha1.AnnotationRotateRequestedAt)
}

func (s *scope) tellRotation(eventType, reason, message string, at time.Time) {
	event := v1alpha1.SyncEvent{
		EventType: v1alpha1.SyncEventTypeSync, Action: actionRotate, Success: eventType == corev1.EventTypeNormal,
		Description: "replaced the API key of " + s.integration.Spec.SiteURL, CreatedTime: metav1.NewTime(at),
	}
	if !event.Success {
		event.Description, event.ErrorMessage = "could not replace the API key of "+s.integration.Spec.SiteURL, message
	}
	s.occurred(eventType, reason, actionRotate, message)
	s.record(event)
}

// showKeys takes what the Secret says into the status: which keys there are, that
// one was replaced, and which request that answers.
func (s *scope) showKeys() {
	status := &s.integration.Status
	known := status.Keys
	status.Keys = listKeys(known, s.keys, s.now)
	moved := !slices.Equal(known, status.Keys)
	was := findKey(known, s.keys.Current.Digest)
	replaced := was != nil && was.State == v1alpha1.APIKeyStateCandidate
	if replaced {
		s.tellRotation(corev1.EventTypeNormal, v1alpha1.ReasonKeyRotated, "the site uses the new API key", s.now)
	}
	request := v1alpha1.Requested(s.integration, v1alpha1.AnnotationRotateRequestedAt)
	if !s.provided() && !s.keys.Candidate.Usable() && s.store != nil && request == s.store.Annotations[v1alpha1.AnnotationRotateRequestedAt] {
		s.markHandled(v1alpha1.AnnotationRotateRequestedAt)
	}
	s.showRotation(moved, replaced || retires(known))
}

// showRotation says how far a rotation is. A failure stays until something moved.
func (s *scope) showRotation(moved, replaced bool) {
	known := meta.FindStatusCondition(s.integration.Status.Conditions, v1alpha1.ConditionKeyRotated)
	underWay := s.keys.Previous.Usable() || s.keys.Candidate.Usable()
	switch {
	case underWay && !moved && known != nil && known.Reason == v1alpha1.ReasonKeyRotationFailed:
	case s.keys.Previous.Usable():
		s.health().Set(v1alpha1.ConditionKeyRotated, metav1.ConditionFalse, v1alpha1.ReasonKeyRotating, retiringMessage)
	case s.keys.Candidate.Usable():
		s.health().Set(v1alpha1.ConditionKeyRotated, metav1.ConditionFalse, v1alpha1.ReasonKeyRotating, offeringMessage)
	case replaced:
		s.health().Set(v1alpha1.ConditionKeyRotated, metav1.ConditionTrue, v1alpha1.ReasonKeyRotated, rotatedMessage)
	case known != nil && known.Status == metav1.ConditionFalse:
		s.health().Remove(v1alpha1.ConditionKeyRotated) // it was given up
	}
}

func retires(keys []v1alpha1.APIKeyStatus) bool {
	return slices.ContainsFunc(keys, func(k v1alpha1.APIKeyStatus) bool { return k.State == v1alpha1.APIKeyStateRetiring })
}

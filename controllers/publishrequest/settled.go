// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"context"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/outcome"
	"github.com/igny8/wordpress-operator/internal/phase"
)

// checkSettled ends a reconcile that has nothing to do: what the status says was
// said of this very spec, content and retry annotation, and it is final.
func (r *Reconciler) checkSettled(ctx context.Context, s *scope) (phase.Result, error) {
	if s.recorded {
		return r.afterRecording(s), nil
	}
	if !verdictIsCurrent(s) {
		return phase.Proceed, nil
	}
	switch {
	case s.overwrites():
		return phase.Proceed, nil
	case s.onHold():
		return phase.Proceed, nil // the holds look again
	case meta.IsStatusConditionTrue(s.request.Status.Conditions, v1alpha1.ConditionReady):
		return r.settledPost(ctx, s)
	case meta.IsStatusConditionTrue(s.request.Status.Conditions, v1alpha1.ConditionStalled):
		return phase.Result{Done: !rearmed(s) && !overcome(s)}, nil
	case s.condition(v1alpha1.ConditionReady).Reason == v1alpha1.ReasonConfigMapKeyMissing,
		s.awaitsImages() && s.request.Status.Attempts.NextTime.IsZero():
		return phase.Done(), nil // woken by the next version of the ConfigMap
	}
	return phase.Proceed, nil
}

// soon is when a call is made that follows from the outcome of another: once the
// cache has the status that was written, as a rule.
const soon = 100 * time.Millisecond

// afterRecording ends the reconcile that recorded an outcome.
func (r *Reconciler) afterRecording(s *scope) phase.Result {
	if s.again {
		return phase.DoneFor(soon)
	}
	if next := s.request.Status.Attempts.NextTime; !next.IsZero() {
		return phase.DoneFor(s.until(next.Time))
	}
	if at, ok := s.expiry(); ok {
		return phase.DoneFor(s.until(at))
	}
	return phase.Done()
}

// verdictIsCurrent says that Ready was set for what is wanted now. A ConfigMap
// that is gone changes nothing about what was published from it. Of the
// integration only the mappings count: thousands of contents are not read again
// because of any other edit.
func verdictIsCurrent(s *scope) bool {
	ready := s.condition(v1alpha1.ConditionReady)
	return ready != nil && ready.ObservedGeneration == s.request.Generation &&
		(s.sourceProblem != nil || s.sourceVersion == s.request.Status.Source.ResourceVersion) &&
		s.mappingsDigest() == s.request.Status.Source.FieldMappingsDigest &&
		s.imagesCurrent() && !retryRequested(s.request)
}

// retryRequested says that the annotation asks for attempts that were not made.
func retryRequested(request *v1alpha1.PublishRequest) bool {
	value := v1alpha1.Requested(request, v1alpha1.AnnotationRetryRequestedAt)
	return value != "" && value != request.Status.Attempts.HandledRetry
}

// rearmed says that a request that gave up because the way to the site failed
// may start over: the site was found well since.
func rearmed(s *scope) bool {
	return outcome.TransportReason(s.request.Status.Attempts.LastReason) && connectedSince(s)
}

// overcome says that the request stalled over something that the phases before
// this one look at each time, and that they found nothing any more: another
// version supports the field, the integration allows the post type.
func overcome(s *scope) bool {
	switch s.condition(v1alpha1.ConditionStalled).Reason {
	case v1alpha1.ReasonNotYetSupported:
		return true
	case v1alpha1.ReasonPostTypeNotAllowed:
		return s.integration != nil
	}
	return false
}

// connectedSince says that the integration's connection turned well after the
// last attempt. Times in a status have whole seconds: within one it is not.
func connectedSince(s *scope) bool {
	if s.integration == nil {
		return false
	}
	connected := meta.FindStatusCondition(s.integration.Status.Conditions, v1alpha1.ConditionConnected)
	return connected != nil && connected.Status == metav1.ConditionTrue &&
		connected.LastTransitionTime.After(s.request.Status.Attempts.LastTime.Time)
}

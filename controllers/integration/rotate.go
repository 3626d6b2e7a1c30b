// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"context"
	"errors"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/phase"
	"github.com/igny8/wordpress-operator/internal/siteaccess"
	"github.com/igny8/wordpress-operator/internal/sitegate"
)

const (
	// siteOverlap is how long a site accepts a key after the next one is in use
	// (docs/spec/rest-api.md).
	siteOverlap = 10 * time.Minute
	// callMargin covers what lies between reading a key and calling the site with
	// it, and that the times of a status have no fractions of a second.
	callMargin = 5 * time.Second
)

// rotateKeys brings a new key to the site and the former one to its end. What is
// to be done next follows from the operator's Secret alone, so that a rotation
// goes on wherever a process died (docs/design/key-rotation.md).
func (r *Reconciler) rotateKeys(ctx context.Context, s *scope) (phase.Result, error) {
	s.refuseRequest()
	if !s.keys.Current.Usable() {
		s.showKeys() // the Secret may have been deleted in the midst of a rotation
		return phase.Proceed, nil
	}
	situation, err := r.moveOn(ctx, s)
	if access := (*siteaccess.Error)(nil); errors.As(err, &access) {
		s.recordRotationFailure(access.Message, s.now) // the key in use works on
		return phase.Proceed, nil
	}
	if err != nil {
		return phase.Done(), err
	}
	s.showKeys()
	r.leaveRotation(s, situation)
	return phase.Proceed, nil
}

// moveOn takes the rotation as far as it goes in the Secret.
func (r *Reconciler) moveOn(ctx context.Context, s *scope) (situation, error) {
	if err := r.recordRotation(ctx, s); err != nil {
		return situation{}, err
	}
	known := r.situation(s)
	for change := known.change(); change != nil; change = known.change() {
		if err := r.writeStore(ctx, s, change); err != nil {
			return situation{}, err
		}
		known = r.situation(s)
	}
	return known, nil
}

// situation gathers what decides on the next step.
func (r *Reconciler) situation(s *scope) situation {
	status := &s.integration.Status
	known := situation{
		now: s.now, keys: s.keys, wanted: s.wanted,
		overlap: r.timeouts.longest(s.name(), timeoutOf(s.integration)) + callMargin,
	}
	if request := rotationRequest(s); !s.provided() && request != s.store.Annotations[v1alpha1.AnnotationRotateRequestedAt] {
		known.request = request
	}
	if c := meta.FindStatusCondition(status.Conditions, v1alpha1.ConditionConnected); c != nil {
		known.connected = c.Status == metav1.ConditionTrue
		known.refused = c.Reason == v1alpha1.ReasonCredentialsRefused || c.Reason == v1alpha1.ReasonAwaitingPairing
	}
	if k := findKey(status.Keys, s.keys.Previous.Digest); k != nil && k.State == v1alpha1.APIKeyStateRetiring {
		known.retiring = k.SinceTime.Time
	}
	known.accepted = keyAccepted(status.Keys, s.keys.Current.Digest)
	return known
}

// rotationRequest is the value of the annotation that asks for a new key, empty
// if none does or it was acted upon.
func rotationRequest(s *scope) string {
	value := v1alpha1.Requested(s.integration, v1alpha1.AnnotationRotateRequestedAt)
	if value == v1alpha1.LookUp(s.integration.Status.LastHandled, v1alpha1.AnnotationRotateRequestedAt) {
		return ""
	}
	return value
}

// leaveRotation leaves a ticket for what is to be done at the site, once the
// status is written that lists the candidate: what the site signs with the new
// callback token has to be known from the first moment.
func (r *Reconciler) leaveRotation(s *scope, known situation) {
	due, ok := known.callDue()
	if !ok {
		return
	}
	call := &rotationCall{
		reconciler: r, integration: s.integration.DeepCopy(), keys: s.keys, caBundle: s.caBundle, superseded: known.superseded(),
		stop: r.rotationStops.signal(s.name()),
	}
	revision := s.rotationRevision()
	if planned := r.rotationPlans.due(s.name(), revision, s.now, false); planned.After(due) {
		due = planned
	}
	if wait := due.Sub(s.now); wait > 0 {
		s.lookAgain(wait)
		return
	}
	s.settled(func() {
		r.rotations.Leave(sitegate.Ticket[rotationResult]{
			Site: string(call.integration.UID), Object: s.name(), Revision: revision, Due: due, MaxConcurrent: 1, Do: call.do,
		})
	})
}

// rotationRevision names everything a call of a rotation depends on. A test that
// is asked for is a reason to try again as well.
func (s *scope) rotationRevision() string {
	return strings.Join([]string{
		s.revision, s.keys.Candidate.Digest, s.keys.Previous.Digest, s.wanted.Digest,
	}, "/")
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"context"
	"errors"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/outcome"
	"github.com/igny8/wordpress-operator/internal/phase"
	"github.com/igny8/wordpress-operator/internal/siteaccess"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

const actionTest = "TestConnection"

// recordTest takes the outcome of a test into the status. A status is written
// only if something about the site changed.
func (r *Reconciler) recordTest(_ context.Context, s *scope) (phase.Result, error) {
	test, ok := r.tests.Outcome(s.name(), s.revision)
	if !ok {
		return phase.Proceed, nil
	}
	if wordpress.KindOf(test.err) == wordpress.KindCanceled {
		return phase.Done(), nil // the process stops
	}
	s.test = &test
	s.settled(func() { r.tests.Forget(s.name()) })
	r.schedule.tested(s.name(), s.revision, test.endTime, test.err == nil, test.retryAfter())
	before := s.integration.Status.DeepCopy()
	switch {
	case test.err != nil:
		recordFailure(s, test.err)
	case cloneSuspected(s.integration, test.site):
		recordClone(s, test.site)
	case recordTooOld(s, test.site):
	default:
		r.recordConnected(s, test)
	}
	s.markHandled()
	if !equality.Semantic.DeepEqual(before, &s.integration.Status) && test.err == nil {
		s.integration.Status.LastContactTime = metav1.NewTime(test.endTime)
	}
	return phase.Proceed, nil
}

func (r *Reconciler) recordConnected(s *scope, test testResult) {
	const message = "the site answers and accepts the API key"
	s.announce(corev1.EventTypeNormal, v1alpha1.ReasonConnected, message)
	s.health().Set(v1alpha1.ConditionConnected, metav1.ConditionTrue, v1alpha1.ReasonConnected, message)
	s.health().Succeed(v1alpha1.ReasonConnected, message)
	s.integration.Status.Site = facts(test.site, test.restURL)
	s.integration.Status.Keys = accept(s.integration.Status.Keys, s.credentials, test)
	s.settled(func() { r.OnConnected(s.integration.UID) })
	s.health().Set(v1alpha1.ConditionSynced, metav1.ConditionUnknown, v1alpha1.ReasonNotYetSupported,
		"this version does not read the site's structure: sync has no effect")
}

// recordTooOld refuses a site whose plugin or WordPress is too old, and says
// whether it did.
func recordTooOld(s *scope, site *wordpress.Site) bool {
	reason, message := tooOld(site)
	if reason == "" {
		return false
	}
	s.announce(corev1.EventTypeWarning, reason, message)
	s.health().Set(v1alpha1.ConditionConnected, metav1.ConditionFalse, reason, message)
	s.health().Wait(reason, message)
	return true
}

// cloneSuspected says that another site answers under the address than before: a
// copy, a staging site, or a new one. Its person confirms it by annotation.
func cloneSuspected(integration *v1alpha1.WordPressIntegration, site *wordpress.Site) bool {
	known := integration.Status.Site.UUID
	return known != "" && known != site.UUID && integration.Annotations[v1alpha1.AnnotationConfirmSite] != site.UUID
}

// recordClone quarantines the site: nothing is published until it is confirmed.
func recordClone(s *scope, site *wordpress.Site) {
	message := fmt.Sprintf("the site has the UUID %s, it was %s: a copy, or another site; if it is right, set annotation %s to the new UUID",
		site.UUID, s.integration.Status.Site.UUID, v1alpha1.AnnotationConfirmSite)
	s.announce(corev1.EventTypeWarning, v1alpha1.ReasonCloneSuspected, message)
	s.health().Set(v1alpha1.ConditionConnected, metav1.ConditionFalse, v1alpha1.ReasonCloneSuspected, message)
	s.health().Stall(v1alpha1.ReasonCloneSuspected, message)
}

// recordFailure says what is wrong. Only refused credentials that once worked
// stall the integration: everything else heals when the cause is gone, and a
// first apply must not fail before somebody has put the key into the site.
func recordFailure(s *scope, err error) {
	reason, message := failure(s.integration, s.credentials.Digest, err)
	s.announce(corev1.EventTypeWarning, reason, message)
	s.health().Set(v1alpha1.ConditionConnected, metav1.ConditionFalse, reason, message)
	if reason == v1alpha1.ReasonCredentialsRefused && keyAccepted(s.integration.Status.Keys, s.credentials.Digest) {
		s.health().Stall(reason, message)
		return
	}
	s.health().Wait(reason, message)
}

func failure(integration *v1alpha1.WordPressIntegration, keyDigest string, err error) (reason, message string) {
	if access := (*siteaccess.Error)(nil); errors.As(err, &access) {
		return access.Reason, access.Message
	}
	reason = outcome.Of(err).Reason
	generated := integration.Spec.Credentials.Policy != v1alpha1.CredentialsPolicyProvided
	if reason == v1alpha1.ReasonCredentialsRefused && generated && !keyAccepted(integration.Status.Keys, keyDigest) {
		ref := siteaccess.SecretOf(integration)
		return v1alpha1.ReasonAwaitingPairing, fmt.Sprintf(
			"put the API key (Secret %q, key %q) into the site: Settings, IGNY8", ref.Name, ref.Key)
	}
	return reason, err.Error()
}

// recordInaccessible says what keeps the operator from calling the site at all.
func (r *Reconciler) recordInaccessible(s *scope, access *siteaccess.Error) {
	s.announce(corev1.EventTypeWarning, access.Reason, access.Message)
	s.health().Set(v1alpha1.ConditionConnected, metav1.ConditionFalse, access.Reason, access.Message)
	s.health().Wait(access.Reason, access.Message)
	r.forget(s.name())
}

// announce makes an Event of a change of the condition Connected.
func (s *scope) announce(eventType, reason, note string) {
	connected := meta.FindStatusCondition(s.integration.Status.Conditions, v1alpha1.ConditionConnected)
	if connected == nil || connected.Reason != reason {
		s.occurred(eventType, reason, actionTest, note)
	}
}

// markHandled echoes the annotation that asked for the test.
func (s *scope) markHandled() {
	if value := v1alpha1.Requested(s.integration, v1alpha1.AnnotationTestRequestedAt); value != "" {
		s.integration.Status.LastHandled = v1alpha1.Put(s.integration.Status.LastHandled, v1alpha1.AnnotationTestRequestedAt, value)
	}
}

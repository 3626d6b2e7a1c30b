// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"errors"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/outcome"
	"github.com/igny8/wordpress-operator/internal/siteaccess"
)

const connectedMessage = "the site answers and accepts the API key"

// confirmations is how many tests in a row have to fail, where the next one may
// well succeed, before a site that was well is said to be down. Each change of
// Connected wakes all of its requests, and theirs have retries of their own.
const confirmations = 2

// verdict is what a test of the connection, or the lack of what it takes, says
// about a site.
type verdict struct {
	// reason and message are those of Connected and Ready.
	reason, message string
	// stalled says that only a person can help. Everything else heals when the
	// cause is gone: a first apply must not fail before somebody has put the key
	// into the site.
	stalled bool
	// passing says that the failure may be over at the next look.
	passing bool
	// patience is how long to leave the site alone at least.
	patience time.Duration
}

func (v verdict) connected() bool { return v.reason == v1alpha1.ReasonConnected }

// judge decides what a test means.
func judge(integration *v1alpha1.WordPressIntegration, keyDigest string, test testResult) verdict {
	if test.err != nil {
		return judgeFailure(integration, keyDigest, test)
	}
	if doubt := suspect(integration, test.site); doubt != nil && !doubt.confirmed(integration) {
		return verdict{reason: v1alpha1.ReasonCloneSuspected, message: doubt.message, stalled: true}
	}
	if reason, message := tooOld(test.site); reason != "" {
		return verdict{reason: reason, message: message}
	}
	return verdict{reason: v1alpha1.ReasonConnected, message: connectedMessage}
}

func judgeFailure(integration *v1alpha1.WordPressIntegration, keyDigest string, test testResult) verdict {
	if access := (*siteaccess.Error)(nil); errors.As(test.err, &access) {
		return verdict{reason: access.Reason, message: access.Message}
	}
	row := outcome.Of(test.err)
	v := verdict{
		reason: row.Reason, message: test.err.Error(), patience: test.retryAfter(),
		// A site that says for how long it is away is believed: the second look
		// would come only after that time.
		passing: row.Transport && row.Action == outcome.Retry && test.retryAfter() == 0,
	}
	if row.Reason != v1alpha1.ReasonCredentialsRefused {
		return v
	}
	if keyAccepted(integration.Status.Keys, keyDigest) {
		v.stalled = true // it worked once: somebody changed something
	} else if integration.Spec.Credentials.Policy != v1alpha1.CredentialsPolicyProvided {
		ref := siteaccess.SecretOf(integration)
		v.reason, v.message = v1alpha1.ReasonAwaitingPairing, fmt.Sprintf(
			"put the API key (Secret %q, key %q) into the site: Settings, IGNY8", ref.Name, ref.Key)
	}
	return v
}

// conclude takes a verdict into the conditions, and tells of it where it is not
// the one that was known.
func (s *scope) conclude(v verdict, startTime, endTime time.Time) {
	known := meta.FindStatusCondition(s.integration.Status.Conditions, v1alpha1.ConditionConnected)
	if known == nil || known.Reason != v.reason {
		s.announce(v, startTime, endTime)
	}
	status := metav1.ConditionFalse
	if v.connected() {
		status = metav1.ConditionTrue
	}
	s.health().Set(v1alpha1.ConditionConnected, status, v.reason, v.message)
	switch {
	case v.connected():
		s.health().Succeed(v.reason, v.message)
	case v.stalled:
		s.health().Stall(v.reason, v.message)
	default:
		s.health().Wait(v.reason, v.message)
	}
}

// announce makes an Event and a sync event of a new verdict.
func (s *scope) announce(v verdict, startTime, endTime time.Time) {
	event := v1alpha1.SyncEvent{
		EventType: v1alpha1.SyncEventTypeSync, Action: actionConnection, Success: v.connected(),
		Description:          "tested the connection to " + s.integration.Spec.SiteURL,
		Details:              []v1alpha1.NamedValue{{Name: "reason", Value: v.reason}},
		DurationMilliseconds: endTime.Sub(startTime).Milliseconds(),
		CreatedTime:          metav1.NewTime(endTime),
	}
	eventType := corev1.EventTypeNormal
	if !v.connected() {
		eventType, event.ErrorMessage = corev1.EventTypeWarning, v.message
	}
	s.occurred(eventType, v.reason, actionTest, v.message)
	s.record(event)
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/health"
	"github.com/igny8/wordpress-operator/internal/siteaccess"
	"github.com/igny8/wordpress-operator/internal/syncevent"
)

// scope is one reconcile of one integration.
type scope struct {
	// integration is a copy whose status the phases change.
	integration *v1alpha1.WordPressIntegration
	now         time.Time
	// siteBefore are the facts about the site as this reconcile found them.
	siteBefore v1alpha1.SiteStatus

	// store is the operator's Secret, nil if there is none, and keys are those in
	// it; wanted is the key that a person provides. Set by loadCredentials.
	store    *corev1.Secret
	keys     siteaccess.Keys
	wanted   siteaccess.Credentials
	caBundle []byte
	// credentials are what the site is called with. They and revision are set by
	// loadCredentials, and anew when the keys in the Secret are changed.
	credentials siteaccess.Credentials
	revision    string

	// test is set by recordTest when the outcome of a test was recorded.
	test *testResult
	// reading is set by recordReading when the outcome of one was recorded.
	reading *reading
	// events and syncEvents are what happened; they are told once the status that
	// goes with them is written.
	events     []occurrence
	syncEvents []v1alpha1.SyncEvent
	// afterWrite runs once the status is written.
	afterWrite []func()
	// again is when to look at the integration again at the latest, 0 for never.
	again time.Duration
}

// occurrence becomes an Event once the status that goes with it is written.
type occurrence struct {
	eventType, reason, action, note string
}

func newScope(integration *v1alpha1.WordPressIntegration, now time.Time) *scope {
	return &scope{integration: integration, now: now, siteBefore: integration.Status.Site}
}

// lookAgain has the integration reconciled after a time, unless something asks
// for it sooner. A requeue of 0 means never: the least is a second.
func (s *scope) lookAgain(after time.Duration) {
	after = max(after, time.Second)
	if s.again == 0 || after < s.again {
		s.again = after
	}
}

// occurred makes an Event of what happened.
func (s *scope) occurred(eventType, reason, action, note string) {
	s.events = append(s.events, occurrence{eventType, reason, action, health.Truncate(note)})
}

// record puts an event into the history, which is the authoritative record, and
// hands it to the event log. An outcome that is recorded again after a failed
// write is the same event: its time is the call's, not the reconcile's.
func (s *scope) record(event v1alpha1.SyncEvent) {
	s.integration.Status.History = syncevent.Append(s.integration.Status.History, event)
	s.syncEvents = append(s.syncEvents, event)
}

// settled runs a function once the status is written: a crash before leaves what
// it would have dropped where it can be recorded again.
func (s *scope) settled(f func()) { s.afterWrite = append(s.afterWrite, f) }

func (s *scope) name() types.NamespacedName {
	return types.NamespacedName{Namespace: s.integration.Namespace, Name: s.integration.Name}
}

func (s *scope) health() health.Status {
	return health.Status{
		Conditions:         &s.integration.Status.Conditions,
		ObservedGeneration: &s.integration.Status.ObservedGeneration,
		Generation:         s.integration.Generation,
		Now:                metav1.NewTime(s.now),
	}
}

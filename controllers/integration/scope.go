// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/health"
	"github.com/igny8/wordpress-operator/internal/siteaccess"
)

// scope is one reconcile of one integration.
type scope struct {
	// integration is a copy whose status the phases change.
	integration *v1alpha1.WordPressIntegration
	now         time.Time

	// credentials and revision are set by loadCredentials.
	credentials siteaccess.Credentials
	revision    string

	// test is set by recordTest when the outcome of a test was recorded,
	// connected when it was a success.
	test      *testResult
	connected bool
	// event is set when something happened that is worth an Event.
	event *occurrence
}

// occurrence becomes an Event once the status that goes with it is written.
type occurrence struct {
	eventType, reason, action, note string
}

func newScope(integration *v1alpha1.WordPressIntegration, now time.Time) *scope {
	return &scope{integration: integration, now: now}
}

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

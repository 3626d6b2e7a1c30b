// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"context"
	"errors"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/phase"
	"github.com/igny8/wordpress-operator/internal/siteaccess"
	"github.com/igny8/wordpress-operator/internal/sitegate"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// testResult is what a test of the connection came to: the site, or an error.
type testResult struct {
	site      *wordpress.Site
	restURL   string
	err       error
	startTime time.Time
	endTime   time.Time
}

// retryAfter is how long the site asks to be left alone.
func (t *testResult) retryAfter() time.Duration {
	var refused *wordpress.Error
	if errors.As(t.err, &refused) {
		return refused.RetryAfter
	}
	return 0
}

// answered says that it was the plugin that answered, be it with a refusal.
func (t *testResult) answered() bool {
	var refused *wordpress.Error
	return t.err == nil || errors.As(t.err, &refused) && refused.Problem != ""
}

// testConnection leaves a ticket if a test is due. Meanwhile the status stays
// as it is: there is no write before the outcome.
func (r *Reconciler) testConnection(_ context.Context, s *scope) (phase.Result, error) {
	due := r.schedule.due(s.name(), s.revision, s.now, knownWell(s))
	wait := min(due.Sub(s.now), r.Random.Around(r.Intervals.Secret, intervalJitter))
	if s.test != nil {
		// The outcome is forgotten once it is written, and would take a ticket
		// that is left now with it.
		return phase.DoneFor(max(wait, time.Second)), nil
	}
	if wait > 0 {
		return phase.DoneFor(wait), nil
	}
	integration, credentials, known := s.integration.DeepCopy(), s.credentials, r.sightings.position(s.integration)
	r.tests.Leave(sitegate.Ticket[testResult]{
		Site: string(integration.UID), Object: s.name(), Revision: s.revision, Due: due, MaxConcurrent: 1,
		Do: func(ctx context.Context) testResult { return r.test(ctx, integration, credentials, known) },
	})
	return phase.Done(), nil
}

// knownWell says that the status has a success of this very spec and key.
func knownWell(s *scope) bool {
	status := &s.integration.Status
	connected := meta.FindStatusCondition(status.Conditions, v1alpha1.ConditionConnected)
	return connected != nil && connected.Status == "True" && connected.ObservedGeneration == s.integration.Generation &&
		keyAccepted(status.Keys, s.credentials.Digest) && !testRequested(s.integration)
}

// testRequested says that the annotation asks for a test that was not made.
func testRequested(integration *v1alpha1.WordPressIntegration) bool {
	value := v1alpha1.Requested(integration, v1alpha1.AnnotationTestRequestedAt)
	return value != "" && value != v1alpha1.LookUp(integration.Status.LastHandled, v1alpha1.AnnotationTestRequestedAt)
}

// test calls the site. It runs outside the controller's workers.
func (r *Reconciler) test(ctx context.Context, integration *v1alpha1.WordPressIntegration, credentials siteaccess.Credentials, known wordpress.Position) testResult {
	startTime := r.Clock.Now()
	site, err := r.Access.Client(integration, credentials, "")
	if err != nil {
		return testResult{err: err, startTime: startTime, endTime: startTime}
	}
	facts, err := site.Site(ctx, known)
	endTime := r.Clock.Now()
	r.Metrics.Observe("connection-test", err, endTime.Sub(startTime))
	return testResult{site: facts, restURL: site.RESTURL(), err: err, startTime: startTime, endTime: endTime}
}

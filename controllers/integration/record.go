// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/phase"
	"github.com/igny8/wordpress-operator/internal/siteaccess"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// Actions of Events and sync events.
const (
	actionTest         = "TestConnection"
	actionConnection   = "ConnectionTest"
	actionSiteRestored = "SiteRestored"
)

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
	v := judge(s.integration, s.credentials.Digest, test)
	if v.reason == v1alpha1.ReasonCloneSuspected {
		v.patience = r.Intervals.FailingMax // it takes a person, whose annotation has it tested at once
	}
	r.schedule.tested(s.name(), s.revision, test.endTime, v.connected(), v.patience)
	if test.answered() {
		r.sightings.answered(s.name(), test.endTime)
	}
	if v.passing && knownWell(s) && r.schedule.failures(s.name(), s.revision) < confirmations {
		return phase.Proceed, nil // one lost packet is no news
	}
	s.conclude(v, test.startTime, test.endTime)
	if v.connected() {
		r.recordConnected(s, test)
	}
	s.markHandled(v1alpha1.AnnotationTestRequestedAt)
	return phase.Proceed, nil
}

// recordConnected takes the facts of a site that is what it should be.
func (r *Reconciler) recordConnected(s *scope, test testResult) {
	status := &s.integration.Status
	if restored(&status.Site, test.site) {
		recordRestored(s, test)
	}
	noteConfirmation(s, suspect(s.integration, test.site) != nil)
	status.Site = facts(test.site, test.restURL)
	status.Keys = accept(status.Keys, s.credentials, test)
	s.settled(func() {
		r.sightings.reached(s.name(), wordpress.Position{Epoch: test.site.Epoch, Mark: test.site.Mark})
		r.OnConnected(s.integration.UID)
	})
}

// recordRestored tells that the site's database went back in time. That is no
// reason to stop: it is the same site, and what it lost is found out by looking
// at it again. What is to look again goes by status.site.epoch.
func recordRestored(s *scope, test testResult) {
	const note = "the database of the site was restored from a backup, or its plugin's table is new: posts may be older than the status says, or gone"
	s.occurred(corev1.EventTypeWarning, v1alpha1.ReasonSiteRestored, actionTest, note)
	s.record(v1alpha1.SyncEvent{
		EventType: v1alpha1.SyncEventTypeSync, Action: actionSiteRestored, Description: note, Success: true,
		CreatedTime: metav1.NewTime(test.endTime),
	})
}

// recordInaccessible says what keeps the operator from calling the site at all.
func (r *Reconciler) recordInaccessible(s *scope, access *siteaccess.Error) {
	s.conclude(verdict{reason: access.Reason, message: access.Message}, s.now, s.now)
	r.forget(s.name())
}

// markHandled echoes an annotation that was acted upon.
func (s *scope) markHandled(annotation string) {
	if value := v1alpha1.Requested(s.integration, annotation); value != "" {
		s.integration.Status.LastHandled = v1alpha1.Put(s.integration.Status.LastHandled, annotation, value)
	}
}

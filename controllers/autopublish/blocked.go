// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package autopublish

import (
	"context"
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/destination"
	"github.com/igny8/wordpress-operator/internal/phase"
	"github.com/igny8/wordpress-operator/internal/schedule"
)

// reconcileDeletion leaves an integration that is going away alone.
func (r *Reconciler) reconcileDeletion(_ context.Context, s *scope) (phase.Result, error) {
	return phase.Result{Done: !s.integration.DeletionTimestamp.IsZero()}, nil
}

// reconcileDisabled clears what there is to say of runs. What is released stays
// released.
func (r *Reconciler) reconcileDisabled(_ context.Context, s *scope) (phase.Result, error) {
	if mode := s.spec().Mode; mode != "" && mode != v1alpha1.AutoPublishDisabled {
		return phase.Proceed, nil
	}
	s.status().NextRunTime, s.status().Waiting = metav1.Time{}, 0
	s.health().Remove(v1alpha1.ConditionAutoPublishing)
	return phase.Done(), nil
}

// checkDestination starts no run that its requests could not follow: they would
// only wait, and the ones after them longer. Until the connection is tested as it
// is now, nothing is said.
func (r *Reconciler) checkDestination(_ context.Context, s *scope) (phase.Result, error) {
	why, pending := destination.NotReady(s.integration)
	if why != "" {
		s.blocked = &problem{v1alpha1.ReasonIntegrationNotReady, "no request is released: the integration " + why}
	}
	return phase.Result{Done: pending}, nil
}

// loadWindows reads the windows; with a zone nobody knows there are no runs.
func (r *Reconciler) loadWindows(_ context.Context, s *scope) (phase.Result, error) {
	windows, err := schedule.New(s.spec().Windows, s.spec().TimeZone)
	if err != nil {
		s.blocked = &problem{v1alpha1.ReasonTimeZoneUnknown,
			fmt.Sprintf("no request is released: %s; correct publishing.autoPublish.timeZone, a name of the IANA database such as Europe/Vienna", err)}
	}
	s.windows = windows
	return phase.Proceed, nil
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package autopublish

import (
	"context"
	"math"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/phase"
)

// report says how many wait and when the next run is, and whether there are runs
// at all.
func (r *Reconciler) report(_ context.Context, s *scope) (phase.Result, error) {
	s.status().Waiting = int32(min(len(s.waiting), math.MaxInt32))
	s.status().NextRunTime = metav1.Time{}
	if next := s.nextRun(); !next.IsZero() {
		s.status().NextRunTime = metav1.NewTime(next)
		s.lookAgain(next.Sub(s.now))
	}
	if s.blocked == nil {
		s.health().Set(v1alpha1.ConditionAutoPublishing, metav1.ConditionTrue, v1alpha1.ReasonReleasing, "requests are released as publishing.autoPublish asks for")
		return phase.Done(), nil
	}
	s.announceProblem()
	s.health().Set(v1alpha1.ConditionAutoPublishing, metav1.ConditionFalse, s.blocked.reason, s.blocked.message)
	return phase.Done(), nil
}

// nextRun is when the next run starts; zero while it would release nothing.
func (s *scope) nextRun() time.Time {
	if s.blocked != nil || runSize(s.spec(), len(s.waiting), len(s.outstanding())) == 0 {
		return time.Time{}
	}
	return newPlan(s.spec(), s.status(), s.windows).next(s.now)
}

// announceProblem makes an Event of a zone that nobody knows. What is wrong with
// the connection has Events of its own.
func (s *scope) announceProblem() {
	known := meta.FindStatusCondition(s.integration.Status.Conditions, v1alpha1.ConditionAutoPublishing)
	if s.blocked.reason == v1alpha1.ReasonTimeZoneUnknown && (known == nil || known.Reason != s.blocked.reason) {
		s.event = &occurrence{corev1.EventTypeWarning, s.blocked.reason, s.blocked.message}
	}
}

// sameReport says that two statuses tell the same of auto-publish.
func sameReport(a, b *v1alpha1.WordPressIntegrationStatus) bool {
	return equality.Semantic.DeepEqual(a.AutoPublish, b.AutoPublish) && equality.Semantic.DeepEqual(a.Conditions, b.Conditions)
}

// reportInterval is the least time between a write and one that only reports.
// Hundreds of requests may come within it.
const reportInterval = 10 * time.Second

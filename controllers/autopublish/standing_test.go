// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package autopublish

import (
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

func TestStanding(t *testing.T) {
	deleted := metav1.NewTime(start)
	condition := func(conditionType, reason string, generation int64) func(*v1alpha1.PublishRequest) {
		return func(p *v1alpha1.PublishRequest) {
			p.Status.Conditions = []metav1.Condition{{Type: conditionType, Status: metav1.ConditionTrue, Reason: reason, ObservedGeneration: generation}}
		}
	}
	cases := map[string]struct {
		reason string
		change func(*v1alpha1.PublishRequest)
		want   standing
	}{
		"Waiting":      {"it says so", func(*v1alpha1.PublishRequest) {}, standingWaiting},
		"Immediate":    {"it needs no release", func(p *v1alpha1.PublishRequest) { p.Spec.Release = v1alpha1.ReleaseImmediate }, standingNone},
		"Manual":       {"a person releases it", func(p *v1alpha1.PublishRequest) { p.Spec.Release = v1alpha1.ReleaseManual }, standingNone},
		"Published":    {"it has its post", func(p *v1alpha1.PublishRequest) { p.Status.Post.ID = 1 }, standingNone},
		"Suspended":    {"it would not go on", func(p *v1alpha1.PublishRequest) { p.Spec.Suspend = true }, standingNone},
		"Deleted":      {"it is going away", func(p *v1alpha1.PublishRequest) { p.DeletionTimestamp = &deleted }, standingNone},
		"Unapproved":   {"the approval comes first", condition(v1alpha1.ConditionReady, v1alpha1.ReasonAwaitingApproval, 1), standingNone},
		"Scheduled":    {"its time comes first", condition(v1alpha1.ConditionReady, v1alpha1.ReasonScheduled, 1), standingNone},
		"Stalled":      {"it would not go on", condition(v1alpha1.ConditionStalled, v1alpha1.ReasonContentRejected, 1), standingNone},
		"StalledOnce":  {"of another spec", condition(v1alpha1.ConditionStalled, v1alpha1.ReasonContentRejected, 2), standingAlive},
		"WaitingOnce":  {"its spec was not looked at yet", condition(v1alpha1.ConditionReady, v1alpha1.ReasonAwaitingRelease, 2), standingAlive},
		"New":          {"nobody has looked yet", func(p *v1alpha1.PublishRequest) { p.Status.Conditions = nil }, standingAlive},
		"Reconciling":  {"on its way", condition(v1alpha1.ConditionReconciling, v1alpha1.ReasonProgressingWithRetry, 1), standingAlive},
		"NotReadyHere": {"a reason of Ready=False", func(p *v1alpha1.PublishRequest) { p.Status.Conditions[0].Status = metav1.ConditionFalse }, standingAlive},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := standingOf(waitingRequest(1, tc.change)); got != tc.want {
				t.Errorf("%s: standing %d, want %d", tc.reason, got, tc.want)
			}
		})
	}
}

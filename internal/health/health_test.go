// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package health

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
)

var (
	earlier = metav1.NewTime(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	now     = metav1.NewTime(time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC))
)

// unvisited is what the API server's default for status says.
func unvisited() []metav1.Condition {
	return []metav1.Condition{
		{Type: Ready, Status: metav1.ConditionUnknown, Reason: "Pending", LastTransitionTime: earlier},
		{Type: Reconciling, Status: metav1.ConditionTrue, Reason: "Pending", LastTransitionTime: earlier},
	}
}

func TestEachSituationAsKstatusReadsIt(t *testing.T) {
	cases := map[string]struct {
		reason string
		steps  []func(Status)
		want   status.Status
	}{
		"Unvisited": {reason: "an object nobody looked at is not healthy", want: status.InProgressStatus},
		"Succeeded": {
			reason: "Ready is current", want: status.CurrentStatus,
			steps: []func(Status){func(s Status) { s.Succeed("Published", "post 1") }},
		},
		"Waiting": {
			reason: "what is tried again has not failed", want: status.InProgressStatus,
			steps: []func(Status){func(s Status) { s.Wait("Timeout", "site did not answer") }},
		},
		"Stalled": {
			reason: "what needs a person has failed", want: status.FailedStatus,
			steps: []func(Status){func(s Status) { s.Stall("ContentRejected", "title") }},
		},
		"StalledAfterWaiting": {
			reason: "never Reconciling and Stalled together", want: status.FailedStatus,
			steps: []func(Status){func(s Status) { s.Wait("Timeout", "m") }, func(s Status) { s.Stall("RetriesExhausted", "m") }},
		},
		"RecoveredAfterStalled": {
			reason: "success removes Stalled", want: status.CurrentStatus,
			steps: []func(Status){func(s Status) { s.Stall("Timeout", "m") }, func(s Status) { s.Succeed("Published", "m") }},
		},
		"WaitingAfterStalled": {
			reason: "a retry removes Stalled", want: status.InProgressStatus,
			steps: []func(Status){func(s Status) { s.Stall("Timeout", "m") }, func(s Status) { s.Wait("Timeout", "m") }},
		},
		"SuspendedAfterSuccess": {
			reason: "what was known stays", want: status.CurrentStatus,
			steps: []func(Status){func(s Status) { s.Succeed("Published", "m") }, Status.Suspend},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			conditions, observed := unvisited(), int64(-1)
			for _, step := range tc.steps {
				step(Status{Conditions: &conditions, ObservedGeneration: &observed, Generation: 2, Now: now})
			}
			if got := compute(t, conditions, observed, 2); got != tc.want {
				t.Errorf("%s: kstatus says %s, want %s", tc.reason, got, tc.want)
			}
		})
	}
}

func compute(t *testing.T, conditions []metav1.Condition, observed, generation int64) status.Status {
	t.Helper()
	object := &struct {
		metav1.TypeMeta   `json:",inline"`
		metav1.ObjectMeta `json:"metadata"`
		Status            struct {
			Conditions         []metav1.Condition `json:"conditions"`
			ObservedGeneration int64              `json:"observedGeneration"`
		} `json:"status"`
	}{TypeMeta: metav1.TypeMeta{Kind: "Any", APIVersion: "example.com/v1"}}
	object.Generation = generation
	object.Status.Conditions, object.Status.ObservedGeneration = conditions, observed
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(object)
	if err != nil {
		t.Fatal(err)
	}
	result, err := status.Compute(&unstructured.Unstructured{Object: content})
	if err != nil {
		t.Fatal(err)
	}
	return result.Status
}

func TestTransitionTimeChangesOnlyWithTheStatus(t *testing.T) {
	conditions, observed := unvisited(), int64(-1)
	s := Status{Conditions: &conditions, ObservedGeneration: &observed, Generation: 1, Now: earlier}
	s.Wait("Timeout", "first")
	s.Now = now
	s.Wait("ConnectionRefused", "second")
	if got := conditions[0]; !got.LastTransitionTime.Equal(&earlier) || got.Reason != "ConnectionRefused" {
		t.Errorf("Ready = %+v, want the new reason with the old time", got)
	}
	s.Succeed("Published", "third")
	if got := conditions[0].LastTransitionTime; !got.Equal(&now) {
		t.Errorf("Ready turned True at %v, want %v", got, now)
	}
}

func TestMessagesAreCutAtARune(t *testing.T) {
	cases := map[string]struct{ in, want string }{
		"Short": {"short", "short"},
		"Exact": {strings.Repeat("a", MaxMessageLength), strings.Repeat("a", MaxMessageLength)},
		"Long":  {strings.Repeat("a", MaxMessageLength+1), strings.Repeat("a", MaxMessageLength-3) + "..."},
		"Runes": {strings.Repeat("é", MaxMessageLength), strings.Repeat("é", (MaxMessageLength-3)/2) + "..."},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := Truncate(tc.in)
			if diff := cmp.Diff(tc.want, got); diff != "" || !utf8.ValidString(got) {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

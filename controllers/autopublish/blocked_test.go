// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package autopublish

import (
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

func TestNoRuns(t *testing.T) {
	cases := map[string]struct {
		reason    string
		change    func(*v1alpha1.WordPressIntegration)
		condition string
		event     string
		writes    int
	}{
		"Disabled": {"nobody asked for it", func(i *v1alpha1.WordPressIntegration) {
			i.Spec.Publishing.AutoPublish.Mode = v1alpha1.AutoPublishDisabled
		}, "", "", 0},
		"Unset":     {"Disabled is the default", func(i *v1alpha1.WordPressIntegration) { i.Spec.Publishing.AutoPublish.Mode = "" }, "", "", 0},
		"Suspended": {"its requests could not go on", func(i *v1alpha1.WordPressIntegration) { i.Spec.Suspend = true }, "False/IntegrationNotReady", "", 1},
		"NotTested": {"nothing is known yet", func(i *v1alpha1.WordPressIntegration) { i.Generation = 2 }, "", "", 0},
		"NotThere":  {"the site is down", func(i *v1alpha1.WordPressIntegration) { i.Status.Conditions[0] = connected("False", "Timeout") }, "False/IntegrationNotReady", "", 1},
		"Zone":      {"nobody knows when", func(i *v1alpha1.WordPressIntegration) { i.Spec.Publishing.AutoPublish.TimeZone = "Europe/Atlantis" }, "False/TimeZoneUnknown", "Warning TimeZoneUnknown no request is released: unknown time zone Europe/Atlantis", 1},
		"ZoneLocal": {"the operator's zone is no zone", func(i *v1alpha1.WordPressIntegration) { i.Spec.Publishing.AutoPublish.TimeZone = "Local" }, "False/TimeZoneUnknown", "Warning TimeZoneUnknown", 1},
		"Terminated": {"it is going away", func(i *v1alpha1.WordPressIntegration) {
			i.DeletionTimestamp, i.Finalizers = &metav1.Time{Time: start}, []string{"x/y"}
		}, "", "", 0},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, all(blog(tc.change), requests(1, 3))...)
			h.reconcile()
			if got := h.status(); len(got.CurrentRun.Released) != 0 || !got.NextRunTime.IsZero() || h.condition() != tc.condition || h.writes != tc.writes {
				t.Errorf("%s: %+v, AutoPublishing=%s, %d writes; want no run, %s, %d", tc.reason, got, h.condition(), h.writes, tc.condition, tc.writes)
			}
			if event := h.event(); !strings.HasPrefix(event, tc.event) || (event == "") != (tc.event == "") {
				t.Errorf("%s: event %q, want %q", tc.reason, event, tc.event)
			}
			if got := h.quiet("said once").RequeueAfter; got != 0 || h.event() != "" {
				t.Errorf("%s: again after %s, want to be woken; and one Event", tc.reason, got)
			}
		})
	}
}

// event is the next Event, empty without one.
func (h *harness) event() string {
	select {
	case event := <-h.recorder.Events:
		return event
	default:
		return ""
	}
}

func TestDisabledKeepsWhatIsReleased(t *testing.T) {
	h := newHarness(t, all(blog(nil), requests(1, 5))...)
	h.reconcile()
	h.change(func(i *v1alpha1.WordPressIntegration) {
		i.Spec.Publishing.AutoPublish.Mode = v1alpha1.AutoPublishDisabled
	})
	h.clock.Step(10 * time.Second)
	h.reconcile()
	h.expect("no next run, nobody waits for one", v1alpha1.AutoPublishStatus{CurrentRun: runAt(0, "uid-1", "uid-2")})
	if h.condition() != "" {
		t.Errorf("AutoPublishing=%s, want none", h.condition())
	}
}

func TestASiteThatIsBackGoesOn(t *testing.T) {
	h := newHarness(t, all(blog(nil), requests(1, 5))...)
	h.reconcile()
	h.change(func(i *v1alpha1.WordPressIntegration) { i.Status.Conditions[0] = connected("False", "Timeout") })
	h.clock.Step(time.Hour)
	h.reconcile()
	h.expect("no next run", v1alpha1.AutoPublishStatus{CurrentRun: runAt(0, "uid-1", "uid-2"), Waiting: 3})
	h.change(func(i *v1alpha1.WordPressIntegration) { i.Status.Conditions[0] = connected("True", "Connected") })
	h.reconcile()
	h.expect("one run, nothing is caught up on", v1alpha1.AutoPublishStatus{
		CurrentRun: runAt(time.Hour, "uid-3", "uid-4"), Outstanding: []string{"uid-1", "uid-2"}, NextRunTime: in(65 * time.Minute), Waiting: 1,
	})
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package autopublish

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/phase"
)

// all is the integration with the requests.
func all(integration *v1alpha1.WordPressIntegration, requests []client.Object) []client.Object {
	return append([]client.Object{integration}, requests...)
}

func (h *harness) expect(reason string, want v1alpha1.AutoPublishStatus) {
	h.t.Helper()
	sameTime := cmp.Comparer(func(a, b metav1.Time) bool { return a.Equal(&b) })
	if diff := cmp.Diff(want, *h.status(), sameTime, cmpopts.EquateEmpty()); diff != "" {
		h.t.Errorf("%s: status.autoPublish (-want +got):\n%s", reason, diff)
	}
}

func runAt(at time.Duration, released ...string) v1alpha1.AutoPublishRun {
	return v1alpha1.AutoPublishRun{StartTime: metav1.NewTime(start.Add(at)), Released: released}
}

func in(d time.Duration) metav1.Time { return metav1.NewTime(start.Add(d)) }

func TestScheduledRuns(t *testing.T) {
	h := newHarness(t, all(blog(nil), requests(1, 5))...)
	if got := h.reconcile().RequeueAfter; got != 5*time.Minute {
		t.Errorf("again after %s, want 5m", got)
	}
	h.expect("the first run is at once, the oldest first", v1alpha1.AutoPublishStatus{CurrentRun: runAt(0, "uid-1", "uid-2"), NextRunTime: in(5 * time.Minute), Waiting: 3})
	if h.writes != 1 || h.condition() != "True/Releasing" {
		t.Errorf("%d writes, AutoPublishing=%s; want one, True/Releasing", h.writes, h.condition())
	}
	if event := <-h.recorder.Events; event != "Normal Released released 2 requests, 3 wait" || testutil.ToFloat64(h.released) != 2 {
		t.Errorf("event %q, %v counted", event, testutil.ToFloat64(h.released))
	}
	h.quiet("not due yet")
	h.changeRequest(1, published)
	h.clock.Step(5 * time.Minute)
	h.reconcile()
	h.expect("who has no post yet is carried over", v1alpha1.AutoPublishStatus{
		CurrentRun: runAt(5*time.Minute, "uid-3", "uid-4"), Outstanding: []string{"uid-2"}, NextRunTime: in(10 * time.Minute), Waiting: 1,
	})
	h.clock.Step(5 * time.Minute)
	h.reconcile()
	h.expect("nobody is left", v1alpha1.AutoPublishStatus{CurrentRun: runAt(10*time.Minute, "uid-5"), Outstanding: []string{"uid-3", "uid-4", "uid-2"}})
	for n := 2; n <= 5; n++ {
		h.changeRequest(n, published)
	}
	h.clock.Step(time.Hour)
	if got := h.quiet("a run that would release nothing is no run").RequeueAfter; got != 0 {
		t.Errorf("again after %s, want to be woken", got)
	}
	h.create(waitingRequest(6, nil))
	h.reconcile()
	h.expect("the run starts as soon as something waits", v1alpha1.AutoPublishStatus{CurrentRun: runAt(70*time.Minute, "uid-6")})
	if h.writes != 4 {
		t.Errorf("%d writes of four runs", h.writes)
	}
}

func TestImmediateRuns(t *testing.T) {
	h := newHarness(t, all(blog(func(i *v1alpha1.WordPressIntegration) {
		i.Spec.Publishing.AutoPublish.Mode = v1alpha1.AutoPublishImmediate
	}), requests(1, 3))...)
	h.clock.Step(900 * time.Millisecond)
	h.reconcile()
	h.expect("at most maxPerRun", v1alpha1.AutoPublishStatus{CurrentRun: runAt(0, "uid-1", "uid-2"), NextRunTime: in(3 * time.Second), Waiting: 1})
	h.create(waitingRequest(4, nil))
	h.clock.Step(2 * time.Second)
	if got := h.quiet("within three seconds").RequeueAfter; got != 100*time.Millisecond {
		t.Errorf("again after %s, want 100ms", got)
	}
	h.clock.Step(100 * time.Millisecond)
	h.reconcile()
	h.expect("what came meanwhile goes together", v1alpha1.AutoPublishStatus{CurrentRun: runAt(3*time.Second, "uid-3", "uid-4"), Outstanding: []string{"uid-1", "uid-2"}})
}

func TestOnlyRunsAreWrittenAtOnce(t *testing.T) {
	h := newHarness(t, all(blog(nil), requests(1, 2))...)
	h.reconcile()
	h.clock.Step(time.Second)
	for n := 3; n <= 30; n++ {
		h.create(waitingRequest(n, nil))
		if got := h.quiet("a count that is a second old").RequeueAfter; got != 9*time.Second {
			t.Fatalf("again after %s, want 9s", got)
		}
	}
	h.clock.Step(9 * time.Second)
	h.reconcile()
	h.expect("ten seconds after the write before", v1alpha1.AutoPublishStatus{CurrentRun: runAt(0, "uid-1", "uid-2"), NextRunTime: in(5 * time.Minute), Waiting: 28})
	if got := h.quiet("nothing changed").RequeueAfter; got != 290*time.Second {
		t.Errorf("again after %s, want the next run", got)
	}
}

func TestAnEditedSpecIsAnsweredAtOnce(t *testing.T) {
	edit := func(mode v1alpha1.AutoPublishMode) func(*v1alpha1.WordPressIntegration) {
		return func(i *v1alpha1.WordPressIntegration) {
			i.Generation++
			i.Status.Conditions[0].ObservedGeneration++
			i.Spec.Publishing.AutoPublish.Mode = mode
		}
	}
	h := newHarness(t, all(blog(nil), requests(1, 5))...)
	h.reconcile()
	h.change(edit(v1alpha1.AutoPublishScheduled))
	h.reconcile()
	if c := meta.FindStatusCondition(h.get().Status.Conditions, v1alpha1.ConditionAutoPublishing); c.ObservedGeneration != 2 {
		t.Errorf("AutoPublishing is of generation %d, want 2", c.ObservedGeneration)
	}
	h.change(edit(v1alpha1.AutoPublishDisabled))
	h.reconcile()
	if h.condition() != "" {
		t.Errorf("AutoPublishing=%s, want none", h.condition())
	}
}

func TestNoMoreThan500AreReleasedWithoutAPost(t *testing.T) {
	h := newHarness(t, all(blog(func(i *v1alpha1.WordPressIntegration) { i.Spec.Publishing.AutoPublish.MaxPerRun = 300 }), requests(1, 700))...)
	h.reconcile()
	h.clock.Step(5 * time.Minute)
	h.reconcile()
	got := h.status()
	if len(got.CurrentRun.Released) != 200 || len(got.Outstanding) != 300 || got.Waiting != 200 || !got.NextRunTime.IsZero() {
		t.Errorf("released %d, outstanding %d, waiting %d, next %s; want 200, 300, 200, none", len(got.CurrentRun.Released), len(got.Outstanding), got.Waiting, got.NextRunTime)
	}
	h.clock.Step(5 * time.Minute)
	h.quiet("no room")
	for n := 1; n <= 3; n++ {
		h.changeRequest(n, published)
	}
	h.reconcile()
	if got := h.status(); len(got.CurrentRun.Released) != 3 || len(got.Outstanding) != 497 {
		t.Errorf("released %d, outstanding %d; want 3, 497", len(got.CurrentRun.Released), len(got.Outstanding))
	}
}

// TestReleasesEnd: a UID leaves the lists with the next run, and what is on the
// way again needs another release.
func TestReleasesEnd(t *testing.T) {
	stalled := func(p *v1alpha1.PublishRequest) {
		p.Status.Conditions = []metav1.Condition{{Type: v1alpha1.ConditionStalled, Status: metav1.ConditionTrue, Reason: v1alpha1.ReasonContentRejected, ObservedGeneration: 1}}
	}
	h := newHarness(t, all(blog(nil), requests(1, 4))...)
	h.reconcile()
	h.changeRequest(1, stalled)
	if err := h.client.Delete(t.Context(), waitingRequest(2, nil)); err != nil {
		t.Fatal(err)
	}
	h.clock.Step(time.Minute)
	h.quiet("nothing is written for that alone")
	h.clock.Step(4 * time.Minute)
	h.reconcile()
	h.expect("stalled and gone", v1alpha1.AutoPublishStatus{CurrentRun: runAt(5*time.Minute, "uid-3", "uid-4")})
	h.changeRequest(1, func(p *v1alpha1.PublishRequest) { p.Status.Conditions = waitingRequest(1, nil).Status.Conditions })
	h.clock.Step(5 * time.Minute)
	h.reconcile()
	h.expect("armed again", v1alpha1.AutoPublishStatus{CurrentRun: runAt(10*time.Minute, "uid-1"), Outstanding: []string{"uid-3", "uid-4"}})
}

func TestRequestsThatNameTheSiteAlone(t *testing.T) {
	bySite := waitingRequest(1, func(p *v1alpha1.PublishRequest) { p.Spec.IntegrationRef.Name, p.Spec.SiteID = "", 5 })
	elsewhere := waitingRequest(2, func(p *v1alpha1.PublishRequest) { p.Spec.IntegrationRef.Name, p.Spec.SiteID = "", 6 })
	another := waitingRequest(3, func(p *v1alpha1.PublishRequest) { p.Spec.IntegrationRef.Name = "another" })
	second := blog(func(i *v1alpha1.WordPressIntegration) { i.Name, i.UID = "second", "uid-second" })
	h := newHarness(t, blog(nil), second, bySite, elsewhere, another)
	h.reconcile()
	if got := h.status(); len(got.AllReleased()) != 0 || got.Waiting != 0 {
		t.Errorf("released %v although two integrations have the site, %d wait", got.AllReleased(), got.Waiting)
	}
	if err := h.client.Delete(t.Context(), second); err != nil {
		t.Fatal(err)
	}
	h.reconcile()
	if diff := cmp.Diff([]string{"uid-1"}, h.status().AllReleased()); diff != "" {
		t.Errorf("released (-want +got):\n%s", diff)
	}
}

// TestAConflictIsNoRun: another controller writes the same status.
func TestAConflictIsNoRun(t *testing.T) {
	h := newHarness(t, all(blog(nil), requests(1, 3))...)
	stale := h.get()
	h.change(func(i *v1alpha1.WordPressIntegration) { i.Status.LastContactTime = metav1.NewTime(start) })
	reader := h.Client
	h.Client = staleReader{reader, stale}
	if _, err := h.Reconcile(t.Context(), ctrl.Request{NamespacedName: blogName}); err == nil {
		t.Error("a run was written over what somebody else wrote")
	}
	if len(h.status().AllReleased()) != 0 || h.event() != "" || testutil.ToFloat64(h.released) != 0 {
		t.Error("a run that was not written was told of")
	}
	h.Client = reader
	h.reconcile()
	h.expect("the next try", v1alpha1.AutoPublishStatus{CurrentRun: runAt(0, "uid-1", "uid-2"), NextRunTime: in(5 * time.Minute), Waiting: 1})
}

func TestWindowsBoundRuns(t *testing.T) {
	h := newHarness(t, all(blog(func(i *v1alpha1.WordPressIntegration) {
		i.Spec.Publishing.AutoPublish.Windows = []v1alpha1.TimeWindow{{Start: "12:00", End: "12:06"}}
		i.Spec.Publishing.AutoPublish.TimeZone = "Europe/Vienna" // an hour ahead of UTC
	}), requests(1, 5))...)
	if got := h.reconcile().RequeueAfter; got != phase.LongestWait {
		t.Errorf("again after %s; the window opens later, but the clock may be wrong", got)
	}
	h.expect("closed", v1alpha1.AutoPublishStatus{NextRunTime: in(2 * time.Hour), Waiting: 5})
	var released []string
	for range 3 {
		h.clock.SetTime(h.status().NextRunTime.Time)
		h.reconcile()
		released = append(released, fmt.Sprintf("%s %v", h.status().CurrentRun.StartTime.Sub(start), h.status().CurrentRun.Released))
	}
	want := []string{"2h0m0s [uid-1 uid-2]", "2h5m0s [uid-3 uid-4]", "26h0m0s [uid-5]"}
	if !slices.Equal(released, want) {
		t.Errorf("runs %v, want %v", released, want)
	}
}

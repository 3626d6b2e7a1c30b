// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package progress

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus/testutil"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/sitegate"
)

// look has the queues looked at, and says whether the integration is to be.
func (h *harness) look() bool {
	h.t.Helper()
	h.lookAtQueues(h.t.Context())
	select {
	case o := <-h.wake.Woken():
		if o.Object.Name != "blog" {
			h.t.Errorf("%s was woken", o.Object.Name)
		}
		return true
	default:
		return false
	}
}

func TestAQueueIsToldWhenItStands(t *testing.T) {
	h := newHarness(t, blog(nil))
	probe := start.Add(30*time.Second + 5*time.Millisecond)
	steps := []struct {
		reason string
		queue  *sitegate.Queue
		woken  bool
		want   v1alpha1.QueueStatus
	}{
		{"nothing waits", nil, false, v1alpha1.QueueStatus{}},
		{"it may be gone at the next look", &sitegate.Queue{Waiting: 3, InFlight: 2, Breaker: sitegate.BreakerClosed}, false, v1alpha1.QueueStatus{}},
		{"it stands", &sitegate.Queue{Waiting: 2, InFlight: 2, Breaker: sitegate.BreakerClosed}, true, v1alpha1.QueueStatus{Waiting: 2, InFlight: 2, Breaker: v1alpha1.BreakerClosed}},
		{"it is as it was", &sitegate.Queue{Waiting: 2, InFlight: 2, Breaker: sitegate.BreakerClosed}, false, v1alpha1.QueueStatus{Waiting: 2, InFlight: 2, Breaker: v1alpha1.BreakerClosed}},
		{"the site does not answer", &sitegate.Queue{Waiting: 4, Breaker: sitegate.BreakerOpen, NextProbeTime: probe}, true, v1alpha1.QueueStatus{Waiting: 4, Breaker: v1alpha1.BreakerOpen, NextProbeTime: metav1.NewTime(probe.Truncate(time.Second))}},
		{"it is over", nil, true, v1alpha1.QueueStatus{}},
		{"and stays so", nil, false, v1alpha1.QueueStatus{}},
		{"a breaker is told of at once", &sitegate.Queue{Breaker: sitegate.BreakerHalfOpen}, true, v1alpha1.QueueStatus{Breaker: v1alpha1.BreakerHalfOpen}},
	}
	for _, step := range steps {
		h.clock.Step(reportInterval)
		delete(h.queues, "uid-blog")
		if step.queue != nil {
			h.queues["uid-blog"] = *step.queue
		}
		if woken := h.look(); woken != step.woken {
			t.Errorf("%s: woken %v, want %v", step.reason, woken, step.woken)
		}
		writes := h.writes
		h.reconcile()
		if diff := cmp.Diff(step.want, h.status().Queue); diff != "" {
			t.Errorf("%s: queue (-want +got):\n%s", step.reason, diff)
		}
		if wrote := h.writes > writes; wrote != step.woken {
			t.Errorf("%s: written %v, want %v", step.reason, wrote, step.woken)
		}
	}
}

// TestWhatARestartFindsInTheStatus: the queue was that of the process before.
func TestWhatARestartFindsInTheStatus(t *testing.T) {
	h := newHarness(t, blog(func(i *v1alpha1.WordPressIntegration) {
		i.Status.Queue = v1alpha1.QueueStatus{Waiting: 5, Breaker: v1alpha1.BreakerClosed}
	}))
	h.reconcile()
	if got := h.status().Queue; got != (v1alpha1.QueueStatus{}) || h.writes != 1 {
		t.Errorf("queue %+v after %d writes, want none after one", got, h.writes)
	}
}

// TestAnIntegrationThatGoes is left alone, and its queue is nobody's.
func TestAnIntegrationThatGoes(t *testing.T) {
	h := newHarness(t, blog(func(i *v1alpha1.WordPressIntegration) {
		i.Finalizers, i.DeletionTimestamp = []string{"a/b"}, &metav1.Time{Time: start}
	}))
	h.see(request(1))
	h.reconcile()
	h.queues["uid-of-nobody"] = sitegate.Queue{Waiting: 1, Breaker: sitegate.BreakerOpen}
	if h.look() || h.writes > 0 {
		t.Error("it was written")
	}
	if _, err := h.Reconcile(t.Context(), ctrl.Request{NamespacedName: client.ObjectKey{Namespace: "team", Name: "gone"}}); err != nil {
		t.Errorf("Reconcile of one that is gone: %v", err)
	}
}

func TestQueuesAreLookedAtEveryTenSeconds(t *testing.T) {
	h := newHarness(t, blog(nil))
	looks := make(chan struct{})
	h.Queues = func() map[string]sitegate.Queue {
		looks <- struct{}{}
		return nil
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- h.watchQueues(ctx) }()
	for range 3 {
		for !h.clock.HasWaiters() {
			continue
		}
		h.clock.Step(reportInterval)
		<-looks
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestMetricsAreThoseOfTheWorkThereIs(t *testing.T) {
	busy := blog(func(i *v1alpha1.WordPressIntegration) {
		i.Status.Queue = v1alpha1.QueueStatus{Waiting: 4, Breaker: v1alpha1.BreakerOpen}
		i.Status.Batches = []v1alpha1.BatchStatus{
			{Name: "running", Total: 6, Pending: 3, Published: 2, Failed: 1},
			{Name: "complete", Total: 2, Published: 2, CompletionTime: metav1.NewTime(start.Add(-time.Hour))},
			{Name: "old", Total: 2, Published: 2, CompletionTime: metav1.NewTime(start.Add(-time.Hour - time.Second))},
		}
	})
	idle := blog(nil)
	idle.Name, idle.UID = "idle", "uid-idle"
	h := newHarness(t, busy, idle)
	elected := make(chan struct{})
	collector := Collector(h.client, elected, h.clock)
	if n := testutil.CollectAndCount(collector); n > 0 {
		t.Errorf("a standby exports %d series", n)
	}
	close(elected)
	want := `
# HELP igny8_batch_requests Requests of a batch by what became of them.
# TYPE igny8_batch_requests gauge
igny8_batch_requests{batch="complete",name="blog",namespace="team",state="Failed"} 0
igny8_batch_requests{batch="complete",name="blog",namespace="team",state="Pending"} 0
igny8_batch_requests{batch="complete",name="blog",namespace="team",state="Published"} 2
igny8_batch_requests{batch="running",name="blog",namespace="team",state="Failed"} 1
igny8_batch_requests{batch="running",name="blog",namespace="team",state="Pending"} 3
igny8_batch_requests{batch="running",name="blog",namespace="team",state="Published"} 2
# HELP igny8_integration_in_flight_calls Calls to a site that are under way, where some have waited for ten seconds or more.
# TYPE igny8_integration_in_flight_calls gauge
igny8_integration_in_flight_calls{name="blog",namespace="team"} 0
# HELP igny8_integration_open_breaker 1 where the circuit breaker of a site is open or half open.
# TYPE igny8_integration_open_breaker gauge
igny8_integration_open_breaker{name="blog",namespace="team",state="Open"} 1
# HELP igny8_integration_waiting_requests Requests that wait for a site, where some have for ten seconds or more.
# TYPE igny8_integration_waiting_requests gauge
igny8_integration_waiting_requests{name="blog",namespace="team"} 4
`
	if err := testutil.CollectAndCompare(collector, strings.NewReader(want)); err != nil {
		t.Error(err)
	}
}

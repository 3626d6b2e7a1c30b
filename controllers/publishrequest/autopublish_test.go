// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/go-logr/logr"
	"github.com/prometheus/client_golang/prometheus"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/client-go/tools/events"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/controllers/autopublish"
	"github.com/igny8/wordpress-operator/internal/callmetrics"
)

const (
	autoRequests  = 500
	autoMaxPerRun = 50
	autoInterval  = 10 * time.Second
)

var errDead = errors.New("the process is dead")

// mortals are the managers of one API server and one site, one after the other.
// Each dies at its first write of a status: every second one before the write has
// its effect, the others after it. So there is a death before and after each.
type mortals struct {
	*harness
	requests   *Reconciler
	runs       *autopublish.Reconciler
	stop       context.CancelFunc
	dead       bool
	attempts   int
	deaths     int
	released   []string // by all writes of the integration's status, in order
	runWrites  int
	lastRun    time.Time
	autoStatus v1alpha1.AutoPublishStatus
}

// TestAutoPublishWithAManagerThatDiesAtEveryWrite publishes what waits, each once,
// in runs that are no larger and no nearer than they may be. Between two runs only
// every second request gets its turn, so that later runs carry the others over.
func TestAutoPublishWithAManagerThatDiesAtEveryWrite(t *testing.T) {
	m := newMortals(t)
	for _, name := range m.names() {
		m.settle(name)
	}
	for run := range autoRequests / autoMaxPerRun {
		m.settleRuns()
		for i, name := range m.names() {
			if i%2 == run%2 {
				m.settle(name)
			}
		}
		if posts := len(m.site.Posts()); posts == 0 || posts >= len(m.released) {
			t.Fatalf("%d posts of %d released requests", posts, len(m.released))
		}
		m.clock.Step(autoInterval)
	}
	for _, name := range m.names() {
		m.settle(name)
	}
	m.settleRuns()
	m.stop()
	checkAllPublished(t, m)
	t.Logf("%d deaths, %d runs, %d requests", m.deaths, m.runWrites, len(m.released))
}

func checkAllPublished(t *testing.T, m *mortals) {
	t.Helper()
	list := &v1alpha1.PublishRequestList{}
	if err := m.client.List(t.Context(), list); err != nil {
		t.Fatal(err)
	}
	for i := range list.Items {
		if p := &list.Items[i]; !has(p.Status.Conditions, "Ready=True/Published") || len(p.Status.History) != 1 {
			t.Errorf("%s: history %+v, conditions %s", p.Name, p.Status.History, show(p.Status.Conditions))
		}
	}
	if len(m.released) != autoRequests || sets.New(m.released...).Len() != autoRequests || m.runWrites != autoRequests/autoMaxPerRun {
		t.Errorf("%d releases of %d requests in %d runs", len(m.released), sets.New(m.released...).Len(), m.runWrites)
	}
	if !slices.IsSorted(m.released) {
		t.Error("not the oldest first")
	}
	if len(m.site.Posts()) != autoRequests {
		t.Errorf("%d posts, want %d", len(m.site.Posts()), autoRequests)
	}
	// Each request and each run has one write that counts, and each request one
	// that held it.
	if want := 2 * (2*autoRequests + m.runWrites); m.deaths != want {
		t.Errorf("%d deaths, want %d: one before and one after each write", m.deaths, want)
	}
}

// newMortals has requests that wait, the oldest of which have the lowest UIDs and
// the highest names.
func newMortals(t *testing.T) *mortals {
	var objects []client.Object
	for i := range autoRequests {
		objects = append(objects, published(func(p *v1alpha1.PublishRequest) {
			p.Name, p.UID = fmt.Sprintf("request-%03d", autoRequests-i), types.UID(fmt.Sprintf("uid-%03d", i))
			p.CreationTimestamp = metav1.NewTime(start.Add(time.Duration(i-autoRequests) * time.Second))
			p.Spec.Release = v1alpha1.ReleaseAuto
		}))
	}
	m := &mortals{harness: newHarness(t, objects...)}
	m.replaceIntegration(func(i *v1alpha1.WordPressIntegration) {
		i.Spec.Publishing.AutoPublish = v1alpha1.AutoPublish{
			Mode: v1alpha1.AutoPublishScheduled, IntervalSeconds: int32(autoInterval / time.Second), MaxPerRun: autoMaxPerRun,
		}
		i.Status.AutoPublish.NextRunTime = metav1.Time{}
	})
	m.start()
	return m
}

func (m *mortals) names() []string {
	names := make([]string, autoRequests)
	for i := range names {
		names[i] = fmt.Sprintf("request-%03d", i+1)
	}
	return names
}

// start starts the next manager.
func (m *mortals) start() {
	mortal := interceptor.NewClient(m.client, interceptor.Funcs{SubResourcePatch: m.patch})
	m.dead = false
	m.requests = New(Options{
		Client: mortal, Live: mortal, Recorder: &events.FakeRecorder{}, Clock: m.clock, Metrics: callmetrics.New(prometheus.NewRegistry()),
		Access: m.Access, Random: func() float64 { return 0 }, SyncEvents: logr.Discard(), Retest: func(context.Context, types.NamespacedName) {},
	})
	m.runs = autopublish.New(autopublish.Options{
		Client: mortal, Recorder: &events.FakeRecorder{}, Clock: m.clock, Registry: prometheus.NewRegistry(), SyncEvents: logr.Discard(),
	})
	ctx, cancel := context.WithCancel(context.Background())
	calls, done := m.requests.calls, make(chan error, 1)
	go func() { done <- calls.Start(ctx) }()
	m.stop = func() {
		cancel()
		if err := <-done; err != nil {
			m.t.Error(err)
		}
	}
}

// patch is a write during which the manager dies.
func (m *mortals) patch(ctx context.Context, c client.Client, sub string, object client.Object, patch client.Patch, opts ...client.SubResourcePatchOption) error {
	if m.dead {
		return errDead
	}
	m.dead = true
	m.deaths++
	m.attempts++
	if m.attempts%2 == 1 {
		return errDead
	}
	if err := c.SubResource(sub).Patch(ctx, object, patch, opts...); err != nil {
		return err
	}
	if integration, ok := object.(*v1alpha1.WordPressIntegration); ok {
		m.checkRun(&integration.Status.AutoPublish)
	}
	return errDead
}

// checkRun takes a write of the integration's status, as the API server has it.
func (m *mortals) checkRun(status *v1alpha1.AutoPublishStatus) {
	fresh := newlyReleased(&m.autoStatus, status)
	m.autoStatus = *status.DeepCopy()
	if len(fresh) == 0 {
		m.t.Error("a write of the status that is no run")
		return
	}
	if len(fresh) > autoMaxPerRun {
		m.t.Errorf("%d requests released in one run", len(fresh))
	}
	if since := status.CurrentRun.StartTime.Sub(m.lastRun); since < autoInterval {
		m.t.Errorf("a run %s after the one before", since)
	}
	m.lastRun, m.runWrites = status.CurrentRun.StartTime.Time, m.runWrites+1
	m.released = append(m.released, fresh...)
}

// settle reconciles a request, by one manager after the other, until there is
// nothing left to do for it.
func (m *mortals) settle(name string) {
	m.t.Helper()
	key := types.NamespacedName{Namespace: "team", Name: name}
	for quiet := 0; quiet < 2; {
		if m.reconcileMortal(m.requests, key) {
			quiet = 0
			continue
		}
		if stats := m.requests.Stats(); stats.Waiting+stats.InFlight == 0 && len(m.requests.wake.Woken()) == 0 {
			quiet++ // the outcome may be there and its object about to be woken: the next reconcile finds it
			continue
		}
		select {
		case <-m.requests.wake.Woken():
		case <-time.After(30 * time.Second):
			m.t.Fatalf("%s: the call does not end", name)
		}
	}
}

func (m *mortals) settleRuns() {
	m.t.Helper()
	for m.reconcileMortal(m.runs, types.NamespacedName{Namespace: "team", Name: "blog"}) {
		m.t.Helper()
	}
}

// reconcileMortal says whether the manager died of it; the next one is started.
func (m *mortals) reconcileMortal(r interface {
	Reconcile(context.Context, ctrl.Request) (ctrl.Result, error)
}, key types.NamespacedName,
) bool {
	m.t.Helper()
	_, err := r.Reconcile(m.t.Context(), ctrl.Request{NamespacedName: key})
	if err != nil && !errors.Is(err, errDead) {
		m.t.Fatalf("reconcile %s: %v", key, err)
	}
	if !m.dead {
		return false
	}
	m.stop()
	m.start()
	return true
}

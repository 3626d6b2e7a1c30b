// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package progress

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/util/workqueue"
	testclock "k8s.io/utils/clock/testing"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/destination"
	"github.com/igny8/wordpress-operator/internal/sitegate"
)

var (
	start    = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	blogName = types.NamespacedName{Namespace: "team", Name: "blog"}
)

// harness drives a Reconciler by hand against a fake API server, as the events of
// a watch would.
type harness struct {
	*Reconciler
	t      *testing.T
	client client.Client
	clock  *testclock.FakeClock
	queue  *queueSpy
	queues map[string]sitegate.Queue
	writes int
}

// queueSpy notes what is to be reconciled.
type queueSpy struct {
	requestQueue
	added map[string]bool
}

func (q *queueSpy) AddAfter(r reconcile.Request, _ time.Duration) { q.added[r.Name] = true }

func newHarness(t *testing.T, objects ...client.Object) *harness {
	t.Helper()
	h := &harness{t: t, clock: testclock.NewFakeClock(start), queues: map[string]sitegate.Queue{}}
	scheme := runtime.NewScheme()
	if err := v1alpha1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	builder := fake.NewClientBuilder().WithScheme(scheme).WithObjects(objects...).
		WithStatusSubresource(&v1alpha1.WordPressIntegration{}).
		WithInterceptorFuncs(interceptor.Funcs{SubResourcePatch: h.countWrite})
	if err := errors.Join(addIndexes(t.Context(), indexer{builder}), destination.AddIndexes(t.Context(), indexer{builder})); err != nil {
		t.Fatal(err)
	}
	h.client = builder.Build()
	h.restart()
	return h
}

// restart is a manager that knows nothing yet.
func (h *harness) restart() {
	h.Reconciler = New(Options{Client: h.client, Clock: h.clock, Queues: func() map[string]sitegate.Queue { return h.queues }})
	h.queue = &queueSpy{requestQueue: workqueue.NewTypedRateLimitingQueue(workqueue.DefaultTypedControllerRateLimiter[reconcile.Request]()), added: map[string]bool{}}
	h.t.Cleanup(h.queue.ShutDown)
}

// indexer gives the indexes to the fake client.
type indexer struct{ *fake.ClientBuilder }

func (i indexer) IndexField(_ context.Context, object client.Object, field string, values client.IndexerFunc) error {
	i.WithIndex(object, field, values)
	return nil
}

func (h *harness) countWrite(ctx context.Context, c client.Client, sub string, object client.Object, patch client.Patch, opts ...client.SubResourcePatchOption) error {
	h.writes++
	return c.SubResource(sub).Patch(ctx, object, patch, opts...)
}

func blog(change func(*v1alpha1.WordPressIntegration)) *v1alpha1.WordPressIntegration {
	integration := &v1alpha1.WordPressIntegration{ObjectMeta: metav1.ObjectMeta{Namespace: "team", Name: "blog", UID: "uid-blog"}}
	if change != nil {
		change(integration)
	}
	return integration
}

// request is one of batch "spring"; a lower number is older.
func request(n int, changes ...func(*v1alpha1.PublishRequest)) *v1alpha1.PublishRequest {
	p := &v1alpha1.PublishRequest{ObjectMeta: metav1.ObjectMeta{
		Namespace: "team", Name: fmt.Sprintf("request-%d", n), Labels: map[string]string{v1alpha1.LabelBatch: "spring"},
		CreationTimestamp: metav1.NewTime(start.Add(time.Duration(n) * time.Second)),
	}}
	p.Spec.IntegrationRef.Name = "blog"
	for _, change := range changes {
		change(p)
	}
	return p
}

// saying gives a request conditions, "Type" or "Type", status and reason.
func saying(conditionType string, status metav1.ConditionStatus, reason string) func(*v1alpha1.PublishRequest) {
	return func(p *v1alpha1.PublishRequest) {
		p.Status.Conditions = append(p.Status.Conditions, metav1.Condition{Type: conditionType, Status: status, Reason: reason})
	}
}

func done(p *v1alpha1.PublishRequest) {
	saying(v1alpha1.ConditionPublished, metav1.ConditionTrue, v1alpha1.ReasonPublished)(p)
}

func stalled(p *v1alpha1.PublishRequest) {
	saying(v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.ReasonContentRejected)(p)
}

func inBatch(label string) func(*v1alpha1.PublishRequest) {
	return func(p *v1alpha1.PublishRequest) { p.Labels = map[string]string{v1alpha1.LabelBatch: label} }
}

// see has the watch tell of requests; what follows for whom is in h.queue.
func (h *harness) see(requests ...*v1alpha1.PublishRequest) {
	for _, p := range requests {
		h.requests().Update(h.t.Context(), event.UpdateEvent{ObjectOld: p, ObjectNew: p}, h.queue)
	}
}

func (h *harness) lose(requests ...*v1alpha1.PublishRequest) {
	for _, p := range requests {
		h.requests().Delete(h.t.Context(), event.DeleteEvent{Object: p}, h.queue)
	}
}

func (h *harness) reconcile() ctrl.Result {
	h.t.Helper()
	result, err := h.Reconcile(h.t.Context(), ctrl.Request{NamespacedName: blogName})
	if err != nil {
		h.t.Fatalf("Reconcile: %v", err)
	}
	return result
}

func (h *harness) status() *v1alpha1.WordPressIntegrationStatus {
	h.t.Helper()
	integration := &v1alpha1.WordPressIntegration{}
	if err := h.client.Get(h.t.Context(), blogName, integration); err != nil {
		h.t.Fatal(err)
	}
	return &integration.Status
}

// batches are those of the status in short: name pending/published/failed.
func (h *harness) batches() []string {
	h.t.Helper()
	var short []string
	for _, b := range h.status().Batches {
		if b.Total != b.Pending+b.Published+b.Failed {
			h.t.Errorf("batch %s: the total is %d", b.Name, b.Total)
		}
		short = append(short, fmt.Sprintf("%s %d/%d/%d", b.Name, b.Pending, b.Published, b.Failed))
	}
	return short
}

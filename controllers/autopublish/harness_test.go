// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package autopublish

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/go-logr/logr"
	"github.com/prometheus/client_golang/prometheus"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/tools/events"
	testclock "k8s.io/utils/clock/testing"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/destination"
)

var blogName = types.NamespacedName{Namespace: "team", Name: "blog"}

// harness drives a Reconciler by hand against a fake API server.
type harness struct {
	*Reconciler
	t        *testing.T
	client   client.Client
	clock    *testclock.FakeClock
	recorder *events.FakeRecorder
	writes   int
}

func newHarness(t *testing.T, objects ...client.Object) *harness {
	t.Helper()
	h := &harness{t: t, clock: testclock.NewFakeClock(start), recorder: events.NewFakeRecorder(100)}
	scheme := runtime.NewScheme()
	if err := v1alpha1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	builder := fake.NewClientBuilder().WithScheme(scheme).WithObjects(objects...).
		WithStatusSubresource(&v1alpha1.PublishRequest{}, &v1alpha1.WordPressIntegration{}).
		WithInterceptorFuncs(interceptor.Funcs{SubResourcePatch: h.countWrite})
	if err := errors.Join(AddIndexes(t.Context(), indexer{builder}), destination.AddIndexes(t.Context(), indexer{builder})); err != nil {
		t.Fatal(err)
	}
	h.client = builder.Build()
	h.Reconciler = New(Options{Client: h.client, Recorder: h.recorder, Clock: h.clock, Registry: prometheus.NewRegistry(), SyncEvents: logr.Discard()})
	return h
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

// blog is a connected integration of which runs start every five minutes.
func blog(change func(*v1alpha1.WordPressIntegration)) *v1alpha1.WordPressIntegration {
	integration := &v1alpha1.WordPressIntegration{ObjectMeta: metav1.ObjectMeta{Namespace: "team", Name: "blog", UID: "uid-blog", Generation: 1}}
	integration.Spec.SiteID = 5
	integration.Spec.Publishing.AutoPublish = v1alpha1.AutoPublish{Mode: v1alpha1.AutoPublishScheduled, IntervalSeconds: 300, MaxPerRun: 2}
	integration.Status.Conditions = []metav1.Condition{connected(metav1.ConditionTrue, v1alpha1.ReasonConnected)}
	if change != nil {
		change(integration)
	}
	return integration
}

func connected(status metav1.ConditionStatus, reason string) metav1.Condition {
	return metav1.Condition{Type: v1alpha1.ConditionConnected, Status: status, Reason: reason, ObservedGeneration: 1, LastTransitionTime: metav1.NewTime(start)}
}

// waitingRequest is one that says that it awaits its release; a lower number is older.
func waitingRequest(n int, change func(*v1alpha1.PublishRequest)) *v1alpha1.PublishRequest {
	request := &v1alpha1.PublishRequest{ObjectMeta: metav1.ObjectMeta{
		Namespace: "team", Name: fmt.Sprintf("request-%d", n), UID: types.UID(fmt.Sprintf("uid-%d", n)), Generation: 1,
		CreationTimestamp: metav1.NewTime(start.Add(time.Duration(n) * time.Second)),
	}}
	request.Spec.IntegrationRef.Name = "blog"
	request.Spec.Release = v1alpha1.ReleaseAuto
	request.Status.Conditions = []metav1.Condition{{
		Type: v1alpha1.ConditionReady, Status: metav1.ConditionTrue, Reason: v1alpha1.ReasonAwaitingRelease, ObservedGeneration: 1,
	}}
	if change != nil {
		change(request)
	}
	return request
}

// requests are those with the numbers from one to another.
func requests(from, to int) []client.Object {
	var objects []client.Object
	for n := from; n <= to; n++ {
		objects = append(objects, waitingRequest(n, nil))
	}
	return objects
}

func (h *harness) reconcile() ctrl.Result {
	h.t.Helper()
	result, err := h.Reconcile(h.t.Context(), ctrl.Request{NamespacedName: blogName})
	if err != nil {
		h.t.Fatalf("Reconcile: %v", err)
	}
	return result
}

// quiet runs a reconcile that may not write.
func (h *harness) quiet(why string) ctrl.Result {
	h.t.Helper()
	writes := h.writes
	result := h.reconcile()
	if h.writes > writes {
		h.t.Errorf("%s: the reconcile wrote a status: %+v", why, h.status())
	}
	return result
}

func (h *harness) get() *v1alpha1.WordPressIntegration {
	h.t.Helper()
	integration := &v1alpha1.WordPressIntegration{}
	if err := h.client.Get(h.t.Context(), blogName, integration); err != nil {
		h.t.Fatal(err)
	}
	return integration
}

func (h *harness) status() *v1alpha1.AutoPublishStatus { return &h.get().Status.AutoPublish }

// condition is AutoPublishing as "Status/Reason", empty if absent.
func (h *harness) condition() string {
	h.t.Helper()
	c := meta.FindStatusCondition(h.get().Status.Conditions, v1alpha1.ConditionAutoPublishing)
	if c == nil {
		return ""
	}
	return string(c.Status) + "/" + c.Reason
}

// change updates the integration; a changed spec is of the generation it had, so
// that the connection stays tested.
func (h *harness) change(change func(*v1alpha1.WordPressIntegration)) {
	h.t.Helper()
	integration := h.get()
	change(integration)
	status := integration.Status.DeepCopy()
	if err := h.client.Update(h.t.Context(), integration); err != nil {
		h.t.Fatal(err)
	}
	integration.Status = *status
	if err := h.client.Status().Update(h.t.Context(), integration); err != nil {
		h.t.Fatal(err)
	}
}

// changeRequest updates a request and its status.
func (h *harness) changeRequest(n int, change func(*v1alpha1.PublishRequest)) {
	h.t.Helper()
	request := &v1alpha1.PublishRequest{}
	if err := h.client.Get(h.t.Context(), types.NamespacedName{Namespace: "team", Name: fmt.Sprintf("request-%d", n)}, request); err != nil {
		h.t.Fatal(err)
	}
	change(request)
	if err := h.client.Status().Update(h.t.Context(), request); err != nil {
		h.t.Fatal(err)
	}
}

func (h *harness) create(objects ...client.Object) {
	h.t.Helper()
	for _, object := range objects {
		if err := h.client.Create(h.t.Context(), object); err != nil {
			h.t.Fatal(err)
		}
	}
}

func published(p *v1alpha1.PublishRequest) { p.Status.Post.ID = 1 }

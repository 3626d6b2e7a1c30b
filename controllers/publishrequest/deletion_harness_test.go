// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/go-logr/logr"
	"github.com/go-logr/logr/funcr"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// deletions is what the harness knows of deletions.
type deletions struct {
	deletedAt time.Time
	patches   int
	// failPatch makes the next patch of metadata fail: before its effect if
	// noEffect is set, else after it.
	failPatch error
	noEffect  bool
	// logged are the lines of the event log.
	logged []string
}

func namespaceTeam() *corev1.Namespace {
	return &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "team", Finalizers: []string{"kubernetes"}}}
}

// stampDeletion has deletions happen by the clock of the test.
func (h *harness) stampDeletion(ctx context.Context, c client.WithWatch, key client.ObjectKey, object client.Object, opts ...client.GetOption) error {
	err := c.Get(ctx, key, object, opts...)
	if request, ok := object.(*v1alpha1.PublishRequest); ok && request.DeletionTimestamp != nil {
		request.DeletionTimestamp = &metav1.Time{Time: h.deletedAt}
	}
	return err
}

// unstampDeletion gives the fake API server its own time back.
func (h *harness) unstampDeletion(ctx context.Context, c client.WithWatch, object client.Object, opts ...client.UpdateOption) error {
	if request, ok := object.(*v1alpha1.PublishRequest); ok && request.DeletionTimestamp != nil {
		stored := &v1alpha1.PublishRequest{}
		if err := c.Get(ctx, client.ObjectKeyFromObject(object), stored); err != nil {
			return err
		}
		request.DeletionTimestamp = stored.DeletionTimestamp
	}
	return c.Update(ctx, object, opts...)
}

func (h *harness) countPatch(ctx context.Context, c client.WithWatch, object client.Object, patch client.Patch, opts ...client.PatchOption) error {
	h.patches++
	fail, noEffect := h.failPatch, h.noEffect
	h.failPatch, h.noEffect = nil, false
	if noEffect {
		return fail
	}
	if err := c.Patch(ctx, object, patch, opts...); err != nil {
		return err
	}
	return fail
}

func (h *harness) syncEventLog() logr.Logger {
	return funcr.New(func(_, args string) { h.logged = append(h.logged, args) }, funcr.Options{})
}

// delete deletes the request as a person would.
func (h *harness) delete() {
	h.t.Helper()
	h.deletedAt = h.clock.Now()
	if err := h.client.Delete(h.t.Context(), h.get()); err != nil {
		h.t.Fatal(err)
	}
}

func (h *harness) isGone() bool {
	h.t.Helper()
	err := h.client.Get(h.t.Context(), helloName, &v1alpha1.PublishRequest{})
	if client.IgnoreNotFound(err) != nil {
		h.t.Fatal(err)
	}
	return apierrors.IsNotFound(err)
}

// expectGone checks that the request is gone, and what was said about it.
func (h *harness) expectGone(event string) {
	h.t.Helper()
	if !h.isGone() {
		h.t.Fatalf("the request is still there: %s", show(h.get().Status.Conditions))
	}
	h.reconcile() // which the deletion of the object causes
	if event == "" {
		if n := len(h.recorder.Events); n != 0 {
			h.t.Errorf("%d events, want none; the first is %q", n, <-h.recorder.Events)
		}
		return
	}
	last := ""
	for n := len(h.recorder.Events); n > 0; n-- {
		last = <-h.recorder.Events
	}
	if !strings.HasPrefix(last, event) {
		h.t.Errorf("the last event is %q, want %q", last, event)
	}
	if n := len(h.logged); n == 0 || !strings.Contains(h.logged[n-1], `"action"="ContentDelete"`) {
		h.t.Errorf("the event log has %q, want a removal at its end", h.logged)
	}
}

// withPolicy is a request with a deletionPolicy.
func withPolicy(policy v1alpha1.DeletionPolicy) *v1alpha1.PublishRequest {
	return published(func(p *v1alpha1.PublishRequest) { p.Spec.DeletionPolicy = policy })
}

// toBeTrashed has a published request that is being deleted.
func toBeTrashed(t *testing.T) *harness {
	t.Helper()
	h := newHarness(t, withPolicy(v1alpha1.DeletionPolicyTrash))
	h.call()
	h.expect("Ready=True/Published")
	<-h.recorder.Events
	h.delete()
	return h
}

// removals counts the calls that were to take the post away.
func (h *harness) removals() int {
	n := 0
	for _, call := range h.site.Calls() {
		if call.Method == "DELETE" {
			n++
		}
	}
	return n
}

func (h *harness) expectTrashed() {
	h.t.Helper()
	if posts := h.site.Posts(); len(posts) != 1 || posts[0].Status != "trash" {
		h.t.Errorf("the site has %+v, want one post in the trash", posts)
	}
}

func (h *harness) expectKept() {
	h.t.Helper()
	if posts := h.site.Posts(); len(posts) != 1 || posts[0].Status != "publish" {
		h.t.Errorf("the site has %+v, want the post as it was", posts)
	}
}

func (h *harness) removeIntegration() {
	h.t.Helper()
	if err := h.client.Delete(h.t.Context(), h.integration()); err != nil {
		h.t.Fatal(err)
	}
}

func (h *harness) terminateNamespace() {
	h.t.Helper()
	if err := h.client.Delete(h.t.Context(), namespaceTeam()); err != nil {
		h.t.Fatal(err)
	}
}

func (h *harness) create(object client.Object) {
	h.t.Helper()
	if err := h.client.Create(h.t.Context(), object); err != nil {
		h.t.Fatal(err)
	}
}

func (h *harness) remove(object client.Object) {
	h.t.Helper()
	if err := h.client.Delete(h.t.Context(), object); err != nil {
		h.t.Fatal(err)
	}
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"net/http"
	"slices"
	"testing"

	"k8s.io/apimachinery/pkg/types"
	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

// TestNothingIsPublishedOnceARequestIsDeleted: the call that makes the post is
// under way, or waits, when its request is deleted.
func TestNothingIsPublishedOnceARequestIsDeleted(t *testing.T) {
	t.Run("UnderWay", func(t *testing.T) {
		h := newHarness(t, withPolicy(v1alpha1.DeletionPolicyDelete), published(func(p *v1alpha1.PublishRequest) { p.Name, p.UID = "other", "uid-other" }))
		h.changeIntegration(func(i *v1alpha1.WordPressIntegration) { i.Spec.Publishing.MaxConcurrent = 2 })
		release, arrived := make(chan struct{}), make(chan struct{})
		h.site.SetHook(func(*http.Request) wordpresstest.Fault {
			close(arrived)
			return wordpresstest.Fault{Hold: release}
		})
		h.reconcile()
		<-arrived
		h.site.SetHook(nil)
		h.delete()
		h.reconcile()
		h.reconcileOther("other") // which would have to wait for the removal
		h.awaitCall()
		if got := h.Stats(); got.InFlight != 1 || got.Waiting != 1 || h.removals() != 0 {
			t.Errorf("%+v, %d removals; want the removal to wait for the publish", got, h.removals())
		}
		close(release)
		h.awaitCall()
		h.reconcile()
		h.expectGone("Normal PostRemoved")
		if h.removals() != 1 || h.site.Created("team/hello") != 1 || len(h.site.Posts()) != 1 {
			t.Errorf("%d removals, posts %+v; want one removal, and the other's post", h.removals(), h.site.Posts())
		}
	})
	t.Run("Waiting", func(t *testing.T) {
		h := newHarness(t,
			published(func(p *v1alpha1.PublishRequest) { p.Finalizers = []string{"example.com/other"} }),
			published(func(p *v1alpha1.PublishRequest) { p.Name, p.UID = "first", "uid-first" }))
		h.changeIntegration(func(i *v1alpha1.WordPressIntegration) { i.Spec.Publishing.MaxConcurrent = 1 })
		release, arrived := make(chan struct{}), make(chan struct{})
		h.site.SetHook(func(*http.Request) wordpresstest.Fault {
			close(arrived)
			return wordpresstest.Fault{Hold: release}
		})
		h.reconcileOther("first")
		<-arrived
		h.site.SetHook(nil)
		h.reconcile()
		h.delete() // and the call's turn comes before the reconcile
		close(release)
		h.awaitCall()
		h.awaitCall()
		if n := h.site.Created("team/hello"); n != 0 {
			t.Errorf("%d posts were made for a request that is deleted", n)
		}
	})
}

// A deletion has a bound, and a queue of publishes may be longer.
func TestARemovalGoesBeforeWhatIsToBePublished(t *testing.T) {
	other := func(name string) *v1alpha1.PublishRequest {
		return published(func(p *v1alpha1.PublishRequest) { p.Name, p.UID = name, types.UID("uid-"+name) })
	}
	h := newHarness(t, withPolicy(v1alpha1.DeletionPolicyTrash), other("first"), other("second"))
	h.changeIntegration(func(i *v1alpha1.WordPressIntegration) {
		i.Spec.Publishing.MaxConcurrent, i.Spec.Publishing.BatchSize = 1, 1
	})
	h.call()
	release, arrived := make(chan struct{}), make(chan struct{})
	h.site.SetHook(func(*http.Request) wordpresstest.Fault {
		close(arrived)
		return wordpresstest.Fault{Hold: release}
	})
	for _, name := range []string{"first", "second"} {
		h.reconcileOther(name)
	}
	<-arrived
	h.site.SetHook(nil)
	h.delete()
	h.reconcile()
	close(release)
	for range 3 {
		h.awaitCall()
	}
	var order []string
	for _, call := range h.site.Calls()[1:] {
		order = append(order, call.Method+" "+call.ContentKey)
	}
	if want := []string{"POST team/first", "DELETE team/hello", "POST team/second"}; !slices.Equal(order, want) {
		t.Errorf("calls %v, want %v", order, want)
	}
}

func (h *harness) reconcileOther(name string) {
	h.t.Helper()
	if _, err := h.Reconcile(h.t.Context(), ctrl.Request{NamespacedName: types.NamespacedName{Namespace: "team", Name: name}}); err != nil {
		h.t.Fatal(err)
	}
}

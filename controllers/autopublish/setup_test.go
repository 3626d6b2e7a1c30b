// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package autopublish

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/util/workqueue"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/destination"
)

// staleReader is a cache that lags behind.
type staleReader struct {
	client.Client
	stale *v1alpha1.WordPressIntegration
}

func (s staleReader) Get(ctx context.Context, key client.ObjectKey, object client.Object, opts ...client.GetOption) error {
	if integration, ok := object.(*v1alpha1.WordPressIntegration); ok && key == blogName {
		s.stale.DeepCopyInto(integration)
		return nil
	}
	return s.Client.Get(ctx, key, object, opts...)
}

// delays is a queue that notes what is added to it.
type delays struct {
	requestQueue
	added []added
}

type added struct {
	Name  string
	After time.Duration
}

func (d *delays) AddAfter(item reconcile.Request, after time.Duration) {
	d.added = append(d.added, added{item.Name, after})
}

func TestChangesOfRequestsAreGathered(t *testing.T) {
	waiting := waitingRequest(1, nil)
	done := waitingRequest(1, published)
	fresh := waitingRequest(1, func(p *v1alpha1.PublishRequest) { p.Status.Conditions = nil })
	bySite := waitingRequest(1, func(p *v1alpha1.PublishRequest) { p.Spec.IntegrationRef.Name, p.Spec.SiteID = "", 5 })
	another := waitingRequest(1, func(p *v1alpha1.PublishRequest) { p.Spec.Release = v1alpha1.ReleaseImmediate })
	elsewhere := waitingRequest(1, func(p *v1alpha1.PublishRequest) {
		p.Spec.IntegrationRef.Name, p.Spec.SiteID, p.Generation = "other", 5, 2
	})
	soon := []added{{"blog", gatherTime}}
	cases := map[string]struct {
		reason        string
		before, after client.Object
		want          []added
	}{
		"Arrives":      {"it waits from now on", fresh, waiting, soon},
		"InitialList":  {"after a restart it waits already", nil, waiting, soon},
		"Published":    {"there is room for another", waiting, done, soon},
		"Deleted":      {"one less waits", waiting, nil, soon},
		"OtherChange":  {"it waits as before", waiting, waiting.DeepCopy(), nil},
		"NotOurs":      {"it needs no release", nil, another, nil},
		"NotOursGone":  {"nor did it", another, nil, nil},
		"PublishedOld": {"after a restart it has its post", nil, done, nil},
		"BySite":       {"whoever has the site is looked at", nil, bySite, soon},
		"Moved":        {"one less waits where it was", bySite, elsewhere, []added{{"blog", gatherTime}, {"other", gatherTime}}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, blog(nil))
			queue := &delays{requestQueue: workqueue.NewTypedRateLimitingQueue(workqueue.DefaultTypedControllerRateLimiter[reconcile.Request]())}
			defer queue.ShutDown()
			h.enqueue(t.Context(), queue, tc.before, tc.after)
			if diff := cmp.Diff(tc.want, queue.added); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// Requests that name a site alone go through the only integration of it that is
// active: whether there is one depends on the others.
func TestIntegrationsOfOneSiteAreLookedAtTogether(t *testing.T) {
	second := blog(func(i *v1alpha1.WordPressIntegration) { i.Name, i.UID = "second", "uid-second" })
	changed := func(change func(*v1alpha1.WordPressIntegration)) *v1alpha1.WordPressIntegration {
		after := second.DeepCopy()
		change(after)
		return after
	}
	blogOnly := []reconcile.Request{{NamespacedName: blogName}}
	cases := map[string]struct {
		reason        string
		before, after *v1alpha1.WordPressIntegration
		want          bool
	}{
		"Suspended": {"it is not in the way any more", second, changed(func(i *v1alpha1.WordPressIntegration) { i.Spec.Suspend = true }), true},
		"Moved":     {"it has another site now", second, changed(func(i *v1alpha1.WordPressIntegration) { i.Spec.SiteID = 6 }), true},
		"Deleted":   {"it is about to go", second, changed(func(i *v1alpha1.WordPressIntegration) { i.DeletionTimestamp = &metav1.Time{Time: start} }), true},
		"Edited":    {"it is in the way as before", second, changed(func(i *v1alpha1.WordPressIntegration) { i.Spec.OwnerID = "x" }), false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := destination.ActiveTurned().Update(event.UpdateEvent{ObjectOld: tc.before, ObjectNew: tc.after}); got != tc.want {
				t.Errorf("%s: passed: %v", tc.reason, got)
			}
			h := newHarness(t, blog(nil))
			if diff := cmp.Diff(blogOnly, h.ofSameSite(t.Context(), tc.before)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

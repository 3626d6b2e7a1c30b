// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package autopublish

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/client-go/util/workqueue"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/destination"
	"github.com/igny8/wordpress-operator/internal/phase"
)

const (
	// workers are few: a reconcile lists what waits, and nothing is called.
	workers = 2
	// gatherTime is how long what happens to requests is gathered before their
	// integration is looked at: a list of thousands that wait is not gone through
	// for each that comes.
	gatherTime = 500 * time.Millisecond
)

// SetupWithManager registers the controller and its index. The index of package
// destination is to be there already.
func (r *Reconciler) SetupWithManager(ctx context.Context, mgr ctrl.Manager) error {
	if err := AddIndexes(ctx, mgr.GetFieldIndexer()); err != nil {
		return err
	}
	return ctrl.NewControllerManagedBy(mgr).
		Named("autopublish").
		For(&v1alpha1.WordPressIntegration{}, builder.WithPredicates(destination.Turned())).
		Watches(&v1alpha1.WordPressIntegration{}, handler.EnqueueRequestsFromMapFunc(r.ofSameSite), builder.WithPredicates(destination.ActiveTurned())).
		Watches(&v1alpha1.PublishRequest{}, handler.Funcs{
			CreateFunc: func(ctx context.Context, e event.CreateEvent, queue requestQueue) {
				r.enqueue(ctx, queue, nil, e.Object)
			},
			UpdateFunc: func(ctx context.Context, e event.UpdateEvent, queue requestQueue) {
				r.enqueue(ctx, queue, e.ObjectOld, e.ObjectNew)
			},
			DeleteFunc: func(ctx context.Context, e event.DeleteEvent, queue requestQueue) {
				r.enqueue(ctx, queue, e.Object, nil)
			},
		}).
		WithOptions(controller.Options{MaxConcurrentReconciles: workers, ReconciliationTimeout: time.Minute, RateLimiter: phase.NewBackoff()}).
		Complete(r)
}

type requestQueue = workqueue.TypedRateLimitingInterface[reconcile.Request]

// AddIndexes registers the index by which those that wait are found.
func AddIndexes(ctx context.Context, indexer client.FieldIndexer) error {
	if err := indexer.IndexField(ctx, &v1alpha1.PublishRequest{}, indexStanding, standingKeys); err != nil {
		return fmt.Errorf("index requests by their standing with auto-publish: %w", err)
	}
	return nil
}

// enqueue has the integration of a request looked at soon, if its standing there
// has changed, and the one that it went through before; before and after are nil
// where there was or is none.
func (r *Reconciler) enqueue(ctx context.Context, queue requestQueue, before, after client.Object) {
	if placeOf(before) == placeOf(after) {
		return
	}
	integrations := sets.New(r.integrationsOf(ctx, before)...).Insert(r.integrationsOf(ctx, after)...)
	for _, integration := range sets.List(integrations) {
		queue.AddAfter(reconcile.Request{NamespacedName: client.ObjectKey{Namespace: cmp.Or(before, after).GetNamespace(), Name: integration}}, gatherTime)
	}
}

// ofSameSite are the active integrations with the site of another: whether the
// requests that name the site alone go through one of them depends on the others.
func (r *Reconciler) ofSameSite(ctx context.Context, object client.Object) []reconcile.Request {
	integration := object.(*v1alpha1.WordPressIntegration)
	if integration.Spec.SiteID == 0 {
		return nil
	}
	names := r.activeOfSite(ctx, integration.Namespace, integration.Spec.SiteID)
	requests := make([]reconcile.Request, len(names))
	for i, name := range names {
		requests[i].NamespacedName = client.ObjectKey{Namespace: integration.Namespace, Name: name}
	}
	return requests
}

// place is where a request has a standing, and which.
type place struct {
	standing    standing
	integration string
	site        int64
}

// placeOf is the zero value for a request without a standing, or none.
func placeOf(object client.Object) place {
	request, ok := object.(*v1alpha1.PublishRequest)
	if !ok || standingOf(request) == standingNone {
		return place{}
	}
	return place{standingOf(request), request.Spec.IntegrationRef.Name, request.Spec.SiteID}
}

// integrationsOf returns the names of those that a request with a standing may go
// through.
func (r *Reconciler) integrationsOf(ctx context.Context, object client.Object) []string {
	request, ok := object.(*v1alpha1.PublishRequest)
	if !ok || standingOf(request) == standingNone {
		return nil
	}
	if name := request.Spec.IntegrationRef.Name; name != "" {
		return []string{name}
	}
	return r.activeOfSite(ctx, request.Namespace, request.Spec.SiteID)
}

func (r *Reconciler) activeOfSite(ctx context.Context, namespace string, siteID int64) []string {
	active, err := destination.ActiveOfSite(ctx, r.Client, namespace, siteID)
	if err != nil {
		// Cannot happen once the cache is synced, and it is before events come.
		ctrl.LoggerFrom(ctx).Error(err, "Finding the integrations of a site failed", "siteID", siteID)
		return nil
	}
	names := make([]string, len(active))
	for i := range active {
		names[i] = active[i].Name
	}
	return names
}

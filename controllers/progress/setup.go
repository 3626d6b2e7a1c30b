// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package progress

import (
	"context"
	"fmt"
	"time"

	"k8s.io/client-go/util/workqueue"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/predicate"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/destination"
)

const (
	// workers are few: a reconcile adds up a few counts.
	workers = 1
	// gatherTime is how long what happens to requests is gathered before it is
	// written: thousands come within seconds, and the first write says how many.
	gatherTime = 2 * time.Second
	// indexUID is of integrations: their own UID.
	indexUID = "progressUID"
)

// SetupWithManager registers the controller, its index, and its look at the
// queues. The index of package destination is to be there already.
func (r *Reconciler) SetupWithManager(ctx context.Context, mgr ctrl.Manager) error {
	if err := addIndexes(ctx, mgr.GetFieldIndexer()); err != nil {
		return err
	}
	if err := mgr.Add(manager.RunnableFunc(r.watchQueues)); err != nil {
		return fmt.Errorf("add look at the queues: %w", err)
	}
	return ctrl.NewControllerManagedBy(mgr).
		Named("progress").
		For(&v1alpha1.WordPressIntegration{}, builder.WithPredicates(created())).
		Watches(&v1alpha1.WordPressIntegration{}, handler.EnqueueRequestsFromMapFunc(r.ofSameSite), builder.WithPredicates(destination.ActiveTurned())).
		Watches(&v1alpha1.PublishRequest{}, r.requests()).
		WatchesRawSource(r.wake.Source()).
		WithOptions(controller.Options{MaxConcurrentReconciles: workers, ReconciliationTimeout: time.Minute}).
		Complete(r)
}

func addIndexes(ctx context.Context, indexer client.FieldIndexer) error {
	values := func(object client.Object) []string { return []string{string(object.GetUID())} }
	if err := indexer.IndexField(ctx, &v1alpha1.WordPressIntegration{}, indexUID, values); err != nil {
		return fmt.Errorf("index integrations by UID: %w", err)
	}
	return nil
}

// created passes an integration when it appears: what its status says may be of
// before a restart. It passes its deletion, for what is remembered of it.
func created() predicate.Predicate {
	return predicate.Funcs{UpdateFunc: func(event.UpdateEvent) bool { return false }}
}

type requestQueue = workqueue.TypedRateLimitingInterface[reconcile.Request]

// requests keeps the ledger. The controller starts when all that exist are in it.
func (r *Reconciler) requests() handler.Funcs {
	note := func(ctx context.Context, object client.Object, queue requestQueue) {
		r.enqueue(ctx, r.ledger.note(object.(*v1alpha1.PublishRequest)), queue)
	}
	return handler.Funcs{
		CreateFunc: func(ctx context.Context, e event.CreateEvent, queue requestQueue) { note(ctx, e.Object, queue) },
		UpdateFunc: func(ctx context.Context, e event.UpdateEvent, queue requestQueue) { note(ctx, e.ObjectNew, queue) },
		DeleteFunc: func(ctx context.Context, e event.DeleteEvent, queue requestQueue) {
			r.enqueue(ctx, r.ledger.forget(client.ObjectKeyFromObject(e.Object)), queue)
		},
	}
}

// enqueue has the integrations looked at soon that requests go through.
func (r *Reconciler) enqueue(ctx context.Context, groups []group, queue requestQueue) {
	for _, g := range groups {
		names, err := destination.Through(ctx, r.Client, g.namespace, g.way)
		if err != nil {
			// Cannot happen once the cache is synced, and it is before events come.
			ctrl.LoggerFrom(ctx).Error(err, "Finding the integrations of a site failed", "siteID", g.way.SiteID)
		}
		for _, name := range names {
			queue.AddAfter(reconcile.Request{NamespacedName: client.ObjectKey{Namespace: g.namespace, Name: name}}, gatherTime)
		}
	}
}

// ofSameSite are the integrations with the site of another.
func (r *Reconciler) ofSameSite(ctx context.Context, object client.Object) []reconcile.Request {
	site := destination.Way{SiteID: object.(*v1alpha1.WordPressIntegration).Spec.SiteID}
	names, err := destination.Through(ctx, r.Client, object.GetNamespace(), site)
	if err != nil {
		ctrl.LoggerFrom(ctx).Error(err, "Finding the integrations of a site failed", "siteID", site.SiteID)
	}
	requests := []reconcile.Request{{NamespacedName: client.ObjectKeyFromObject(object)}}
	for _, name := range names {
		requests = append(requests, reconcile.Request{NamespacedName: client.ObjectKey{Namespace: object.GetNamespace(), Name: name}})
	}
	return requests
}

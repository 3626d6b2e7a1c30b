// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"context"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/predicate"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/destination"
	"github.com/igny8/wordpress-operator/internal/phase"
)

// workers are few: a reconcile only decides, the calls are made elsewhere.
const workers = 8

// Keys of the cache's indexes.
const (
	indexRequestIntegration = "integration" // of requests: name of the integration
	indexRequestSite        = "siteID"      // of requests without a name: the app's site id
	indexRequestConfigMap   = "configMap"   // of requests: names of the ConfigMaps with content and images
	indexRequestUID         = "uid"         // of requests: their own UID, to find who holds a claim
)

// SetupWithManager registers the controller, its dispatcher and its indexes.
func (r *Reconciler) SetupWithManager(ctx context.Context, mgr ctrl.Manager) error {
	if err := mgr.Add(r.calls); err != nil {
		return fmt.Errorf("add dispatcher of site calls: %w", err)
	}
	if err := addIndexes(ctx, mgr.GetFieldIndexer()); err != nil {
		return err
	}
	return ctrl.NewControllerManagedBy(mgr).
		Named("publishrequest").
		For(&v1alpha1.PublishRequest{}, builder.WithPredicates(predicate.Or(
			predicate.GenerationChangedPredicate{}, predicate.AnnotationChangedPredicate{}, predicate.Funcs{UpdateFunc: lostFinalizer}))).
		Watches(&v1alpha1.WordPressIntegration{}, handler.EnqueueRequestsFromMapFunc(r.requestsOfIntegration),
			builder.WithPredicates(destination.Turned())).
		Watches(&v1alpha1.WordPressIntegration{}, handler.Funcs{UpdateFunc: r.enqueueReleased}).
		WatchesMetadata(&corev1.ConfigMap{}, handler.EnqueueRequestsFromMapFunc(r.requestsOfConfigMap),
			builder.WithPredicates(predicate.ResourceVersionChangedPredicate{})).
		WatchesRawSource(r.wake.Source()).
		WithOptions(controller.Options{MaxConcurrentReconciles: workers, ReconciliationTimeout: time.Minute, RateLimiter: phase.NewBackoff()}).
		Complete(r)
}

func addIndexes(ctx context.Context, indexer client.FieldIndexer) error {
	for _, index := range []struct {
		object client.Object
		key    string
		values client.IndexerFunc
	}{
		{&v1alpha1.PublishRequest{}, indexRequestIntegration, indexed(func(p *v1alpha1.PublishRequest) string { return p.Spec.IntegrationRef.Name })},
		{&v1alpha1.PublishRequest{}, indexRequestSite, indexed(destination.SiteOf)},
		{&v1alpha1.PublishRequest{}, indexRequestConfigMap, func(o client.Object) []string { return configMapsOf(o.(*v1alpha1.PublishRequest)) }},
		{&v1alpha1.PublishRequest{}, indexRequestUID, indexed(func(p *v1alpha1.PublishRequest) string { return string(p.UID) })},
	} {
		if err := indexer.IndexField(ctx, index.object, index.key, index.values); err != nil {
			return fmt.Errorf("index %T by %s: %w", index.object, index.key, err)
		}
	}
	return destination.AddIndexes(ctx, indexer)
}

// indexed indexes objects by one string; an empty one is not indexed.
func indexed[T client.Object](value func(T) string) client.IndexerFunc {
	return func(object client.Object) []string {
		if v := value(object.(T)); v != "" {
			return []string{v}
		}
		return nil
	}
}

// requestsOfIntegration are those that name it and those that name its site.
func (r *Reconciler) requestsOfIntegration(ctx context.Context, object client.Object) []reconcile.Request {
	integration := object.(*v1alpha1.WordPressIntegration)
	requests := r.list(ctx, integration.Namespace, indexRequestIntegration, integration.Name)
	if key := destination.SiteKey(integration.Spec.SiteID); key != "" {
		requests = append(requests, r.list(ctx, integration.Namespace, indexRequestSite, key)...)
	}
	return requests
}

func (r *Reconciler) requestsOfConfigMap(ctx context.Context, object client.Object) []reconcile.Request {
	return r.list(ctx, object.GetNamespace(), indexRequestConfigMap, object.GetName())
}

func (r *Reconciler) list(ctx context.Context, namespace, index, value string) []reconcile.Request {
	list := &v1alpha1.PublishRequestList{}
	err := r.Client.List(ctx, list, client.InNamespace(namespace), client.MatchingFields{index: value}, client.UnsafeDisableDeepCopy)
	if err != nil {
		// Cannot happen once the cache is synced, and it is before events come.
		ctrl.LoggerFrom(ctx).Error(err, "Listing requests failed", "index", index, "value", value)
		return nil
	}
	requests := make([]reconcile.Request, len(list.Items))
	for i := range list.Items {
		requests[i].NamespacedName = client.ObjectKeyFromObject(&list.Items[i])
	}
	return requests
}

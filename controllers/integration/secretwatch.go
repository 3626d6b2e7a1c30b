// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/predicate"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/siteaccess"
)

// Keys of the cache's indexes of integrations.
const (
	indexSecret    = "secretName"    // the Secrets it reads
	indexConfigMap = "configMapName" // the ConfigMap of its transport.caRef
)

// SecretCache is how the manager's cache holds Secrets where they are watched:
// those with the label, and of these no data. Only a watch of metadata may be
// made from it.
func SecretCache() cache.ByObject {
	return cache.ByObject{
		Label:     labels.SelectorFromSet(labels.Set{v1alpha1.LabelWatch: "true"}),
		Transform: stripSecret,
	}
}

// stripSecret drops what is not looked at. Annotations are more than a waste:
// kubectl apply keeps a copy of the whole object, data included, in one of them.
func stripSecret(object any) (any, error) {
	if secret, ok := object.(metav1.Object); ok {
		secret.SetAnnotations(nil)
		secret.SetManagedFields(nil)
		secret.SetOwnerReferences(nil)
	}
	return object, nil
}

func addIndexes(ctx context.Context, indexer client.FieldIndexer) error {
	for key, names := range map[string]func(*v1alpha1.WordPressIntegration) []string{
		indexSecret: secretsOf, indexConfigMap: configMapsOf,
	} {
		err := indexer.IndexField(ctx, &v1alpha1.WordPressIntegration{}, key, func(object client.Object) []string {
			return names(object.(*v1alpha1.WordPressIntegration))
		})
		if err != nil {
			return fmt.Errorf("index integrations by %s: %w", key, err)
		}
	}
	return nil
}

// secretsOf names the Secrets that an integration reads: the one with its key,
// the one that the operator keeps, and the one with certificates.
func secretsOf(integration *v1alpha1.WordPressIntegration) []string {
	names := []string{siteaccess.StoreOf(integration).Name}
	if integration.Spec.Credentials.Policy == v1alpha1.CredentialsPolicyProvided {
		names = append(names, integration.Spec.Credentials.SecretRef.Name)
	}
	if ref := integration.Spec.Transport.CARef; ref.Kind == v1alpha1.CAReferenceKindSecret {
		names = append(names, ref.Name)
	}
	return names
}

func configMapsOf(integration *v1alpha1.WordPressIntegration) []string {
	if ref := integration.Spec.Transport.CARef; ref.Kind == v1alpha1.CAReferenceKindConfigMap {
		return []string{ref.Name}
	}
	return nil
}

// watchInputs has an integration reconciled when what it reads changes. Without
// a watch, and for Secrets that lack the label, polling notices.
func (r *Reconciler) watchInputs(b *ctrl.Builder) *ctrl.Builder {
	changed := builder.WithPredicates(predicate.ResourceVersionChangedPredicate{})
	b = b.WatchesMetadata(&corev1.ConfigMap{}, handler.EnqueueRequestsFromMapFunc(r.readersOf(indexConfigMap)), changed)
	if r.WatchSecrets {
		b = b.WatchesMetadata(&corev1.Secret{}, handler.EnqueueRequestsFromMapFunc(r.readersOf(indexSecret)), changed)
	}
	return b
}

// readersOf returns a function from an object to the integrations that read it.
func (r *Reconciler) readersOf(index string) handler.MapFunc {
	return func(ctx context.Context, object client.Object) []reconcile.Request {
		list := &v1alpha1.WordPressIntegrationList{}
		err := r.Client.List(ctx, list, client.InNamespace(object.GetNamespace()), client.MatchingFields{index: object.GetName()}, client.UnsafeDisableDeepCopy)
		if err != nil {
			// Cannot happen once the cache is synced, and it is before events come.
			ctrl.LoggerFrom(ctx).Error(err, "Listing integrations failed", "index", index, "name", object.GetName())
			return nil
		}
		requests := make([]reconcile.Request, len(list.Items))
		for i := range list.Items {
			requests[i].NamespacedName = nameOf(&list.Items[i])
		}
		return requests
	}
}

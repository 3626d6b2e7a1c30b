// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"context"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/util/workqueue"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// structureLost has the structure of a site updated when the ConfigMap with it
// was deleted. A deletion that nobody saw, while no manager ran, is noticed by
// the next sync.
func (r *Reconciler) structureLost() handler.EventHandler {
	return handler.Funcs{DeleteFunc: func(_ context.Context, e event.DeleteEvent, queue workqueue.TypedRateLimitingInterface[reconcile.Request]) {
		if name, ok := structureOwner(e.Object); ok {
			r.readings.lose(name)
			queue.Add(reconcile.Request{NamespacedName: name})
		}
	}}
}

// structureOwner names the integration to which a ConfigMap with a structure belongs.
func structureOwner(configMap client.Object) (types.NamespacedName, bool) {
	owner := metav1.GetControllerOf(configMap)
	if owner == nil || owner.Kind != "WordPressIntegration" || owner.APIVersion != v1alpha1.GroupVersion.String() ||
		configMap.GetName() != owner.Name+structureSuffix {
		return types.NamespacedName{}, false
	}
	return types.NamespacedName{Namespace: configMap.GetNamespace(), Name: owner.Name}, true
}

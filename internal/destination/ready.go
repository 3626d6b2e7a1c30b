// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package destination

import (
	"fmt"

	"k8s.io/apimachinery/pkg/api/meta"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/predicate"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// NotReady says why nothing can be published through the integration, as the end
// of a sentence about it; empty if it can. Pending says that this is not known
// yet: the integration was not tested as it is now.
func NotReady(integration *v1alpha1.WordPressIntegration) (why string, pending bool) {
	conditions := integration.Status.Conditions
	switch {
	case !integration.DeletionTimestamp.IsZero():
		return "is being deleted", false
	case integration.Spec.Suspend:
		return "is suspended", false
	case meta.IsStatusConditionTrue(conditions, v1alpha1.ConditionStalled):
		return "is stalled: " + meta.FindStatusCondition(conditions, v1alpha1.ConditionStalled).Reason, false
	}
	connected := meta.FindStatusCondition(conditions, v1alpha1.ConditionConnected)
	if connected == nil || connected.ObservedGeneration != integration.Generation {
		return "", true
	}
	if connected.Status != "True" {
		return "is not connected: " + connected.Reason, false
	}
	return "", false
}

// Turned passes an integration's changes that matter to whoever publishes through
// it: thousands of requests are woken by each.
func Turned() predicate.Predicate {
	return predicate.Funcs{UpdateFunc: func(e event.UpdateEvent) bool {
		before, after := e.ObjectOld.(*v1alpha1.WordPressIntegration), e.ObjectNew.(*v1alpha1.WordPressIntegration)
		return before.Generation != after.Generation ||
			before.DeletionTimestamp.IsZero() != after.DeletionTimestamp.IsZero() ||
			verdict(before) != verdict(after) ||
			before.Status.Site.UUID != after.Status.Site.UUID ||
			before.Status.Site.Epoch != after.Status.Site.Epoch // the database was restored: posts have to be looked at again
	}}
}

// verdict is what NotReady looks at in an integration's status.
func verdict(integration *v1alpha1.WordPressIntegration) [2]string {
	var v [2]string
	for i, conditionType := range []string{v1alpha1.ConditionConnected, v1alpha1.ConditionStalled} {
		if c := meta.FindStatusCondition(integration.Status.Conditions, conditionType); c != nil {
			v[i] = fmt.Sprint(c.Status, c.Reason, c.ObservedGeneration)
		}
	}
	return v
}

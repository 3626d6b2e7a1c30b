// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"context"
	"slices"

	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/client-go/util/workqueue"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// enqueueReleased wakes the requests that a run of auto-publish has just
// released, and no other: thousands may wait for the same integration.
func (r *Reconciler) enqueueReleased(ctx context.Context, e event.UpdateEvent, queue workqueue.TypedRateLimitingInterface[reconcile.Request]) {
	before, after := e.ObjectOld.(*v1alpha1.WordPressIntegration), e.ObjectNew.(*v1alpha1.WordPressIntegration)
	for _, uid := range newlyReleased(&before.Status.AutoPublish, &after.Status.AutoPublish) {
		for _, request := range r.list(ctx, after.Namespace, indexRequestUID, uid) {
			queue.Add(request)
		}
	}
}

// newlyReleased returns the UIDs that a change of the status has released.
func newlyReleased(before, after *v1alpha1.AutoPublishStatus) []string {
	if slices.Equal(before.CurrentRun.Released, after.CurrentRun.Released) {
		return nil // most writes of the status are about something else
	}
	known := sets.New(before.AllReleased()...)
	return slices.DeleteFunc(slices.Clone(after.CurrentRun.Released), known.Has)
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"cmp"
	"context"
	"fmt"

	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"
	"sigs.k8s.io/controller-runtime/pkg/event"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/phase"
)

// deletionPolicy is what becomes of the post when the request is deleted; empty
// while that is the integration's to say, and there is none.
func deletionPolicy(request *v1alpha1.PublishRequest, integration *v1alpha1.WordPressIntegration) v1alpha1.DeletionPolicy {
	if integration == nil {
		return request.Spec.DeletionPolicy
	}
	return cmp.Or(request.Spec.DeletionPolicy, integration.Spec.Publishing.DeletionPolicy, v1alpha1.DeletionPolicyRetain)
}

// removesPost says that the policy takes the post away with its request.
func removesPost(policy v1alpha1.DeletionPolicy) bool {
	return policy == v1alpha1.DeletionPolicyTrash || policy == v1alpha1.DeletionPolicyDelete
}

// alignFinalizer follows a deletionPolicy that has changed. A request that has no
// post gets its finalizer before the first call (see guard).
func (r *Reconciler) alignFinalizer(ctx context.Context, s *scope) (phase.Result, error) {
	policy := deletionPolicy(s.request, s.integration)
	switch {
	case s.guarded && policy == v1alpha1.DeletionPolicyRetain:
		return phase.DoneFor(soon), r.patchFinalizers(ctx, s, controllerutil.RemoveFinalizer)
	case !s.guarded && removesPost(policy) && s.request.Status.Post.ID != 0 && !s.expired():
		return phase.DoneFor(soon), r.patchFinalizers(ctx, s, controllerutil.AddFinalizer)
	}
	return phase.Proceed, nil
}

// guard puts the finalizer on a request before its site hears of it: a post that
// may be there is never forgotten.
func (r *Reconciler) guard(ctx context.Context, s *scope) (phase.Result, error) {
	if s.guarded || !removesPost(deletionPolicy(s.request, s.integration)) {
		return phase.Proceed, nil
	}
	return phase.Proceed, r.patchFinalizers(ctx, s, controllerutil.AddFinalizer)
}

// patchFinalizers changes the finalizers and nothing else. The patch has the
// whole list, so it is only for the version that was read. The request itself
// stays as it was read: its status is compared with that.
func (r *Reconciler) patchFinalizers(ctx context.Context, s *scope, change func(client.Object, string) bool) error {
	patched := &v1alpha1.PublishRequest{}
	patched.ObjectMeta = *s.request.ObjectMeta.DeepCopy()
	before := patched.DeepCopy()
	change(patched, v1alpha1.FinalizerPost)
	patch := client.MergeFromWithOptions(before, client.MergeFromWithOptimisticLock{})
	if err := r.Client.Patch(ctx, patched, patch); err != nil {
		return fmt.Errorf("patch finalizers: %w", err)
	}
	s.guarded, s.version = controllerutil.ContainsFinalizer(patched, v1alpha1.FinalizerPost), patched.ResourceVersion
	return nil
}

// lostFinalizer says that an update took the finalizer away, as one that replaces
// the whole object does.
func lostFinalizer(e event.UpdateEvent) bool {
	return controllerutil.ContainsFinalizer(e.ObjectOld, v1alpha1.FinalizerPost) &&
		!controllerutil.ContainsFinalizer(e.ObjectNew, v1alpha1.FinalizerPost)
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package pluginrelease reconciles PluginReleases. This version builds and
// serves none: it says so in their status, so that nobody waits for one.
package pluginrelease

import (
	"context"
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/clock"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/predicate"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/health"
	"github.com/igny8/wordpress-operator/internal/statuspatch"
)

// +kubebuilder:rbac:groups=publishing.igny8.com,resources=pluginreleases,verbs=list;watch
// +kubebuilder:rbac:groups=publishing.igny8.com,resources=pluginreleases/status,verbs=patch

// Reconciler keeps the status of PluginReleases true.
type Reconciler struct {
	Client client.Client
	Clock  clock.PassiveClock
}

// SetupWithManager registers the controller.
func (r *Reconciler) SetupWithManager(mgr ctrl.Manager) error {
	return ctrl.NewControllerManagedBy(mgr).
		Named("pluginrelease").
		For(&v1alpha1.PluginRelease{}, builder.WithPredicates(predicate.GenerationChangedPredicate{})).
		Complete(r)
}

// Reconcile says in the status that releases are not supported yet.
func (r *Reconciler) Reconcile(ctx context.Context, req ctrl.Request) (ctrl.Result, error) {
	cached := &v1alpha1.PluginRelease{}
	if err := r.Client.Get(ctx, req.NamespacedName, cached); err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	release := cached.DeepCopy()
	patcher := statuspatch.New(r.Client, release)
	health.Status{
		Conditions:         &release.Status.Conditions,
		ObservedGeneration: &release.Status.ObservedGeneration,
		Generation:         release.Generation,
		Now:                metav1.NewTime(r.Clock.Now()),
	}.Stall(v1alpha1.ReasonNotYetSupported, fmt.Sprintf("this version does not build plugin releases; version %s of %s is not offered to any site", release.Spec.Version, release.Spec.Slug))
	if _, err := patcher.Patch(ctx, release); err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	return ctrl.Result{}, nil
}

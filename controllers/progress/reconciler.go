// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package progress tells how far the requests of an integration are: how long the
// queue of its site is (status.queue), and what became of each batch of requests
// (status.batches). It writes these two, at most every ten seconds and only when
// they changed, and nothing else.
//
// What is a batch, and when is a request of it done? batch.go. How is it counted?
// ledger.go. When is a queue worth telling? sampler.go.
package progress

import (
	"context"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/clock"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/destination"
	"github.com/igny8/wordpress-operator/internal/pace"
	"github.com/igny8/wordpress-operator/internal/phase"
	"github.com/igny8/wordpress-operator/internal/sitegate"
	"github.com/igny8/wordpress-operator/internal/statuspatch"
)

// +kubebuilder:rbac:groups=publishing.igny8.com,resources=publishrequests,verbs=list;watch
// +kubebuilder:rbac:groups=publishing.igny8.com,resources=wordpressintegrations,verbs=list;watch
// +kubebuilder:rbac:groups=publishing.igny8.com,resources=wordpressintegrations/status,verbs=patch

// reportInterval is the least time between two writes to an integration, and that
// between two looks at the queues.
const reportInterval = 10 * time.Second

// Options of a Reconciler; every field is required.
type Options struct {
	// Client reads from the cache, with the indexes of SetupWithManager and of
	// package destination.
	Client client.Client
	// Queues are those of the sites for which something waits or runs, or that are
	// not called for now, by the UID of their integration.
	Queues func() map[string]sitegate.Queue
	Clock  clock.WithTicker
}

// Reconciler keeps queue and batches of each integration's status true.
type Reconciler struct {
	Options

	ledger  *ledger
	sampler *sampler
	pace    *pace.Pace
	wake    *phase.Waker[*v1alpha1.WordPressIntegration]
}

// New returns a Reconciler; SetupWithManager starts it.
func New(o Options) *Reconciler {
	return &Reconciler{
		Options: o, ledger: newLedger(), sampler: newSampler(), pace: pace.New(reportInterval),
		wake: phase.NewWaker(func() *v1alpha1.WordPressIntegration { return &v1alpha1.WordPressIntegration{} }),
	}
}

// Reconcile writes what is known of one integration, if that is anything new.
func (r *Reconciler) Reconcile(ctx context.Context, req ctrl.Request) (ctrl.Result, error) {
	cached := &v1alpha1.WordPressIntegration{}
	err := r.Client.Get(ctx, req.NamespacedName, cached)
	if apierrors.IsNotFound(err) {
		r.pace.Forget(req.NamespacedName)
	}
	if err != nil || !cached.DeletionTimestamp.IsZero() {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	integration, now := cached.DeepCopy(), r.Clock.Now()
	patcher := statuspatch.New(r.Client, integration)
	if err := r.report(ctx, integration, now); err != nil {
		return ctrl.Result{}, err
	}
	if sameReport(&integration.Status, &cached.Status) {
		return ctrl.Result{}, nil
	}
	if wait := r.pace.Wait(req.NamespacedName, now); wait > 0 {
		return ctrl.Result{RequeueAfter: wait}, nil
	}
	changed, err := patcher.Patch(ctx, integration)
	if err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	if changed {
		r.pace.Wrote(req.NamespacedName, now)
	}
	return ctrl.Result{}, nil
}

// report puts what is known into the status.
func (r *Reconciler) report(ctx context.Context, integration *v1alpha1.WordPressIntegration, now time.Time) error {
	ways, err := destination.Ways(ctx, r.Client, integration)
	if err != nil {
		return err
	}
	tallies := r.ledger.tallies(integration.Namespace, ways)
	integration.Status.Batches = batches(tallies, integration.Status.Batches, now)
	integration.Status.Queue = queue(r.sampler.standing(integration.UID))
	return nil
}

// name returns the integration with a UID.
func (r *Reconciler) name(ctx context.Context, uid string) (types.NamespacedName, bool) {
	list := &v1alpha1.WordPressIntegrationList{}
	err := r.Client.List(ctx, list, client.MatchingFields{indexUID: uid}, client.UnsafeDisableDeepCopy)
	if err != nil || len(list.Items) == 0 {
		return types.NamespacedName{}, false // it is gone, and so will be its queue
	}
	return client.ObjectKeyFromObject(&list.Items[0]), true
}

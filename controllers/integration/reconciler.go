// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package integration reconciles WordPressIntegrations: it finds the key, tests
// the connection, and says in status whether the site can be published to and
// why not.
package integration

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/go-logr/logr"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/tools/events"
	"k8s.io/utils/clock"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/predicate"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/callmetrics"
	"github.com/igny8/wordpress-operator/internal/fieldmapping"
	"github.com/igny8/wordpress-operator/internal/jitter"
	"github.com/igny8/wordpress-operator/internal/outcome"
	"github.com/igny8/wordpress-operator/internal/phase"
	"github.com/igny8/wordpress-operator/internal/siteaccess"
	"github.com/igny8/wordpress-operator/internal/sitegate"
	"github.com/igny8/wordpress-operator/internal/statuspatch"
	"github.com/igny8/wordpress-operator/internal/syncevent"
)

// +kubebuilder:rbac:groups=publishing.igny8.com,resources=wordpressintegrations,verbs=list;watch
// +kubebuilder:rbac:groups=publishing.igny8.com,resources=wordpressintegrations/status,verbs=patch
// +kubebuilder:rbac:groups="",resources=secrets,verbs=get;create;patch
// +kubebuilder:rbac:groups=events.k8s.io,resources=events,verbs=create

const (
	// workers are few: a reconcile only decides, the calls are made elsewhere.
	workers = 4
)

// Options of a Reconciler; every field is required.
type Options struct {
	Client   client.Client
	Access   *siteaccess.Access
	Recorder events.EventRecorder
	Clock    clock.Clock
	// Intervals between connection tests.
	Intervals Intervals
	Metrics   *callmetrics.Calls
	// Random spreads the tests of many sites.
	Random jitter.Random
	// OnConnected is told when a site was found well; requests that were held
	// back may go on.
	OnConnected func(types.UID)
	// SyncEvents takes the durable record of what happened (internal/syncevent).
	SyncEvents logr.Logger
	// WatchSecrets says that the cache has the Secrets that are labelled
	// [v1alpha1.LabelWatch], as [SecretCache] keeps them.
	WatchSecrets bool
}

// Reconciler keeps the status of WordPressIntegrations true.
type Reconciler struct {
	Options

	tests     *sitegate.Dispatcher[testResult]
	schedule  *schedule
	sightings *sightings

	rotations     *sitegate.Dispatcher[rotationResult]
	rotationPlans *schedule
	timeouts      *timeouts

	wake *phase.Waker[*v1alpha1.WordPressIntegration]

	// mappings are those of the integrations, compiled.
	mappings fieldmapping.Cache

	structures *sitegate.Dispatcher[reading]
	readings   *readings

	// readingStops and rotationStops end what runs for a site that is to be left
	// alone.
	readingStops, rotationStops *stops
}

// New returns a Reconciler; SetupWithManager starts it.
func New(o Options) *Reconciler {
	r := &Reconciler{
		Options:   o,
		schedule:  newSchedule(o.Intervals, o.Random),
		sightings: newSightings(),

		rotationPlans: newSchedule(o.Intervals, o.Random),
		timeouts:      newTimeouts(),

		readingStops: newStops(), rotationStops: newStops(),

		wake: phase.NewWaker(func() *v1alpha1.WordPressIntegration { return &v1alpha1.WordPressIntegration{} }),
	}
	r.rotations = newRotations(r)
	r.tests = sitegate.New(sitegate.Options[testResult]{
		Wake: r.wake.Wake,
		Recover: func(p any) testResult {
			return testResult{err: outcome.Recovered(ctrl.Log, "testing the connection", p), endTime: o.Clock.Now()}
		},
		Clock: o.Clock,
	})
	r.structures = newStructures(o.Clock, r.wake.Wake)
	r.readings = newReadings(o.Random, r.schedule.interval, o.Intervals.FailingMax)
	return r
}

// SetupWithManager registers the controller and its dispatcher.
func (r *Reconciler) SetupWithManager(ctx context.Context, mgr ctrl.Manager) error {
	if err := errors.Join(mgr.Add(r.tests), mgr.Add(r.rotations), mgr.Add(r.structures)); err != nil {
		return fmt.Errorf("add dispatchers: %w", err)
	}
	if err := addIndexes(ctx, mgr.GetFieldIndexer()); err != nil {
		return err
	}
	return r.watchInputs(ctrl.NewControllerManagedBy(mgr)).
		Named("integration").
		For(&v1alpha1.WordPressIntegration{}, builder.WithPredicates(predicate.Or(
			predicate.GenerationChangedPredicate{}, predicate.AnnotationChangedPredicate{}))).
		Watches(&corev1.ConfigMap{}, r.structureLost(), builder.OnlyMetadata).
		WatchesRawSource(r.wake.Source()).
		WithOptions(controller.Options{MaxConcurrentReconciles: workers, ReconciliationTimeout: time.Minute, RateLimiter: phase.NewBackoff()}).
		Complete(r)
}

// Retest asks for a test of the connection soon: a call to the site failed in a
// way that concerns all of them.
func (r *Reconciler) Retest(ctx context.Context, name types.NamespacedName) {
	r.schedule.hurry(name, r.Clock.Now())
	r.wake.Wake(ctx, name)
}

// Reconcile brings the status of one integration up to date. It never calls the
// site itself.
func (r *Reconciler) Reconcile(ctx context.Context, req ctrl.Request) (ctrl.Result, error) {
	cached := &v1alpha1.WordPressIntegration{}
	err := r.Client.Get(ctx, req.NamespacedName, cached)
	if apierrors.IsNotFound(err) {
		r.forget(req.NamespacedName)
		r.sightings.forget(req.NamespacedName)
		r.timeouts.forget(req.NamespacedName)
	}
	if err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	s := newScope(cached.DeepCopy(), r.Clock.Now())
	patcher := statuspatch.New(r.Client, s.integration)
	result, err := r.run(ctx, s)
	if err != nil {
		return ctrl.Result{}, err
	}
	if !equality.Semantic.DeepEqual(&cached.Status, &s.integration.Status) {
		r.sightings.show(s.integration)
	}
	changed, err := patcher.Patch(ctx, s.integration)
	if err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	r.settle(ctx, s, changed)
	if result.After > 0 {
		s.lookAgain(result.After)
	}
	return ctrl.Result{RequeueAfter: s.again}, nil
}

// run takes the integration through its phases until one of them ends it.
func (r *Reconciler) run(ctx context.Context, s *scope) (phase.Result, error) {
	return phase.Run(ctx, s,
		r.reconcileDeletion,
		r.reconcileSuspend,
		r.checkSupported,
		r.checkFieldMappings,
		r.loadCredentials,
		r.rotateKeys,
		r.recordTest,
		r.distrustStructure,
		r.recordReading,
		r.readStructure,
		r.keepKey,
		r.testConnection,
	)
}

// settle does what follows from a status that is written.
func (r *Reconciler) settle(ctx context.Context, s *scope, changed bool) {
	for _, f := range s.afterWrite {
		f()
	}
	if !changed {
		return
	}
	for _, e := range s.events {
		r.Recorder.Eventf(s.integration, nil, e.eventType, e.reason, e.action, "%s", e.note)
		logr.FromContextOrDiscard(ctx).Info("Recorded what happened with the site", "reason", e.reason, "action", e.action, "site", s.integration.Spec.SiteURL)
	}
	log := r.SyncEvents.WithValues("kind", "WordPressIntegration", "namespace", s.integration.Namespace, "name", s.integration.Name)
	for _, e := range s.syncEvents {
		syncevent.Log(log, e)
	}
}

// forget drops what is planned and under way for a site. What was seen of it is
// kept: a suspended site may go back in time as well.
func (r *Reconciler) forget(name types.NamespacedName) {
	r.tests.Forget(name)
	r.schedule.forget(name)
	r.rotations.Forget(name)
	r.rotationPlans.forget(name)
	r.rotationStops.stop(name)
	r.forgetReading(name)
	r.readings.forget(name)
}

// forgetReading drops a reading that waits, runs, or is to be recorded.
func (r *Reconciler) forgetReading(name types.NamespacedName) {
	r.structures.Forget(name)
	r.readingStops.stop(name)
}

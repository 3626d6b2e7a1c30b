// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package autopublish releases the requests that wait for the auto-publish of
// their integration (release: Auto), in runs: as they come, or every so often,
// only so many at a time, the oldest first, inside of weekly windows.
//
// A run is one write of status.autoPublish, made before any of its requests is
// due: whatever is killed, a run happened or it did not. A request stays released
// until it has its post. The requests themselves are woken by what is written
// (controllers/publishrequest/released.go).
//
// When is the next run? decide.go. Who waits? standing.go.
package autopublish

import (
	"context"
	"time"

	"github.com/go-logr/logr"
	"github.com/prometheus/client_golang/prometheus"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/client-go/tools/events"
	"k8s.io/utils/clock"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/health"
	"github.com/igny8/wordpress-operator/internal/pace"
	"github.com/igny8/wordpress-operator/internal/phase"
	"github.com/igny8/wordpress-operator/internal/statuspatch"
	"github.com/igny8/wordpress-operator/internal/syncevent"
)

// +kubebuilder:rbac:groups=publishing.igny8.com,resources=publishrequests,verbs=list;watch
// +kubebuilder:rbac:groups=publishing.igny8.com,resources=wordpressintegrations,verbs=list;watch
// +kubebuilder:rbac:groups=publishing.igny8.com,resources=wordpressintegrations/status,verbs=patch
// +kubebuilder:rbac:groups=events.k8s.io,resources=events,verbs=create

// Options of a Reconciler; every field is required.
type Options struct {
	// Client reads from the cache, with the indexes of SetupWithManager and of
	// package destination.
	Client   client.Client
	Recorder events.EventRecorder
	Clock    clock.Clock
	// Registry takes the counter of released requests.
	Registry prometheus.Registerer
	// SyncEvents takes the durable record of what happened (internal/syncevent).
	SyncEvents logr.Logger
}

// Reconciler starts the runs of auto-publish. In an integration's status it
// writes autoPublish and the condition AutoPublishing, nothing else.
type Reconciler struct {
	Options

	pace     *pace.Pace
	released prometheus.Counter
}

// New returns a Reconciler; SetupWithManager starts it.
func New(o Options) *Reconciler {
	return &Reconciler{Options: o, pace: pace.New(reportInterval), released: newReleased(o.Registry)}
}

// Reconcile starts a run of one integration if one is due, and keeps what its
// status says of the next one true.
func (r *Reconciler) Reconcile(ctx context.Context, req ctrl.Request) (ctrl.Result, error) {
	cached := &v1alpha1.WordPressIntegration{}
	err := r.Client.Get(ctx, req.NamespacedName, cached)
	if apierrors.IsNotFound(err) {
		r.pace.Forget(req.NamespacedName)
	}
	if err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	s := newScope(cached.DeepCopy(), r.Clock.Now())
	patcher := statuspatch.New(r.Client, s.integration)
	if _, err := r.run(ctx, s); err != nil {
		return ctrl.Result{}, err
	}
	if wait := r.tooSoon(s, cached); wait > 0 {
		s.lookAgain(wait)
		return ctrl.Result{RequeueAfter: s.again}, nil
	}
	changed, err := patcher.Patch(ctx, s.integration)
	if err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	if changed {
		r.settle(s)
	}
	return ctrl.Result{RequeueAfter: s.again}, nil
}

// run takes the integration through its phases until one of them ends it.
func (r *Reconciler) run(ctx context.Context, s *scope) (phase.Result, error) {
	return phase.Run(ctx, s,
		r.reconcileDeletion,
		r.reconcileDisabled,
		r.checkDestination,
		r.loadWindows,
		r.collect,
		r.release,
		r.report,
	)
}

// settle does what follows from a status that is written.
func (r *Reconciler) settle(s *scope) {
	r.pace.Wrote(s.name(), s.now)
	r.released.Add(float64(s.releasedNow))
	if s.event != nil {
		r.Recorder.Eventf(s.integration, nil, s.event.eventType, s.event.reason, actionAutoPublish, "%s", health.Truncate(s.event.note))
	}
	if s.syncEvent != nil {
		syncevent.Log(r.SyncEvents.WithValues("kind", "WordPressIntegration", "namespace", s.integration.Namespace, "name", s.integration.Name), *s.syncEvent)
	}
}

// tooSoon says how long a write has to wait that only tells how many wait. A run
// never does, its time is decided elsewhere; nor does what is said of a spec that
// was edited: tools compare the generations of all conditions.
func (r *Reconciler) tooSoon(s *scope, cached *v1alpha1.WordPressIntegration) time.Duration {
	if s.releasedNow > 0 || sameReport(&s.integration.Status, &cached.Status) || edited(cached) {
		return 0
	}
	return r.pace.Wait(s.name(), s.now)
}

// edited says that the condition AutoPublishing is of an older spec.
func edited(integration *v1alpha1.WordPressIntegration) bool {
	c := meta.FindStatusCondition(integration.Status.Conditions, v1alpha1.ConditionAutoPublishing)
	return c != nil && c.ObservedGeneration != integration.Generation
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package publishrequest reconciles PublishRequests: it sees to it that the post
// of each is at its site, exactly once, and says in status where it is or why
// not.
//
// Where does a 409 become "adopted"? In adopt.go. What does a failure mean? In
// internal/outcome. When is there nothing to do? In settled.go. What holds a
// request before its post is made? approval.go, publishtime.go and release.go.
// Has the site published a post that was left to it? look.go.
// What goes in one call with others? batch.go.
// What becomes of the post when the request is deleted? deletion.go. And when the
// integration belongs to another site? elsewhere.go.
package publishrequest

import (
	"context"
	"sync"
	"time"

	"github.com/go-logr/logr"
	"golang.org/x/sync/semaphore"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/tools/events"
	"k8s.io/utils/clock"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/callmetrics"
	"github.com/igny8/wordpress-operator/internal/fetch"
	"github.com/igny8/wordpress-operator/internal/fieldmapping"
	"github.com/igny8/wordpress-operator/internal/health"
	"github.com/igny8/wordpress-operator/internal/jitter"
	"github.com/igny8/wordpress-operator/internal/phase"
	"github.com/igny8/wordpress-operator/internal/siteaccess"
	"github.com/igny8/wordpress-operator/internal/sitegate"
	"github.com/igny8/wordpress-operator/internal/statuspatch"
)

// +kubebuilder:rbac:groups=publishing.igny8.com,resources=publishrequests,verbs=get;list;watch;patch;delete
// +kubebuilder:rbac:groups=publishing.igny8.com,resources=publishrequests/status,verbs=patch
// +kubebuilder:rbac:groups=publishing.igny8.com,resources=wordpressintegrations,verbs=list;watch
// +kubebuilder:rbac:groups="",resources=configmaps,verbs=get;list;watch
// +kubebuilder:rbac:groups="",resources=secrets,verbs=get
// +kubebuilder:rbac:groups="",resources=namespaces,verbs=get
// +kubebuilder:rbac:groups=events.k8s.io,resources=events,verbs=create

// Options of a Reconciler; every field is required.
type Options struct {
	// Client reads from the cache, which has no inline content.
	Client client.Client
	// Live reads from the API server: content and ConfigMaps.
	Live client.Reader
	// Fetch reads what requests refer to.
	Fetch    *fetch.Fetcher
	Access   *siteaccess.Access
	Recorder events.EventRecorder
	Clock    clock.Clock
	Metrics  *callmetrics.Calls
	// Random spreads retries.
	Random jitter.Random
	// Retest asks for a test of an integration's connection.
	Retest func(context.Context, types.NamespacedName)
	// SyncEvents takes the durable record of what happened (internal/syncevent).
	SyncEvents logr.Logger
}

// Reconciler publishes PublishRequests.
type Reconciler struct {
	Options

	calls *sitegate.Dispatcher[callResult]
	wake  *phase.Waker[*v1alpha1.PublishRequest]
	// mappings are those of the integrations, compiled.
	mappings fieldmapping.Cache
	// bodies is the room for the posts of all batches that are under way.
	bodies *semaphore.Weighted
	// told has the UIDs, by name, of requests whose end was told and that are
	// still there.
	told sync.Map
	// workingSince is the time of the first reconcile.
	workingSince func() time.Time
	// imageSlots has room for the images that are held in memory, and uploadNotes
	// what became of them that no status tells.
	imageSlots  *imageSlots
	uploadNotes *uploadNotes
}

// New returns a Reconciler; SetupWithManager starts it.
func New(o Options) *Reconciler {
	r := &Reconciler{
		Options: o, bodies: semaphore.NewWeighted(maxBatchBodies), imageSlots: newImageSlots(imagesInMemory, slotTimeout), uploadNotes: newUploadNotes(),
		wake:         phase.NewWaker(func() *v1alpha1.PublishRequest { return &v1alpha1.PublishRequest{} }),
		workingSince: sync.OnceValue(o.Clock.Now),
	}
	r.calls = sitegate.New(sitegate.Options[callResult]{
		Wake:    r.wake.Wake,
		Recover: func(p any) callResult { return recovered(p, o.Clock.Now()) },
		Pause:   pauseAfter,
		Judge:   judge,
		DoBatch: r.callBatch,
		Random:  o.Random,
		Clock:   o.Clock,
	})
	return r
}

// Stats counts the calls to sites that wait and run.
func (r *Reconciler) Stats() sitegate.Stats { return r.calls.Stats() }

// Refusals counts the calls to sites that could not start at once.
func (r *Reconciler) Refusals() sitegate.Refusals { return r.calls.Refusals() }

// Queues are those of the sites, by the UID of their integration.
func (r *Reconciler) Queues() map[string]sitegate.Queue { return r.calls.Queues() }

// Release lets the requests of a site that was held back go on.
func (r *Reconciler) Release(integration types.UID) { r.calls.Release(string(integration)) }

// Reconcile brings one request a step further. It never calls the site itself.
func (r *Reconciler) Reconcile(ctx context.Context, req ctrl.Request) (ctrl.Result, error) {
	cached := &v1alpha1.PublishRequest{}
	err := r.Client.Get(ctx, req.NamespacedName, cached)
	if apierrors.IsNotFound(err) {
		r.calls.Forget(req.NamespacedName)
		r.told.Delete(req.NamespacedName)
		r.uploadNotes.forget(req.NamespacedName)
	}
	if err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	s := newScope(cached.DeepCopy(), r.Clock.Now())
	s.workingSince = r.workingSince()
	patcher := statuspatch.New(r.Client, s.request)
	result, err := r.run(ctx, s)
	if err != nil {
		return ctrl.Result{}, err
	}
	result = r.lookWhenDue(s, result)
	s.endHold()
	changed, err := patcher.Patch(ctx, s.request)
	if err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	r.settle(s, changed)
	return ctrl.Result{RequeueAfter: result.After}, nil
}

// run takes the request through its phases until one of them ends it.
func (r *Reconciler) run(ctx context.Context, s *scope) (phase.Result, error) {
	return phase.Run(ctx, s,
		r.reconcileDeletion,
		r.resolveIntegration,
		r.observeSource,
		r.observeImages,
		r.alignFinalizer,
		r.reconcileSuspend,
		r.recordOutcome,
		r.recordLook,
		r.checkSupported,
		r.checkPostType,
		r.checkConflict,
		r.checkSettled,
		r.checkApproval,
		r.checkPublishTime,
		r.checkRelease,
		r.requireIntegration,
		r.checkSite,
		r.requireSource,
		r.checkDue,
		r.guard,
		r.publish,
	)
}

// settle does what follows from a status that is written. A status write that
// fails leaves the outcome of the call where it is recorded again.
func (r *Reconciler) settle(s *scope, changed bool) {
	if s.recorded {
		r.calls.Forget(s.name())
	}
	if s.mediaNoted {
		r.uploadNotes.forget(s.name())
	}
	if !changed {
		return
	}
	if s.event != nil {
		r.Recorder.Eventf(s.request, nil, s.event.eventType, s.event.reason, s.action(), "%s", health.Truncate(s.event.note))
	}
	if s.syncEvent != nil {
		r.log(s, *s.syncEvent)
	}
}

// action is what an Event says was being done.
func (s *scope) action() string {
	if s.request.DeletionTimestamp.IsZero() {
		return actionPublish
	}
	return actionDelete
}

// until is how long it is to a time, at least a second: a requeue of 0 means never.
func (s *scope) until(t time.Time) time.Duration { return max(t.Sub(s.now), time.Second) }

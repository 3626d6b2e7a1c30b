// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/health"
	"github.com/igny8/wordpress-operator/internal/phase"
)

// scope is one reconcile of one request.
type scope struct {
	// request is a copy whose status the phases change. It comes from the cache
	// and has no inline content.
	request *v1alpha1.PublishRequest
	now     time.Time
	// workingSince is when this process began to reconcile.
	workingSince time.Time
	// guarded says that the finalizer is on the request, and version is its
	// resourceVersion: as read, or as patchFinalizers left it.
	guarded bool
	version string

	// sourceVersion is set by observeSource: the resourceVersion of the
	// ConfigMap the content comes from, empty for inline content.
	sourceVersion string
	// sourceProblem is set by observeSource when the ConfigMap is not there.
	sourceProblem *problem
	// imagesVersion and imagesGone are set by observeImages: the versions of the
	// ConfigMaps with images, and whether one does not exist.
	imagesVersion string
	imagesGone    bool

	// integration is set by resolveIntegration unless there is none to use;
	// integrationProblem says why then.
	integration        *v1alpha1.WordPressIntegration
	integrationProblem *problem

	// recorded is set by recordOutcome when an outcome was taken into the status.
	recorded bool
	// again is set when another call follows at once from that outcome.
	again bool
	// mediaNoted is set when the status has the images that the call has brought, as
	// far as they are there still.
	mediaNoted bool
	// asked is set when a ticket was left that tells of the post, and lookAgain when
	// a look at the post failed: how long to leave it alone.
	asked     bool
	lookAgain time.Duration
	// event and syncEvent are set when something happened.
	event     *occurrence
	syncEvent *v1alpha1.SyncEvent
}

// problem is something missing or wrong: the reason and message of a condition.
type problem struct {
	reason, message string
}

// occurrence becomes an Event once the status that goes with it is written.
type occurrence struct {
	eventType, reason, note string
}

func newScope(request *v1alpha1.PublishRequest, now time.Time) *scope {
	return &scope{
		request: request, now: now,
		guarded: controllerutil.ContainsFinalizer(request, v1alpha1.FinalizerPost), version: request.ResourceVersion,
	}
}

func (s *scope) name() types.NamespacedName {
	return types.NamespacedName{Namespace: s.request.Namespace, Name: s.request.Name}
}

func (s *scope) health() health.Status {
	return health.Status{
		Conditions:         &s.request.Status.Conditions,
		ObservedGeneration: &s.request.Status.ObservedGeneration,
		Generation:         s.request.Generation,
		Now:                metav1.NewTime(s.now),
	}
}

// revision names everything a call for this request depends on.
func (s *scope) revision() string {
	return revision(s.request, s.integration, s.sourceVersion+"/"+s.imagesVersion)
}

func (s *scope) condition(conditionType string) *metav1.Condition {
	return meta.FindStatusCondition(s.request.Status.Conditions, conditionType)
}

func (s *scope) wait(p *problem) (phase.Result, error) {
	s.health().Wait(p.reason, p.message)
	return phase.Done(), nil
}

func (s *scope) stall(p *problem) (phase.Result, error) {
	s.health().Stall(p.reason, p.message)
	return phase.Done(), nil
}

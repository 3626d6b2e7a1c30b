// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"context"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/clock"
	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/outcome"
	"github.com/igny8/wordpress-operator/internal/phase"
	"github.com/igny8/wordpress-operator/internal/sitegate"
)

const (
	// maxReadings bounds the sites whose structure is read at the same time: the
	// whole lists of a large one take some megabytes while they are packed.
	maxReadings = 4
	// defaultSyncInterval and defaultUpdateInterval are the CRD's.
	defaultSyncInterval   = time.Hour
	defaultUpdateInterval = 24 * time.Hour
)

// newStructures returns the dispatcher of readings.
func newStructures(clock clock.Clock, wake func(context.Context, types.NamespacedName)) *sitegate.Dispatcher[reading] {
	return sitegate.New(sitegate.Options[reading]{
		MaxInFlight: maxReadings,
		Wake:        wake,
		Recover: func(p any) reading {
			return reading{kind: readingUpdate, err: outcome.Recovered(ctrl.Log, "reading the structure", p), endTime: clock.Now()}
		},
		Clock: clock,
	})
}

// distrustStructure has the structure read again where another site answers now,
// or the same one with a database restored from a backup. It is a change of the
// status, in the same write as the new facts: a crash does not lose it.
func (r *Reconciler) distrustStructure(_ context.Context, s *scope) (phase.Result, error) {
	before, now := s.siteBefore, s.integration.Status.Site
	moved := before.UUID != "" && before.UUID != now.UUID
	restored := before.Epoch != "" && before.Epoch != now.Epoch
	if moved || restored {
		s.integration.Status.Structure.LastUpdateTime = metav1.Time{}
		r.forgetReading(s.name())
	}
	return phase.Proceed, nil
}

// readStructure leaves a ticket if the structure is to be read. Only a site that
// is known to be well, and to be the right one, is asked.
func (r *Reconciler) readStructure(_ context.Context, s *scope) (phase.Result, error) {
	if !s.connected() {
		return phase.Proceed, nil
	}
	s.noteSyncMode()
	if s.reading != nil {
		// The outcome is forgotten once it is written, and would take a ticket that
		// is left now with it.
		s.settled(func() { r.planReading(s) })
		return phase.Proceed, nil
	}
	due, kind, ok := r.readings.next(s.name(), s.readingFacts(), s.now)
	if !ok {
		return phase.Proceed, nil
	}
	if wait := due.Sub(s.now); wait > 0 {
		s.lookAgain(wait)
		return phase.Proceed, nil
	}
	integration, credentials, stop := s.integration.DeepCopy(), s.credentials, r.readingStops.signal(s.name())
	r.structures.Leave(sitegate.Ticket[reading]{
		Site: string(integration.UID), Object: s.name(), Revision: s.readingRevision(), Due: due, MaxConcurrent: 1,
		Do: func(ctx context.Context) reading {
			ctx, done := until(ctx, stop)
			defer done()
			return r.read(ctx, integration, credentials, kind)
		},
	})
	return phase.Proceed, nil
}

// planReading has the integration looked at again when the next reading is due.
func (r *Reconciler) planReading(s *scope) {
	if due, _, ok := r.readings.next(s.name(), s.readingFacts(), s.now); ok {
		s.lookAgain(due.Sub(s.now))
	}
}

// connected says that the site was found well with this very spec.
func (s *scope) connected() bool {
	conditions := s.integration.Status.Conditions
	c := meta.FindStatusCondition(conditions, v1alpha1.ConditionConnected)
	return c != nil && c.Status == metav1.ConditionTrue && c.ObservedGeneration == s.integration.Generation &&
		!meta.IsStatusConditionTrue(conditions, v1alpha1.ConditionStalled)
}

// syncOff says that nothing is read unless an annotation asks for it.
func (s *scope) syncOff() bool { return s.integration.Spec.Sync.Mode == v1alpha1.SyncModePushOnly }

func (s *scope) synced() *metav1.Condition {
	return meta.FindStatusCondition(s.integration.Status.Conditions, v1alpha1.ConditionSynced)
}

// noteSyncMode says that sync is off, and that what is known holds for this
// generation. When sync is on again, the outcome of the next reading says so.
func (s *scope) noteSyncMode() {
	synced := s.synced()
	switch {
	case s.syncOff() && (synced == nil || synced.Reason != v1alpha1.ReasonSyncOff):
		s.health().Set(v1alpha1.ConditionSynced, metav1.ConditionUnknown, v1alpha1.ReasonSyncOff, syncOffMessage)
	case synced != nil:
		synced.ObservedGeneration = s.integration.Generation
	}
}

// readingRevision names everything a reading depends on.
func (s *scope) readingRevision() string {
	return strings.Join([]string{
		s.revision,
		v1alpha1.Requested(s.integration, v1alpha1.AnnotationSyncRequestedAt),
		v1alpha1.Requested(s.integration, v1alpha1.AnnotationStructureRequestedAt),
	}, "\n")
}

// requested says that an annotation asks for what was not done yet.
func (s *scope) requested(annotation string) bool {
	value := v1alpha1.Requested(s.integration, annotation)
	return value != "" && value != v1alpha1.LookUp(s.integration.Status.LastHandled, annotation)
}

// readingFacts is what the status and the spec say about when to read.
func (s *scope) readingFacts() readingFacts {
	status, synced := &s.integration.Status, s.synced()
	structure := &status.Structure
	incomplete := len(structure.Truncated) > 0 && structure.ConfigMapRef.Name == ""
	return readingFacts{
		intervals: readingIntervals{
			sync:   seconds(s.integration.Spec.Sync.IntervalSeconds, defaultSyncInterval),
			update: seconds(s.integration.Spec.Sync.StructureIntervalSeconds, defaultUpdateInterval),
		},
		lastSync: status.LastSyncTime.Time, lastUpdate: structure.LastUpdateTime.Time,
		off:     s.syncOff(),
		unknown: structure.LastUpdateTime.IsZero() || incomplete,
		resumed: synced == nil || synced.Status == metav1.ConditionUnknown,
		failing: synced != nil && synced.Status == metav1.ConditionFalse, hasConfigMap: structure.ConfigMapRef.Name != "",
		syncRequested: s.requested(v1alpha1.AnnotationSyncRequestedAt), updateRequested: s.requested(v1alpha1.AnnotationStructureRequestedAt),
	}
}

func seconds(n int32, unset time.Duration) time.Duration {
	if n == 0 {
		return unset
	}
	return time.Duration(n) * time.Second
}

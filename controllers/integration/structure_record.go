// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"context"
	"errors"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/outcome"
	"github.com/igny8/wordpress-operator/internal/phase"
	"github.com/igny8/wordpress-operator/internal/siteaccess"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

const (
	actionStructureSync = "StructureSync"
	syncOffMessage      = "sync.mode is PushOnly: nothing is read from the site unless an annotation asks for it"
)

// recordReading takes the outcome of a reading into the status. That of a site
// which is not known to be well, or to be the right one, any more is dropped;
// what asked for it still stands. Ready is not touched: posts go to the site
// whether or not it says what it has.
func (r *Reconciler) recordReading(_ context.Context, s *scope) (phase.Result, error) {
	if !s.connected() {
		r.forgetReading(s.name())
		return phase.Proceed, nil
	}
	got, ok := r.structures.Outcome(s.name(), s.readingRevision())
	if !ok {
		return phase.Proceed, nil
	}
	if wordpress.KindOf(got.err) == wordpress.KindCanceled {
		return phase.Done(), nil // the process stops
	}
	s.reading = &got
	s.settled(func() { r.readingRecorded(s, &got) })
	asked := s.echoReading()
	reshaped := s.takeStructure(&got, asked)
	reason, message := v1alpha1.ReasonSynced, got.summary
	if got.err != nil {
		reason, message = readingFailure(got.err)
	}
	known := s.synced()
	changed := known == nil || known.Reason != reason
	s.setSynced(got.err == nil, reason, message)
	if changed || asked && got.err == nil {
		s.occurred(eventTypeOf(got.err), reason, actionStructureSync, message)
	}
	if asked || reshaped || changed && got.err != nil {
		s.record(got.event(message))
	}
	return phase.Proceed, nil
}

// readingRecorded plans the next reading once the outcome is in the status. A
// failure on the way to the site is a reason to test the connection.
func (r *Reconciler) readingRecorded(s *scope, got *reading) {
	r.structures.Forget(s.name())
	if got.err == nil {
		r.readings.succeeded(s.name(), got.kind, got.endTime)
		return
	}
	r.readings.failed(s.name(), got.kind, got.endTime, got.retryAfter())
	if outcome.Of(got.err).Transport {
		r.schedule.hurry(s.name(), s.now)
	}
}

// echoReading notes that what the annotations ask for was attempted, and says
// whether they asked for anything: what came of it is in the condition, and a
// failure is tried again without being asked.
func (s *scope) echoReading() (asked bool) {
	for _, annotation := range []string{v1alpha1.AnnotationSyncRequestedAt, v1alpha1.AnnotationStructureRequestedAt} {
		if s.requested(annotation) {
			asked = true
			s.integration.Status.LastHandled = v1alpha1.Put(s.integration.Status.LastHandled, annotation, v1alpha1.Requested(s.integration, annotation))
		}
	}
	return asked
}

// takeStructure puts what was read into the status, and says whether the site has
// other post types or taxonomies than before. A sync that nobody asked for and
// that found nothing new leaves no trace.
func (s *scope) takeStructure(got *reading, asked bool) (reshaped bool) {
	if got.structure == nil {
		return false
	}
	status, read := &s.integration.Status, *got.structure
	update := got.kind == readingUpdate && got.err == nil
	reshaped = !slices.Equal(shape(&status.Structure), shape(&read))
	read.LastUpdateTime = status.Structure.LastUpdateTime
	changed := !equality.Semantic.DeepEqual(status.Structure, read)
	if update {
		read.LastUpdateTime = metav1.NewTime(got.endTime)
	}
	if changed || update || asked && got.err == nil {
		status.LastSyncTime = metav1.NewTime(got.endTime)
	}
	status.Structure = read
	return reshaped
}

// shape names the post types and taxonomies of a structure.
func shape(structure *v1alpha1.SiteStructure) []string {
	var names []string
	for _, t := range structure.PostTypes {
		names = append(names, "post type "+t.Name)
	}
	for _, t := range structure.Taxonomies {
		names = append(names, "taxonomy "+t.Name)
	}
	return names
}

// setSynced says how the last reading went. While sync is off the condition says
// that, and what came of a reading that was asked for only if it failed.
func (s *scope) setSynced(well bool, reason, message string) {
	switch {
	case s.syncOff() && well:
		s.health().Set(v1alpha1.ConditionSynced, metav1.ConditionUnknown, v1alpha1.ReasonSyncOff, syncOffMessage)
	case s.syncOff():
		s.health().Set(v1alpha1.ConditionSynced, metav1.ConditionUnknown, v1alpha1.ReasonSyncOff,
			fmt.Sprintf("%s; the last one that was asked for failed: %s: %s", syncOffMessage, reason, message))
	case well:
		s.health().Set(v1alpha1.ConditionSynced, metav1.ConditionTrue, reason, message)
	default:
		s.health().Set(v1alpha1.ConditionSynced, metav1.ConditionFalse, reason, message)
	}
}

// readingFailure says what kept the structure from being read or kept.
func readingFailure(err error) (reason, message string) {
	access, conflict := (*siteaccess.Error)(nil), (*configMapConflict)(nil)
	switch {
	case errors.As(err, &access):
		return access.Reason, access.Message
	case errors.As(err, &conflict):
		return v1alpha1.ReasonConfigMapConflict, conflict.Error()
	case apierrors.IsForbidden(err), apierrors.IsInvalid(err):
		return v1alpha1.ReasonConfigMapNotWritable, "the API server refuses the ConfigMap with the whole lists; see to it that it can be written: " + err.Error()
	case wordpress.KindOf(err) == wordpress.KindPluginMissing:
		// The plugin answered the test of the connection: it is this route that it lacks.
		return v1alpha1.ReasonPluginTooOld, "the plugin igny8-wp-bridge of the site cannot say what the site has; update it"
	}
	return outcome.Of(err).Reason, err.Error()
}

func eventTypeOf(err error) string {
	if err != nil {
		return corev1.EventTypeWarning
	}
	return corev1.EventTypeNormal
}

// event is the record of a reading.
func (r *reading) event(message string) v1alpha1.SyncEvent {
	event := v1alpha1.SyncEvent{
		EventType: v1alpha1.SyncEventTypeMetadataSync, Action: actionStructureSync, Success: r.err == nil,
		Details:              []v1alpha1.NamedValue{{Name: "reading", Value: string(r.kind)}},
		DurationMilliseconds: r.endTime.Sub(r.startTime).Milliseconds(), CreatedTime: metav1.NewTime(r.endTime),
	}
	if r.err != nil {
		event.Description, event.ErrorMessage = "reading the site's structure failed", message
	} else {
		event.Description = message
	}
	return event
}

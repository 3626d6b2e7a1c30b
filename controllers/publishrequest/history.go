// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"cmp"
	"fmt"
	"strconv"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/syncevent"
)

// The product's names for what is done with a post (SyncEvent.action).
const (
	actionContentPublish = "ContentPublish"
	actionContentUpdate  = "ContentUpdate"
	actionContentDelete  = "ContentDelete"
)

// actionOf is the action of a call.
func actionOf(call callResult) string {
	switch {
	case call.removes:
		return actionContentDelete
	case call.update:
		return actionContentUpdate
	}
	return actionContentPublish
}

// syncEvent is what a SyncEvent has beside what the call gives.
type syncEvent struct {
	success                   bool
	description, errorMessage string
	postID                    int64
}

// record puts an event into the history, the authoritative record, and hands it
// to the log. An outcome that is recorded again after a failed write is the same
// event: its time is the call's.
func (s *scope) record(call callResult, e syncEvent) {
	event := s.newSyncEvent(call, e)
	s.request.Status.History = syncevent.Append(s.request.Status.History, event)
	s.syncEvent = &event
}

// newSyncEvent is the complete record of a call.
func (s *scope) newSyncEvent(call callResult, e syncEvent) v1alpha1.SyncEvent {
	event := v1alpha1.SyncEvent{
		EventType:            v1alpha1.SyncEventTypePublish,
		Action:               actionOf(call),
		Description:          e.description,
		Success:              e.success,
		ContentID:            s.request.Spec.ContentID,
		ErrorMessage:         e.errorMessage,
		DurationMilliseconds: call.endTime.Sub(call.startTime).Milliseconds(),
		CreatedTime:          metav1.NewTime(call.endTime),
	}
	if e.postID != 0 {
		event.ExternalID = strconv.FormatInt(e.postID, 10)
	}
	return event
}

// recordFailure records a failed call and makes it an Event.
func (s *scope) recordFailure(call callResult, reason, message string) {
	s.noteAttempt(call, s.nextAttempt(call), reason)
	s.event = &occurrence{corev1.EventTypeWarning, reason, message}
	s.record(call, syncEvent{description: s.description(call), errorMessage: message, postID: s.request.Status.Post.ID})
}

// description says what a call that failed was for.
func (s *scope) description(call callResult) string {
	switch {
	case call.removes:
		return fmt.Sprintf("remove %q", s.title(call))
	case call.update:
		return fmt.Sprintf("update %q", s.title(call))
	}
	return fmt.Sprintf("publish %q", s.title(call))
}

// title is how the history calls the post: by its title, or by the request as
// long as nobody has read a title.
func (s *scope) title(call callResult) string {
	return cmp.Or(call.title, s.request.Spec.Title, s.request.Name)
}

func (s *scope) integrationName() types.NamespacedName {
	return types.NamespacedName{Namespace: s.integration.Namespace, Name: s.integration.Name}
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"cmp"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/jitter"
)

// trashed is WordPress's status of a post in the trash.
const trashed = "trash"

func missingPolicy(request *v1alpha1.PublishRequest) v1alpha1.MissingPolicy {
	return cmp.Or(request.Spec.MissingPolicy, v1alpha1.MissingPolicyRecreate)
}

// isDeleted says that the post was not there, or in the trash, when it was last
// looked for.
func isDeleted(request *v1alpha1.PublishRequest) bool {
	c := meta.FindStatusCondition(request.Status.Conditions, v1alpha1.ConditionPublished)
	return c != nil && c.Reason == v1alpha1.ReasonPostDeleted
}

// isMissing says that the post was deleted for good.
func isMissing(request *v1alpha1.PublishRequest) bool {
	return isDeleted(request) && request.Status.Post.Status != trashed
}

// recordMissing notes that the post is not there any more, before another one is
// made in its place. Of a post in the trash it is told only if it stays there.
func (s *scope) recordMissing(call callResult, inTrash bool, random jitter.Random) {
	status := &s.request.Status
	message := fmt.Sprintf("post %d was deleted at the site", status.Post.ID)
	if inTrash {
		status.Post.Status = trashed
		message = fmt.Sprintf("post %d is in the trash of the site", status.Post.ID)
	} else {
		status.Media = nil // they may be gone with it, or have been another site's
	}
	status.ContentStatus = v1alpha1.ContentStatusDraft
	s.endConflict()
	s.health().Set(v1alpha1.ConditionPublished, metav1.ConditionFalse, v1alpha1.ReasonPostDeleted, message)
	s.health().Set(v1alpha1.ConditionSynced, metav1.ConditionFalse, v1alpha1.ReasonPostDeleted, message)
	s.event = &occurrence{corev1.EventTypeWarning, v1alpha1.ReasonPostDeleted, message}
	s.record(call, syncEvent{description: s.description(call), errorMessage: message, postID: status.Post.ID})
	s.settleMissing(call, message, random)
}

// settleMissing does what missingPolicy says.
func (s *scope) settleMissing(call callResult, message string, random jitter.Random) {
	switch missingPolicy(s.request) {
	case v1alpha1.MissingPolicyLeave:
		s.noteAttempt(call, 0, v1alpha1.ReasonPostDeleted)
		s.health().Succeed(v1alpha1.ReasonPostDeleted, message+"; it is left so, as missingPolicy Leave says")
	case v1alpha1.MissingPolicyRestore:
		s.noteAttempt(call, 0, v1alpha1.ReasonPostDeleted)
		s.health().Stall(v1alpha1.ReasonPostDeleted, message+" for good, and cannot be restored; set missingPolicy Recreate to make it anew, or Leave")
	default:
		s.goOn(call, v1alpha1.ReasonPostDeleted, message+"; it is made anew, as missingPolicy Recreate says", random)
	}
}

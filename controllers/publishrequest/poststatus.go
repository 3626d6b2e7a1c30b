// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// contentStatus is the app's word for WordPress's status (contract 2). A status
// of a plugin's making is somebody's review.
func contentStatus(wordPress string) v1alpha1.ContentStatus {
	switch wordPress {
	case "publish", "private":
		return v1alpha1.ContentStatusPublished
	case "draft", "auto-draft", "trash":
		return v1alpha1.ContentStatusDraft
	default:
		return v1alpha1.ContentStatusReview
	}
}

// setPublished sets the condition Published from the post that is known.
func (s *scope) setPublished() {
	post := s.request.Status.Post
	message := fmt.Sprintf("post %d has the status %s at the site", post.ID, post.Status)
	switch status := s.request.Status.ContentStatus; {
	case status == v1alpha1.ContentStatusPublished:
		s.health().Set(v1alpha1.ConditionPublished, metav1.ConditionTrue, v1alpha1.ReasonPublished, message)
	case hasMissedSchedule(s.request):
		s.health().Set(v1alpha1.ConditionPublished, metav1.ConditionFalse, v1alpha1.ReasonScheduleMissed, s.missed())
	case status == v1alpha1.ContentStatusDraft:
		s.health().Set(v1alpha1.ConditionPublished, metav1.ConditionFalse, v1alpha1.ReasonDraft, message)
	default:
		s.health().Set(v1alpha1.ConditionPublished, metav1.ConditionFalse, v1alpha1.ReasonInReview, message)
	}
}

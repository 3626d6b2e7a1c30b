// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/phase"
)

// checkApproval holds a request whose spec nobody has approved as it is.
func (r *Reconciler) checkApproval(_ context.Context, s *scope) (phase.Result, error) {
	switch {
	case !awaitsApproval(s.request) && !approvalUsed(s.request):
		return phase.Proceed, nil
	case awaitsApproval(s.request) && s.mayHold():
		r.hold(s, v1alpha1.ReasonAwaitingApproval, approvalMessage(s.request))
		return phase.Done(), nil
	case s.mayHold() && s.integration != nil:
		r.hold(s, v1alpha1.ReasonAwaitingApproval, approvedElsewhereMessage(s.request, s.integration))
		return phase.Done(), nil
	}
	// Of a post that is there, the content decides: what changes nothing at the
	// site needs no approval.
	return phase.Result{Done: s.onHold() && verdictIsCurrent(s)}, nil
}

// recordUnapproved holds the update of a post back. The post stays what it is.
func (s *scope) recordUnapproved(call callResult) {
	s.noteSource(call)
	message := approvalMessage(s.request)
	if !awaitsApproval(s.request) {
		message = changedSinceMessage(s.request, call.sourceDigest)
	}
	s.request.Status.Attempts.NextTime = metav1.Time{}
	for _, known := range []string{v1alpha1.ConditionPublished, v1alpha1.ConditionConflict} {
		if c := s.condition(known); c != nil { // still so, of this generation
			s.health().Set(known, c.Status, c.Reason, c.Message)
		}
	}
	s.health().Set(v1alpha1.ConditionSynced, metav1.ConditionFalse, v1alpha1.ReasonAwaitingApproval, message)
	s.health().Succeed(v1alpha1.ReasonAwaitingApproval, message)
}

func approvalMessage(request *v1alpha1.PublishRequest) string {
	return fmt.Sprintf("waits for approval: set annotation %s to \"%d\", the generation that is to be published",
		v1alpha1.AnnotationApprovedGeneration, request.Generation)
}

// changedSinceMessage is for a content that changed while the generation did not:
// that of a ConfigMap or of an image.
func changedSinceMessage(request *v1alpha1.PublishRequest, digest string) string {
	const enough = 8
	return fmt.Sprintf("the content changed after it was approved: set annotation %s to \"%d:%s\" to approve it as it is now",
		v1alpha1.AnnotationApprovedGeneration, request.Generation, digest[max(0, len(digest)-enough):])
}

// awaitsApproval says that the spec needs an approval it does not have. One of
// any other generation is one of another text. What follows a colon makes another
// approval of the same generation.
func awaitsApproval(request *v1alpha1.PublishRequest) bool {
	generation, _, _ := strings.Cut(request.Annotations[v1alpha1.AnnotationApprovedGeneration], ":")
	return request.Spec.Approval == v1alpha1.ApprovalRequired && generation != strconv.FormatInt(request.Generation, 10)
}

// approvalUsed says that what the approval was given for has been written: it
// says nothing about a content that has changed since.
func approvalUsed(request *v1alpha1.PublishRequest) bool {
	value := v1alpha1.Requested(request, v1alpha1.AnnotationApprovedGeneration)
	return request.Spec.Approval == v1alpha1.ApprovalRequired && value != "" &&
		value == v1alpha1.LookUp(request.Status.LastHandled, v1alpha1.AnnotationApprovedGeneration)
}

// noteApproval echoes the annotation in the very write that notes the post.
func (s *scope) noteApproval() {
	if s.request.Spec.Approval == v1alpha1.ApprovalRequired && !awaitsApproval(s.request) {
		s.request.Status.LastHandled = v1alpha1.Put(s.request.Status.LastHandled, v1alpha1.AnnotationApprovedGeneration,
			v1alpha1.Requested(s.request, v1alpha1.AnnotationApprovedGeneration))
	}
}

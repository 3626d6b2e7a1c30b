// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"context"
	"fmt"
	"strconv"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/phase"
)

// checkApproval holds a request whose spec nobody has approved as it is.
func (r *Reconciler) checkApproval(_ context.Context, s *scope) (phase.Result, error) {
	if !s.mayHold() || !awaitsApproval(s.request) {
		return phase.Proceed, nil
	}
	r.hold(s, v1alpha1.ReasonAwaitingApproval, fmt.Sprintf("waits for approval: set annotation %s to \"%d\", the generation that is to be published",
		v1alpha1.AnnotationApprovedGeneration, s.request.Generation))
	return phase.Done(), nil
}

// awaitsApproval says that the spec needs an approval it does not have. One of
// any other generation is one of another text.
func awaitsApproval(request *v1alpha1.PublishRequest) bool {
	return request.Spec.Approval == v1alpha1.ApprovalRequired &&
		request.Annotations[v1alpha1.AnnotationApprovedGeneration] != strconv.FormatInt(request.Generation, 10)
}

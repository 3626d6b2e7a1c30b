// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"context"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/phase"
)

// checkPublishTime holds a request until its time has come, unless the site does.
func (r *Reconciler) checkPublishTime(_ context.Context, s *scope) (phase.Result, error) {
	publishTime := s.request.Spec.PublishTime
	if !s.mayHold() || s.siteSchedules() || !publishTime.After(s.now) {
		return phase.Proceed, nil
	}
	r.hold(s, v1alpha1.ReasonScheduled, "waits for publishTime")
	return phase.DoneFor(publishTime.Sub(s.now)), nil
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"context"

	"github.com/igny8/wordpress-operator/internal/phase"
)

// reconcileSuspend stops the request where it is; what was known stays.
func (r *Reconciler) reconcileSuspend(_ context.Context, s *scope) (phase.Result, error) {
	if !s.request.Spec.Suspend {
		return phase.Proceed, nil
	}
	r.calls.Forget(s.name())
	s.health().Suspend()
	return phase.Done(), nil
}

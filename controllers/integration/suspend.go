// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"context"

	"github.com/igny8/wordpress-operator/internal/phase"
)

// reconcileDeletion leaves an integration that is going away alone. It has no
// finalizer: posts stay at the site, and requests say that it is missing.
func (r *Reconciler) reconcileDeletion(_ context.Context, s *scope) (phase.Result, error) {
	if s.integration.DeletionTimestamp.IsZero() {
		return phase.Proceed, nil
	}
	r.forget(s.name())
	return phase.Done(), nil
}

// reconcileSuspend stops every call to the site; what was known stays.
func (r *Reconciler) reconcileSuspend(_ context.Context, s *scope) (phase.Result, error) {
	if !s.integration.Spec.Suspend {
		return phase.Proceed, nil
	}
	r.forget(s.name())
	s.health().Suspend()
	return phase.Done(), nil
}

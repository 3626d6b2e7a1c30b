// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"context"
)

// reconcileDeletion leaves an integration that is going away alone. It has no
// finalizer: posts stay at the site, and requests say that it is missing.
func (r *Reconciler) reconcileDeletion(_ context.Context, s *scope) (result, error) {
	if s.integration.DeletionTimestamp.IsZero() {
		return proceed, nil
	}
	r.forget(s.name())
	return done(), nil
}

// reconcileSuspend stops every call to the site; what was known stays.
func (r *Reconciler) reconcileSuspend(_ context.Context, s *scope) (result, error) {
	if !s.integration.Spec.Suspend {
		return proceed, nil
	}
	r.forget(s.name())
	s.health().Suspend()
	return done(), nil
}

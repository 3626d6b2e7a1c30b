// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import "context"

// reconcileDeletion leaves a request that is going away alone: its post stays,
// and it has no finalizer.
func (r *Reconciler) reconcileDeletion(_ context.Context, s *scope) (result, error) {
	if s.request.DeletionTimestamp.IsZero() {
		return proceed, nil
	}
	r.calls.Forget(s.name())
	return done(), nil
}

// reconcileSuspend stops the request where it is; what was known stays.
func (r *Reconciler) reconcileSuspend(_ context.Context, s *scope) (result, error) {
	if !s.request.Spec.Suspend {
		return proceed, nil
	}
	r.calls.Forget(s.name())
	s.health().Suspend()
	return done(), nil
}

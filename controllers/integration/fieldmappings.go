// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"context"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/phase"
)

// checkFieldMappings stalls an integration whose mappings cannot be used, before
// the first request finds out.
func (r *Reconciler) checkFieldMappings(_ context.Context, s *scope) (phase.Result, error) {
	_, err := r.mappings.Get(s.integration)
	if err == nil {
		return phase.Proceed, nil
	}
	s.health().Stall(v1alpha1.ReasonFieldMappingInvalid, err.Error())
	r.forget(s.name())
	return phase.Done(), nil
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"context"
	"fmt"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/destination"
	"github.com/igny8/wordpress-operator/internal/phase"
)

// resolveIntegration finds the integration the request goes through.
func (r *Reconciler) resolveIntegration(ctx context.Context, s *scope) (phase.Result, error) {
	integration, missing, err := destination.Resolve(ctx, r.Client, s.request)
	if err != nil {
		return phase.Done(), err
	}
	s.integration = integration
	if missing != nil {
		s.integrationProblem = &problem{missing.Reason, missing.Message}
	}
	return phase.Proceed, nil
}

// requireIntegration waits until the site can be published to. While nothing is
// known yet, or a retry is planned already, the status stays as it is.
func (r *Reconciler) requireIntegration(_ context.Context, s *scope) (phase.Result, error) {
	problem, pending := notReady(s)
	if problem == nil && !pending {
		return phase.Proceed, nil
	}
	r.calls.Forget(s.name())
	if pending || (s.retryPlanned() && problem.reason == v1alpha1.ReasonIntegrationNotReady) {
		return phase.Done(), nil
	}
	return s.wait(problem)
}

// notReady says why the integration cannot be used; pending says that it was
// not tested yet as it is.
func notReady(s *scope) (p *problem, pending bool) { return s.notReadyBy(destination.NotReady) }

func (s *scope) notReadyBy(notReady readiness) (p *problem, pending bool) {
	if s.integration == nil {
		return s.integrationProblem, false
	}
	why, pending := notReady(s.integration)
	if why == "" {
		return nil, pending
	}
	return &problem{v1alpha1.ReasonIntegrationNotReady, fmt.Sprintf("WordPressIntegration %q %s", s.integration.Name, why)}, false
}

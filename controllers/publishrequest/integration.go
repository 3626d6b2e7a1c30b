// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/phase"
)

// resolveIntegration finds the integration the request goes through.
func (r *Reconciler) resolveIntegration(ctx context.Context, s *scope) (phase.Result, error) {
	if s.request.Spec.IntegrationRef.Name == "" {
		return phase.Proceed, r.resolveBySite(ctx, s)
	}
	name := s.request.Spec.IntegrationRef.Name
	integration := &v1alpha1.WordPressIntegration{}
	err := r.Client.Get(ctx, client.ObjectKey{Namespace: s.request.Namespace, Name: name}, integration)
	if apierrors.IsNotFound(err) {
		s.integrationProblem = &problem{v1alpha1.ReasonIntegrationNotFound, fmt.Sprintf("WordPressIntegration %q does not exist; create it", name)}
		return phase.Proceed, nil
	}
	if err != nil {
		return phase.Done(), fmt.Errorf("get integration %q: %w", name, err)
	}
	s.integration = integration
	return phase.Proceed, nil
}

// resolveBySite takes the only active integration with the app's site id.
func (r *Reconciler) resolveBySite(ctx context.Context, s *scope) error {
	list := &v1alpha1.WordPressIntegrationList{}
	err := r.Client.List(ctx, list, client.InNamespace(s.request.Namespace),
		client.MatchingFields{indexIntegrationSite: siteKey(s.request.Spec.SiteID)})
	if err != nil {
		return fmt.Errorf("list integrations of site %d: %w", s.request.Spec.SiteID, err)
	}
	active := slices.DeleteFunc(list.Items, func(i v1alpha1.WordPressIntegration) bool {
		return i.Spec.Suspend || !i.DeletionTimestamp.IsZero()
	})
	switch len(active) {
	case 0:
		s.integrationProblem = &problem{v1alpha1.ReasonIntegrationNotFound,
			fmt.Sprintf("no active WordPressIntegration has siteID %d; create it, or set integrationRef", s.request.Spec.SiteID)}
	case 1:
		s.integration = &active[0]
	default:
		s.integrationProblem = &problem{v1alpha1.ReasonIntegrationAmbiguous,
			fmt.Sprintf("WordPressIntegrations %s all have siteID %d; set integrationRef", names(active), s.request.Spec.SiteID)}
	}
	return nil
}

// maxNames keeps a message about many integrations short.
const maxNames = 3

func names(integrations []v1alpha1.WordPressIntegration) string {
	var quoted []string
	for i := range integrations {
		quoted = append(quoted, fmt.Sprintf("%q", integrations[i].Name))
	}
	slices.Sort(quoted)
	if len(quoted) > maxNames {
		quoted = append(quoted[:maxNames], "...")
	}
	return strings.Join(quoted, ", ")
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
func notReady(s *scope) (p *problem, pending bool) {
	if s.integration == nil {
		return s.integrationProblem, false
	}
	integration := s.integration
	not := func(why string) *problem {
		return &problem{v1alpha1.ReasonIntegrationNotReady, fmt.Sprintf("WordPressIntegration %q %s", integration.Name, why)}
	}
	if !integration.DeletionTimestamp.IsZero() {
		return not("is being deleted"), false
	}
	if integration.Spec.Suspend {
		return not("is suspended"), false
	}
	if stalled := meta.FindStatusCondition(integration.Status.Conditions, v1alpha1.ConditionStalled); stalled != nil && stalled.Status == metav1.ConditionTrue {
		return not("is stalled: " + stalled.Reason), false
	}
	connected := meta.FindStatusCondition(integration.Status.Conditions, v1alpha1.ConditionConnected)
	if connected == nil || connected.ObservedGeneration != integration.Generation {
		return nil, true
	}
	if connected.Status != metav1.ConditionTrue {
		return not("is not connected: " + connected.Reason), false
	}
	return nil, false
}

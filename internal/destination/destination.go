// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package destination finds the integration that a request goes through, and
// says whether its site can be published to now. Every controller that acts for
// requests has to come to the same answer.
package destination

import (
	"context"
	"fmt"
	"slices"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// Problem is why a request has no integration: reason and message of a condition.
type Problem struct {
	Reason, Message string
}

// Resolve returns the integration of a request, or the problem that there is
// none to use. The reader needs the index of [AddIndexes].
func Resolve(ctx context.Context, reader client.Reader, request *v1alpha1.PublishRequest) (*v1alpha1.WordPressIntegration, *Problem, error) {
	name := request.Spec.IntegrationRef.Name
	if name == "" {
		return resolveBySite(ctx, reader, request)
	}
	integration := &v1alpha1.WordPressIntegration{}
	err := reader.Get(ctx, client.ObjectKey{Namespace: request.Namespace, Name: name}, integration)
	if apierrors.IsNotFound(err) {
		return nil, &Problem{v1alpha1.ReasonIntegrationNotFound, fmt.Sprintf("WordPressIntegration %q does not exist; create it", name)}, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("get integration %q: %w", name, err)
	}
	return integration, nil, nil
}

// resolveBySite takes the only active integration with the app's site id.
func resolveBySite(ctx context.Context, reader client.Reader, request *v1alpha1.PublishRequest) (*v1alpha1.WordPressIntegration, *Problem, error) {
	active, err := ActiveOfSite(ctx, reader, request.Namespace, request.Spec.SiteID)
	if err != nil {
		return nil, nil, err
	}
	switch len(active) {
	case 0:
		return nil, &Problem{v1alpha1.ReasonIntegrationNotFound,
			fmt.Sprintf("no active WordPressIntegration has siteID %d; create it, or set integrationRef", request.Spec.SiteID)}, nil
	case 1:
		return &active[0], nil, nil
	default:
		return nil, &Problem{v1alpha1.ReasonIntegrationAmbiguous,
			fmt.Sprintf("WordPressIntegrations %s all have siteID %d; set integrationRef", names(active), request.Spec.SiteID)}, nil
	}
}

// ActiveOfSite returns the integrations of a namespace with the app's site id
// that are neither suspended nor being deleted. Requests that name the site
// alone go through the only one of them.
func ActiveOfSite(ctx context.Context, reader client.Reader, namespace string, siteID int64) ([]v1alpha1.WordPressIntegration, error) {
	list := &v1alpha1.WordPressIntegrationList{}
	err := reader.List(ctx, list, client.InNamespace(namespace), client.MatchingFields{indexIntegrationSite: SiteKey(siteID)})
	if err != nil {
		return nil, fmt.Errorf("list integrations of site %d: %w", siteID, err)
	}
	return slices.DeleteFunc(list.Items, func(i v1alpha1.WordPressIntegration) bool {
		return i.Spec.Suspend || !i.DeletionTimestamp.IsZero()
	}), nil
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

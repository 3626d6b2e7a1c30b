// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package destination

import (
	"context"

	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/predicate"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// Way is how a request names its integration: by its name or, without one, by
// the app's site id.
type Way struct {
	Name   string
	SiteID int64
}

// WayOf returns that of a request.
func WayOf(request *v1alpha1.PublishRequest) Way {
	if name := request.Spec.IntegrationRef.Name; name != "" {
		return Way{Name: name}
	}
	return Way{SiteID: request.Spec.SiteID}
}

// Through returns the names of the integrations of a namespace that requests of
// one way may go through: one or none if they name it, several if they name a
// site that several have.
func Through(ctx context.Context, reader client.Reader, namespace string, way Way) ([]string, error) {
	switch {
	case way.Name != "":
		return []string{way.Name}, nil
	case way.SiteID == 0:
		return nil, nil
	}
	active, err := ActiveOfSite(ctx, reader, namespace, way.SiteID)
	names := make([]string, len(active))
	for i := range active {
		names[i] = active[i].Name
	}
	return names, err
}

// Ways are those of the requests that go through an integration: those that name
// it and, if it is the only active one of its site, those that name the site.
func Ways(ctx context.Context, reader client.Reader, integration *v1alpha1.WordPressIntegration) ([]Way, error) {
	ways := []Way{{Name: integration.Name}}
	site := Way{SiteID: integration.Spec.SiteID}
	names, err := Through(ctx, reader, integration.Namespace, site)
	if len(names) == 1 && names[0] == integration.Name {
		ways = append(ways, site)
	}
	return ways, err
}

// ActiveTurned passes the changes by which an integration comes to be one of
// ActiveOfSite, or ceases to be: whether the requests that name the site go
// through one of them depends on the others.
func ActiveTurned() predicate.Predicate {
	return predicate.Funcs{UpdateFunc: func(e event.UpdateEvent) bool {
		before, after := e.ObjectOld.(*v1alpha1.WordPressIntegration), e.ObjectNew.(*v1alpha1.WordPressIntegration)
		return before.Spec.SiteID != after.Spec.SiteID || before.Spec.Suspend != after.Spec.Suspend ||
			before.DeletionTimestamp.IsZero() != after.DeletionTimestamp.IsZero()
	}}
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package destination

import (
	"context"
	"fmt"
	"strconv"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// indexIntegrationSite is of integrations: the app's site id.
const indexIntegrationSite = "siteID"

// AddIndexes registers the index that Resolve and ActiveOfSite read. One of the
// controllers that share a cache does so.
func AddIndexes(ctx context.Context, indexer client.FieldIndexer) error {
	values := func(object client.Object) []string {
		if key := SiteKey(object.(*v1alpha1.WordPressIntegration).Spec.SiteID); key != "" {
			return []string{key}
		}
		return nil
	}
	if err := indexer.IndexField(ctx, &v1alpha1.WordPressIntegration{}, indexIntegrationSite, values); err != nil {
		return fmt.Errorf("index integrations by site: %w", err)
	}
	return nil
}

// SiteKey is the app's site id as the value of an index, empty for none.
func SiteKey(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}

// SiteOf is the SiteKey of a request that finds its integration by the app's
// site id, empty for one that names it.
func SiteOf(request *v1alpha1.PublishRequest) string {
	if request.Spec.IntegrationRef.Name != "" {
		return ""
	}
	return SiteKey(request.Spec.SiteID)
}

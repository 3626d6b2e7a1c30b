// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"math"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// facts is what the status says about a site. The client has cut and sorted what
// the site answers: neither length nor order makes a change.
func facts(site *wordpress.Site, restURL string) v1alpha1.SiteStatus {
	multisite := v1alpha1.MultisiteDisabled
	if site.Multisite {
		multisite = v1alpha1.MultisiteEnabled
	}
	return v1alpha1.SiteStatus{
		UUID:             site.UUID,
		Epoch:            site.Epoch,
		RESTURL:          restURL,
		HomeURL:          site.HomeURL,
		Name:             site.Name,
		WordPressVersion: site.WordPressVersion,
		PHPVersion:       site.PHPVersion,
		PluginVersion:    site.PluginVersion,
		Locale:           site.Locale,
		TimeZone:         site.TimeZone,
		Multisite:        multisite,
		Capabilities:     site.Capabilities,
		SEOPlugins:       site.SEOPlugins,

		BlockEditorPostTypes: site.BlockEditorPostTypes,
		Limits: v1alpha1.SiteLimits{
			UploadBytes:      site.Limits.UploadMaxBytes,
			RequestBytes:     site.Limits.PostMaxBytes,
			MemoryBytes:      site.Limits.MemoryBytes,
			ExecutionSeconds: int32(min(site.Limits.ExecutionSeconds, math.MaxInt32)),
		},
	}
}

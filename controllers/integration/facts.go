// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"math"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/siteaccess"
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
		Limits: v1alpha1.SiteLimits{
			UploadBytes:      site.Limits.UploadMaxBytes,
			RequestBytes:     site.Limits.PostMaxBytes,
			MemoryBytes:      site.Limits.MemoryBytes,
			ExecutionSeconds: int32(min(site.Limits.ExecutionSeconds, math.MaxInt32)),
		},
	}
}

// accept notes that the site takes the key. It takes one at a time.
func accept(keys []v1alpha1.APIKeyStatus, credentials siteaccess.Credentials, test testResult) []v1alpha1.APIKeyStatus {
	if keyAccepted(keys, credentials.Digest) {
		return keys
	}
	return []v1alpha1.APIKeyStatus{{
		Digest: credentials.Digest, CallbackDigest: credentials.CallbackDigest,
		State: v1alpha1.APIKeyStateAccepted, SinceTime: metav1.NewTime(test.endTime),
	}}
}

func keyAccepted(keys []v1alpha1.APIKeyStatus, digest string) bool {
	return slices.ContainsFunc(keys, func(k v1alpha1.APIKeyStatus) bool {
		return k.Digest == digest && k.State == v1alpha1.APIKeyStateAccepted
	})
}

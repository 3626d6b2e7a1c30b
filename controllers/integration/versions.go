// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"fmt"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

const (
	// minPluginVersion is the first plugin that speaks docs/spec/rest-api.md.
	minPluginVersion = "2.0.0"
	// minWordPressVersion is what the plugin needs ("Requires at least").
	minWordPressVersion = "6.1"
)

// tooOld says which version of a site is too old, if any.
func tooOld(site *wordpress.Site) (reason, message string) {
	switch {
	case wordpress.Older(site.PluginVersion, minPluginVersion):
		return v1alpha1.ReasonPluginTooOld, fmt.Sprintf("the plugin igny8-wp-bridge of the site is older than %s; update it", minPluginVersion)
	case wordpress.Older(site.WordPressVersion, minWordPressVersion):
		return v1alpha1.ReasonWordPressTooOld, fmt.Sprintf("the WordPress of the site is older than %s; update it", minWordPressVersion)
	}
	return "", ""
}

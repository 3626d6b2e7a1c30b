// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"fmt"

	"github.com/Masterminds/semver/v3"

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
	case older(site.PluginVersion, minPluginVersion):
		return v1alpha1.ReasonPluginTooOld, fmt.Sprintf("the plugin igny8-wp-bridge of the site is older than %s; update it", minPluginVersion)
	case older(site.WordPressVersion, minWordPressVersion):
		return v1alpha1.ReasonWordPressTooOld, fmt.Sprintf("the WordPress of the site is older than %s; update it", minWordPressVersion)
	}
	return "", ""
}

// older compares versions; what comes before a release (6.8-beta2) counts as the
// release, and a version that is none counts as new enough.
func older(version, minimum string) bool {
	v, err := semver.NewVersion(version)
	if err != nil {
		return false
	}
	release := semver.New(v.Major(), v.Minor(), v.Patch(), "", "")
	return release.LessThan(semver.MustParse(minimum))
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import "github.com/Masterminds/semver/v3"

// Older compares a version that a site reports with a release; what comes before
// a release (6.8-beta2) counts as the release, and a version that is none counts
// as new enough.
func Older(version, minimum string) bool {
	v, err := semver.NewVersion(version)
	if err != nil {
		return false
	}
	release := semver.New(v.Major(), v.Minor(), v.Patch(), "", "")
	return release.LessThan(semver.MustParse(minimum))
}

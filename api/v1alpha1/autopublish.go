// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

import "slices"

// Releases says whether the request with the UID is released.
func (s *AutoPublishStatus) Releases(uid string) bool {
	return slices.Contains(s.CurrentRun.Released, uid) || slices.Contains(s.Outstanding, uid)
}

// AllReleased returns the UIDs of the requests that are released: those of the
// newest run, then those of earlier runs that have no post yet.
func (s *AutoPublishStatus) AllReleased() []string {
	return slices.Concat(s.CurrentRun.Released, s.Outstanding)
}

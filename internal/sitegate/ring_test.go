// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package sitegate

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNamespacesTakeTurnsBeforeTheirSites(t *testing.T) {
	var r ring
	for _, s := range [][2]string{{"big", "b1"}, {"big", "b2"}, {"big", "b3"}, {"small", "s1"}, {"other", "o1"}} {
		r.add(s[0], s[1])
	}
	namespaces := map[string]string{"b1": "big", "b2": "big", "b3": "big", "s1": "small", "o1": "other"}
	closed := map[string]bool{"o1": true}
	var turns []string
	for range 6 {
		site, _ := r.take(func(_, site string) bool { return !closed[site] })
		turns = append(turns, site)
		r.add(namespaces[site], site)
	}
	if diff := cmp.Diff([]string{"b1", "s1", "b2", "s1", "b3", "s1"}, turns); diff != "" {
		t.Errorf("turns (-want +got):\n%s", diff)
	}
	r.remove("s1")
	r.remove("o1")
	r.remove("unknown")
	var left []string
	r.each(func(site string) { left = append(left, site) })
	if diff := cmp.Diff([]string{"b1", "b2", "b3"}, left); diff != "" {
		t.Errorf("left (-want +got):\n%s", diff)
	}
}

func TestNothingOpenIsNoTurn(t *testing.T) {
	var r ring
	r.add("a", "x")
	if site, ok := r.take(func(string, string) bool { return false }); ok {
		t.Errorf("%s was taken though it is closed", site)
	}
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

//go:build cluster

package cluster

import (
	"strings"
	"testing"
)

// names find leftovers of the product: every object that it brings or makes has one of
// these in its name.
var names = []string{"igny8", "webhookserver"}

// Posts are not the cluster's: they stay.
func TestUninstallLeavesNothing(t *testing.T) {
	install(t, setup{})
	m := newTeam(t)
	m.connect()
	m.create(m.request("hello"))
	m.awaitPublished(1)
	uninstall(t, setup{})
	m.wantPosts(1)
	for _, namespaced := range []string{"true", "false"} {
		kinds := kubectl(t, "", "api-resources", "--verbs=list", "--namespaced="+namespaced, "--output=name")
		for kind := range strings.FieldsSeq(kinds) {
			// Events go with time; the others warn that they are deprecated.
			if strings.HasPrefix(kind, "events") || kind == "endpoints" || kind == "componentstatuses" {
				continue
			}
			for line := range strings.Lines(kubectl(t, "", "get", kind, "--all-namespaces", "--output=name")) {
				// What the site and the operator share stays with the team, as documented.
				if strings.TrimSpace(line) == "secret/blog-igny8" {
					continue
				}
				for _, name := range names {
					if strings.Contains(line, name) {
						t.Errorf("left behind: %s", strings.TrimSpace(line))
					}
				}
			}
		}
	}
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

//go:build cluster

package cluster

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
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
	wantNothingLeft(t)
}

// wantNothingLeft fails when the cluster has an object of the product.
func wantNothingLeft(t *testing.T) {
	t.Helper()
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

// documentedRelease is the loop of docs/install.md that lets go of requests whose manager is
// gone.
var documentedRelease = regexp.MustCompile(`(?s)kubectl get pubreq --all-namespaces.*?\n  done\n`)

// releaseRequests runs it.
func releaseRequests(t *testing.T) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "docs", "install.md"))
	if err != nil {
		t.Fatal(err)
	}
	script := documentedRelease.FindString(string(text))
	cmd := exec.CommandContext(t.Context(), "bash", "-eu", "-o", "pipefail", "-c", script)
	cmd.Env = append(os.Environ(), "KUBECONFIG="+shared.Kubeconfig(), "PATH="+filepath.Dir(shared.KubectlPath())+":"+os.Getenv("PATH"))
	if out, err := cmd.CombinedOutput(); err != nil || script == "" {
		t.Fatalf("%s: %v\n%s", script, err, out)
	}
}

// Without the manager nobody removes posts, and no request that waits for that goes. The
// commands are those of docs/install.md.
func TestUninstallWithPostsToTrash(t *testing.T) {
	tests := map[string]struct {
		reason string
		remove func(*testing.T)
		posts  int
	}{
		"RequestsFirst": {reason: "posts go as their requests say", posts: 0, remove: func(t *testing.T) {
			kubectl(t, "", "delete", "pubreq", "--all", "--all-namespaces")
			uninstall(t, setup{})
		}},
		"ManagerFirst": {reason: "posts stay", posts: 1, remove: func(t *testing.T) {
			checkLogs(t)
			kubectl(t, "", "delete", deployment, "--namespace="+namespace, "--cascade=foreground", "--timeout="+patience.String())
			releaseRequests(t)
			uninstall(t, setup{})
		}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			install(t, setup{})
			m := newTeam(t)
			m.connect()
			r := m.request("hello")
			r.Spec.DeletionPolicy = v1alpha1.DeletionPolicyTrash
			m.create(r)
			m.awaitPublished(1)
			tc.remove(t)
			wantNothingLeft(t)
			if posts, _ := m.countPosts(); posts != tc.posts {
				t.Errorf("%s: the site shows %d posts, want %d", tc.reason, posts, tc.posts)
			}
		})
	}
}

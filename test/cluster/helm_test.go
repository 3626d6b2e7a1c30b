// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

//go:build cluster

package cluster

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/igny8/wordpress-operator/hack/cluster"
)

// release is the name of the release.
const release = "igny8"

// helm runs it as the administrator; what it prints is for the log of a failure.
func helm(t *testing.T, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), filepath.Join(root, "bin", "helm"), append(args, "--namespace="+namespace)...)
	home := t.TempDir()
	cmd.Env = append(os.Environ(), "KUBECONFIG="+shared.Kubeconfig(), "HOME="+home)
	if out, err := cmd.CombinedOutput(); err != nil {
		pods, _, _ := tryKubectl(t.Context(), "", "describe", "pods", "--namespace="+namespace)
		t.Fatalf("helm %s: %v\n%s\n%s", strings.Join(args, " "), err, out, pods)
	}
}

// restrictedNamespace makes the one of the operator, as config/default has it: a release
// does not own its namespace.
func restrictedNamespace(t *testing.T) {
	t.Helper()
	kubectl(t, "", "apply", "--filename="+filepath.Join(root, "config", "default", "namespace.yaml"))
}

func TestHelm(t *testing.T) {
	uninstall(t, setup{})
	restrictedNamespace(t)
	t.Cleanup(func() { remove(t, setup{}) })
	chart := filepath.Join(root, "charts", "igny8-wordpress-operator")
	values := []string{"--set=image.tag=" + imageTag, "--set=manager.allowAddresses={" + cluster.Address + "}", "--set=manager.allowPlaintext=true", "--wait", "--timeout=" + patience.String()}
	m := newTeam(t)
	publish := func(name string, posts int) {
		t.Helper()
		m.create(m.request(name))
		m.awaitPublished(posts)
		m.wantPosts(posts)
	}

	helm(t, append([]string{"install", release, chart}, values...)...)
	m.connect()
	publish("installed", 1)
	helm(t, append([]string{"upgrade", release, chart, "--set=replicas=2"}, values...)...)
	publish("upgraded", 2)
	helm(t, append([]string{"upgrade", release, chart, "--set=webhookserver.standalone.enabled=true"}, values...)...)
	publish("standalone", 3)
	helm(t, "rollback", release, "1", "--wait", "--timeout="+patience.String())
	publish("rolled-back", 4)
	helm(t, "test", release, "--timeout="+patience.String())
	checkLogs(t)
	helm(t, "uninstall", release, "--wait", "--timeout="+patience.String())
	if got := m.published(); got != 4 {
		t.Errorf("with the release went requests: %d of 4 are left", got)
	}
	m.wantPosts(4)

	// Whoever installs it again goes on where they were.
	helm(t, append([]string{"install", release, chart}, values...)...)
	publish("installed-again", 5)
	checkLogs(t)
	helm(t, "uninstall", release, "--wait", "--timeout="+patience.String())
}

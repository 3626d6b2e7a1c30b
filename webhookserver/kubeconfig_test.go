// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package webhookserver

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/client-go/rest"
)

func TestConfigInCluster(t *testing.T) {
	t.Setenv("KUBERNETES_SERVICE_HOST", "fd00::1")
	t.Setenv("KUBERNETES_SERVICE_PORT", "443")
	config, err := KubeOptions{TokenFile: "/not/there/yet", CAFile: "/ca.crt"}.Config()
	if err != nil {
		t.Fatalf("Config() = %v, want none: the token comes later", err)
	}
	got := []string{config.Host, config.BearerToken, config.BearerTokenFile, config.CAFile}
	if diff := cmp.Diff([]string{"https://[fd00::1]:443", "", "/not/there/yet", "/ca.crt"}, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if config.QPS != -1 {
		t.Errorf("QPS is %v: the client must not limit itself", config.QPS)
	}
	if !strings.Contains(config.UserAgent, "webhookserver") {
		t.Errorf("UserAgent is %q", config.UserAgent)
	}
}

func TestConfigOutsideOfACluster(t *testing.T) {
	t.Setenv("KUBERNETES_SERVICE_HOST", "")
	if _, err := (KubeOptions{}).Config(); !errors.Is(err, rest.ErrNotInCluster) {
		t.Errorf("Config() = %v, want %v", err, rest.ErrNotInCluster)
	}
}

const kubeconfig = `
apiVersion: v1
kind: Config
current-context: test
contexts: [{name: test, context: {cluster: test, user: test}}]
clusters: [{name: test, cluster: {server: "https://192.0.2.1:6443"}}]
users: [{name: test, user: {token: secret}}]
`

func TestConfigFromKubeconfig(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config")
	if err := os.WriteFile(path, []byte(kubeconfig), 0o600); err != nil {
		t.Fatal(err)
	}
	config, err := KubeOptions{Kubeconfig: path, TokenFile: "/unused"}.Config()
	if err != nil {
		t.Fatalf("Config() = %v", err)
	}
	if config.Host != "https://192.0.2.1:6443" || config.BearerTokenFile != "" || config.QPS != -1 {
		t.Errorf("Config() = %v", config)
	}
}

func TestConfigFromMissingKubeconfig(t *testing.T) {
	if _, err := (KubeOptions{Kubeconfig: filepath.Join(t.TempDir(), "config")}).Config(); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Config() = %v, want that there is no file", err)
	}
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

//go:build cluster

package cluster

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/hack/cluster"
)

const (
	// namespace is where config/default installs to.
	namespace = "igny8-system"
	// deployment of the manager and its sidecar.
	deployment = "deployment/igny8-operator"
)

// setup says how the operator is installed; the zero value is config/default.
type setup struct {
	// replicas of the manager; 0 means 1.
	replicas int
	// components are folders of config/components.
	components []string
	// config is the folder that has them and default; empty means the checkout's.
	config string
	// tag of the image; empty means that of the checkout.
	tag string
	// store is the address of the object store, for component bucket-store.
	store string
}

// overlayText is what a platform team writes: their image, how many, where sites may be.
const overlayText = `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [%s/default%s]
components: [%s]
images:
  - {name: %s, newTag: %s}
replicas:
  - {name: igny8-operator, count: %d}
patches:
  - target: {kind: Deployment, name: igny8-operator}
    patch: |-
      - {op: add, path: /spec/template/spec/containers/0/args/-, value: --allow-addresses=%s}
      - {op: add, path: /spec/template/spec/containers/0/args/-, value: --allow-plaintext}
`

// storeText is what component bucket-store asks for.
const storeText = "{apiVersion: v1, kind: ConfigMap, metadata: {name: igny8-bucket-store}, data: {addresses: %s}}"

// overlay writes an overlay of config/default.
func overlay(t *testing.T, s setup) (dir string) {
	t.Helper()
	dir = t.TempDir()
	base, err := filepath.Abs(orElse(s.config, filepath.Join(root, "config")))
	if err != nil {
		t.Fatal(err)
	}
	if base, err = filepath.Rel(dir, base); err != nil {
		t.Fatal(err)
	}
	var components []string
	for _, name := range s.components {
		components = append(components, base+"/components/"+name)
	}
	more := ""
	if s.store != "" {
		more = ", store.yaml"
		if err := os.WriteFile(filepath.Join(dir, "store.yaml"), []byte(fmt.Sprintf(storeText, s.store)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text := fmt.Sprintf(overlayText, base, more, strings.Join(components, ", "), image, orElse(s.tag, imageTag), max(s.replicas, 1), cluster.Address)
	if err := os.WriteFile(filepath.Join(dir, "kustomization.yaml"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// install installs the operator, if it is not, and waits until it is ready. At the end of
// the test its logs must be free of what should never be in them.
func install(t *testing.T, s setup) {
	t.Helper()
	kubectl(t, "", "apply", "--server-side", "-k", overlay(t, s))
	t.Cleanup(func() { checkLogs(t) })
	awaitRollout(t)
}

func awaitRollout(t *testing.T) {
	t.Helper()
	kubectl(t, "", "rollout", "status", "--namespace="+namespace, deployment, "--timeout="+patience.String())
}

// uninstall removes the operator and waits until it is gone.
func uninstall(t *testing.T, s setup) {
	t.Helper()
	checkLogs(t)
	remove(t, s)
}

// remove is for the end of a test, when its context is over.
func remove(t *testing.T, s setup) {
	t.Helper()
	_, complaints, err := tryKubectl(context.Background(), "", "delete", "-k", overlay(t, s), "--ignore-not-found", "--wait", "--timeout="+patience.String())
	if err != nil || complaints != "" {
		t.Fatalf("uninstall: %v\n%s", err, complaints)
	}
}

// checkLogs reads the logs of all Pods, if there are any.
func checkLogs(t *testing.T) {
	t.Helper()
	// The one of the test is over when it is cleaned up.
	ctx := context.Background()
	if len(pods(ctx, t)) == 0 {
		return
	}
	logs, complaints, err := tryKubectl(ctx, "", "logs", "--namespace="+namespace, deployment, "--all-pods", "--all-containers", "--prefix", "--tail=-1")
	if err != nil {
		t.Errorf("read logs: %v: %s", err, complaints)
	}
	for line := range strings.Lines(logs) {
		// Tests remove their namespaces in front of the manager's eyes.
		if strings.Contains(line, "because it is being terminated") {
			continue
		}
		for what, bad := range map[string]string{"the API key": site.APIKey, "a panic": "panic", "a missing right": "is forbidden"} {
			if strings.Contains(line, bad) {
				t.Errorf("a log has %s: %.1000s", what, line)
			}
		}
	}
	if t.Failed() {
		pods, _, _ := tryKubectl(ctx, "", "describe", "pods", "--namespace="+namespace)
		t.Logf("%s\n%s\nWordPress:\n%s", pods, tail(logs, 20000), site.Log())
	}
}

func tail(text string, most int) string { return text[max(0, len(text)-most):] }

// pods returns the operator's.
func pods(ctx context.Context, t *testing.T) []corev1.Pod {
	t.Helper()
	var list corev1.PodList
	if err := api.List(ctx, &list, client.InNamespace(namespace), client.MatchingLabels{"app.kubernetes.io/name": "igny8-operator"}); err != nil {
		t.Fatal(err)
	}
	return list.Items
}

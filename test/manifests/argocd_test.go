// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package manifests_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/test/manifests"
)

// argoConfig stands for what Argo CD's own kustomization brings.
const argoConfig = `apiVersion: v1
kind: ConfigMap
metadata:
  name: argocd-cm
  namespace: argocd
data:
  url: https://argocd.example.com
`

func TestArgoCDGetsHealthAndActionsOfEveryKind(t *testing.T) {
	dir := t.TempDir()
	component, err := filepath.Rel(dir, filepath.Join(manifests.Root(), "config", "argocd"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"argocd.yaml":        argoConfig,
		"kustomization.yaml": fmt.Sprintf("resources: [argocd.yaml]\ncomponents: [%s]\n", component),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	objects, err := manifests.Render(dir)
	if err != nil {
		t.Fatal(err)
	}
	data := decode[corev1.ConfigMap](t, objects, "ConfigMap")[0].Data
	for _, kind := range []string{"PublishRequest", "WordPressIntegration", "PluginRelease"} {
		for _, what := range []string{"health", "actions"} {
			if data["resource.customizations."+what+"."+v1alpha1.GroupName+"_"+kind] == "" {
				t.Errorf("%s has no %s", kind, what)
			}
		}
	}
	if data["url"] == "" {
		t.Error("what was there is gone")
	}
}

func TestActionsSetAnnotationsThatThereAre(t *testing.T) {
	known := []string{
		v1alpha1.AnnotationTestRequestedAt, v1alpha1.AnnotationSyncRequestedAt, v1alpha1.AnnotationStructureRequestedAt,
		v1alpha1.AnnotationRotateRequestedAt, v1alpha1.AnnotationRetryRequestedAt, v1alpha1.AnnotationReleaseRequestedAt,
		v1alpha1.AnnotationApprovedGeneration,
	}
	files, err := filepath.Glob(filepath.Join(manifests.Root(), "config", "argocd", "actions_*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var used []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range regexp.MustCompile(`"(publishing\.igny8\.com/[^"]+)"\] =`).FindAllStringSubmatch(string(text), -1) {
			used = append(used, match[1])
		}
	}
	slices.Sort(used)
	slices.Sort(known)
	if !slices.Equal(slices.Compact(used), known) {
		t.Errorf("actions set %s, there are %s", strings.Join(used, ", "), strings.Join(known, ", "))
	}
}

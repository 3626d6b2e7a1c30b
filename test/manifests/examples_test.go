// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package manifests_test

import (
	"path/filepath"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/test/manifests"
)

// exampleFolder is a folder of the example repository.
func exampleFolder(elements ...string) string {
	return filepath.Join(append([]string{manifests.Root(), "examples", "gitops"}, elements...)...)
}

// Every text that a request names is there, and every field is one that there is.
func TestPostsOfTheExampleFindTheirTexts(t *testing.T) {
	objects, err := manifests.Render(exampleFolder("sites", "blog"))
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, c := range decode[corev1.ConfigMap](t, objects, "ConfigMap") {
		for key, text := range c.Data {
			texts[c.Name+"/"+key] = text
		}
	}
	integrations := map[string]bool{}
	for _, i := range decode[v1alpha1.WordPressIntegration](t, objects, "WordPressIntegration") {
		integrations[i.Name] = true
	}
	requests := decode[v1alpha1.PublishRequest](t, objects, "PublishRequest")
	for _, r := range requests {
		if ref := r.Spec.Content.ConfigMap; texts[ref.Name+"/"+ref.Key] == "" {
			t.Errorf("request %s names ConfigMap %s, key %s, which is not there", r.Name, ref.Name, ref.Key)
		}
		if !integrations[r.Spec.IntegrationRef.Name] {
			t.Errorf("request %s names integration %s, which is not there", r.Name, r.Spec.IntegrationRef.Name)
		}
	}
	if len(requests) != len(texts) {
		t.Errorf("there are %d requests and %d texts", len(requests), len(texts))
	}
}

func TestTheExampleInstallsTheOperatorAndAVersion(t *testing.T) {
	operator, err := manifests.Render(exampleFolder("operator"))
	if err != nil {
		t.Fatal(err)
	}
	if want := len(render(t, "default")); len(operator) != want {
		t.Errorf("the example has %d objects, config/default %d", len(operator), want)
	}
	releases, err := manifests.Render(exampleFolder("releases"))
	if err != nil {
		t.Fatal(err)
	}
	decode[v1alpha1.PluginRelease](t, releases, "PluginRelease")
}

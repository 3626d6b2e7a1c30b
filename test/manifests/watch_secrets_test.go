// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package manifests_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/igny8/wordpress-operator/test/manifests"
)

// overlay renders config/default with a component, as an administrator would.
func overlay(t *testing.T, component string) []*unstructured.Unstructured {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	config, err := filepath.Rel(dir, filepath.Join(manifests.Root(), "config"))
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf("namespace: elsewhere\nresources: [%[1]s/default]\ncomponents: [%[1]s/components/%[2]s]\n", config, component)
	if err := os.WriteFile(filepath.Join(dir, "kustomization.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	objects, err := manifests.Render(dir)
	if err != nil {
		t.Fatal(err)
	}
	return objects
}

func TestWatchSecretsAddsOneRightAndOneFlag(t *testing.T) {
	objects := overlay(t, "watch-secrets")
	d := decode[appsv1.Deployment](t, objects, "Deployment")[0]
	if c := d.Spec.Template.Spec.Containers[0]; c.Name != "manager" || !slices.Contains(c.Args, "--watch-labelled-secrets") {
		t.Errorf("container %s has the arguments %v", c.Name, c.Args)
	}
	want := slices.Sorted(slices.Values(append(rights(t, "manager"), "list secrets", "watch secrets")))
	if diff := cmp.Diff(want, rightsIn(t, objects, "manager")); diff != "" {
		t.Errorf("rights of the manager (-want +got):\n%s", diff)
	}
	for _, b := range bindings(t, objects) {
		for _, s := range b.subjects {
			if s.Namespace != "elsewhere" {
				t.Errorf("%s binds to %s in namespace %s", b.name, s.Name, s.Namespace)
			}
		}
	}
}

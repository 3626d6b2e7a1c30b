// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1_test

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

const sampleFolder = "../../config/samples"

// newTyped makes an empty object of a kind, as the scheme knows it.
func newTyped(t *testing.T, kind string) runtime.Object {
	t.Helper()
	scheme := runtime.NewScheme()
	check(t, v1alpha1.AddToScheme(scheme))
	typed, err := scheme.New(v1alpha1.GroupVersion.WithKind(kind))
	check(t, err)

	return typed
}

func TestSamplesAreValid(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(sampleFolder, "publishing_*.yaml"))
	check(t, err)
	crds := loadCRDs(t)
	seen := map[string]int{}
	for _, file := range files {
		for _, obj := range readObjects(t, file) {
			kind, _ := obj["kind"].(string)
			seen[kind]++
			if kind == "Secret" {
				continue
			}
			t.Run(filepath.Base(file), func(t *testing.T) {
				if errs := crds[kind].create(t, obj); len(errs) > 0 {
					t.Error(errs.ToAggregate())
				}
			})
		}
	}
	want := map[string]int{"Secret": 1, "WordPressIntegration": 1, "PublishRequest": 2, "PluginRelease": 1}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Errorf("kinds among the samples, -want +got:\n%s", diff)
	}
}

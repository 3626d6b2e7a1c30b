// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package manifests renders the folders under config/ for tests.
package manifests

import (
	"bytes"
	"fmt"
	"path/filepath"
	"runtime"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	apiruntime "k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// Root is the folder of the repository.
func Root() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..")
}

// Render is "kustomize build" of a folder, in the order in which the objects are to be applied.
func Render(dir string) ([]*unstructured.Unstructured, error) {
	resources, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), dir)
	if err != nil {
		return nil, fmt.Errorf("render %s: %w", dir, err)
	}
	objects := make([]*unstructured.Unstructured, 0, resources.Size())
	for _, resource := range resources.Resources() {
		text, err := resource.AsYAML()
		if err != nil {
			return nil, fmt.Errorf("render %s: %w", dir, err)
		}
		object := &unstructured.Unstructured{}
		if err := yaml.NewYAMLOrJSONDecoder(bytes.NewReader(text), len(text)).Decode(object); err != nil {
			return nil, fmt.Errorf("decode %s: %w", resource.CurId(), err)
		}
		objects = append(objects, object)
	}
	return objects, nil
}

// Decode returns the objects of one kind as their Go type.
func Decode[T any](objects []*unstructured.Unstructured, kind string) ([]T, error) {
	var decoded []T
	for _, object := range objects {
		if object.GetKind() != kind {
			continue
		}
		var t T
		if err := apiruntime.DefaultUnstructuredConverter.FromUnstructuredWithValidation(object.Object, &t, true); err != nil {
			return nil, fmt.Errorf("decode %s %s: %w", kind, object.GetName(), err)
		}
		decoded = append(decoded, t)
	}
	return decoded, nil
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package manifests_test

import (
	"path/filepath"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/igny8/wordpress-operator/test/manifests"
)

// namespace is where config/default installs to.
const namespace = "igny8-system"

// render returns what a folder under config/ renders to.
func render(t *testing.T, folder string) []*unstructured.Unstructured {
	t.Helper()
	objects, err := manifests.Render(filepath.Join(manifests.Root(), "config", folder))
	if err != nil {
		t.Fatal(err)
	}
	return objects
}

// decode returns the objects of a kind, which there must be; an unknown field in them
// fails the test.
func decode[T any](t *testing.T, objects []*unstructured.Unstructured, kind string) []T {
	t.Helper()
	decoded := decodeAny[T](t, objects, kind)
	if len(decoded) == 0 {
		t.Fatalf("there is no %s", kind)
	}
	return decoded
}

// decodeAny does so where there may be none.
func decodeAny[T any](t *testing.T, objects []*unstructured.Unstructured, kind string) []T {
	t.Helper()
	decoded, err := manifests.Decode[T](objects, kind)
	if err != nil {
		t.Fatal(err)
	}
	return decoded
}

// deployment returns the one Deployment.
func deployment(t *testing.T) appsv1.Deployment {
	t.Helper()
	all := decode[appsv1.Deployment](t, render(t, "default"), "Deployment")
	if len(all) != 1 {
		t.Fatalf("there are %d Deployments", len(all))
	}
	return all[0]
}

func container(t *testing.T, name string) corev1.Container {
	t.Helper()
	for _, c := range deployment(t).Spec.Template.Spec.Containers {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("there is no container %q", name)
	return corev1.Container{}
}

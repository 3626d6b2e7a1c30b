// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package sidecar_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/yaml"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

var (
	requests     = v1alpha1.GroupVersion.WithResource("publishrequests")
	integrations = v1alpha1.GroupVersion.WithResource("wordpressintegrations")
	releases     = v1alpha1.GroupVersion.WithResource("pluginreleases")
	namespaces   = corev1.SchemeGroupVersion.WithResource("namespaces")
	secrets      = corev1.SchemeGroupVersion.WithResource("secrets")
)

// isPolicy says whether the policy of config/admission refused, and not a missing right.
func isPolicy(err error) bool {
	return apierrors.IsForbidden(err) && strings.Contains(err.Error(), "ValidatingAdmissionPolicy 'igny8-webhookserver'")
}

// isRBAC says whether a right is missing.
func isRBAC(err error) bool {
	return apierrors.IsForbidden(err) && strings.Contains(err.Error(), "system:serviceaccount:"+system+":webhookserver") && !isPolicy(err)
}

func (w *world) create(t *testing.T, resource schema.GroupVersionResource, namespace string, object runtime.Object) {
	t.Helper()
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(object)
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.admin.dynamic.Resource(resource).Namespace(namespace).
		Create(t.Context(), &unstructured.Unstructured{Object: content}, metav1.CreateOptions{})
	if err != nil {
		t.Fatalf("create %s: %v", resource.Resource, err)
	}
}

// seed creates one object of each kind, the first two with a status as full as it gets,
// written with the manager's rights.
func (w *world) seed(t *testing.T) {
	t.Helper()
	w.create(t, secrets, tenant, &corev1.Secret{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Secret"},
		ObjectMeta: metav1.ObjectMeta{Name: "blog-igny8"},
	})
	w.create(t, releases, tenant, load(t, "pluginrelease.yaml"))
	for file, resource := range map[string]schema.GroupVersionResource{"publishrequest.yaml": requests, "wordpressintegration.yaml": integrations} {
		object := load(t, file)
		w.create(t, resource, tenant, object)
		w.patch(t, w.manager, resource, object.GetName(), map[string]any{"status": object.Object["status"]})
	}
}

func load(t *testing.T, file string) *unstructured.Unstructured {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	object := &unstructured.Unstructured{}
	if err := yaml.Unmarshal(text, &object.Object); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return object
}

// patch merges into the status and fails the test when the API server refuses.
func (w *world) patch(t *testing.T, by account, resource schema.GroupVersionResource, name string, patch map[string]any) *unstructured.Unstructured {
	t.Helper()
	patched, err := tryPatch(t, by, resource, name, patch)
	if err != nil {
		t.Fatalf("patch status of %s: %v", resource.Resource, err)
	}
	return patched
}

func tryPatch(t *testing.T, by account, resource schema.GroupVersionResource, name string, patch map[string]any) (*unstructured.Unstructured, error) {
	t.Helper()
	body, err := json.Marshal(patch)
	if err != nil {
		t.Fatal(err)
	}
	return by.dynamic.Resource(resource).Namespace(tenant).Patch(t.Context(), name, types.MergePatchType, body, metav1.PatchOptions{}, "status")
}

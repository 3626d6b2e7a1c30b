// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package sidecar_test

import (
	"context"
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"github.com/go-logr/logr/testr"
	"github.com/google/go-cmp/cmp"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/rest"
	"k8s.io/utils/clock"

	"github.com/igny8/wordpress-operator/webhookserver"
)

// part is the status of a kind, and what of it is the webhookserver's.
type part struct {
	resource schema.GroupVersionResource
	crd      string
	name     string
	file     string
	own      []string
}

func parts() map[string]part {
	return map[string]part{
		"PublishRequest":       {requests, "publishrequests.publishing.igny8.com", "hello", "publishrequest.yaml", []string{"site"}},
		"WordPressIntegration": {integrations, "wordpressintegrations.publishing.igny8.com", "blog", "wordpressintegration.yaml", []string{"deliveries", "plugin"}},
	}
}

// applyStatus applies a status as its field owner, as the webhookserver does.
func applyStatus(t *testing.T, w *world, p part, owner string, status map[string]any) (*unstructured.Unstructured, error) {
	t.Helper()
	original := load(t, p.file)
	object := &unstructured.Unstructured{Object: map[string]any{"status": status}}
	object.SetAPIVersion(original.GetAPIVersion())
	object.SetKind(original.GetKind())
	object.SetName(p.name)
	return w.sidecar.dynamic.Resource(p.resource).Namespace(tenant).
		ApplyStatus(t.Context(), p.name, object, metav1.ApplyOptions{FieldManager: owner, Force: true})
}

func testOwnStatus(t *testing.T, w *world) {
	tests := map[string]struct {
		kind   string
		owner  string
		status map[string]any
	}{
		"SiteStatus": {kind: "PublishRequest", owner: "webhookserver-status", status: map[string]any{
			"site": map[string]any{"status": map[string]any{"epoch": "first", "sequence": int64(5), "postStatus": "publish"}},
		}},
		"SiteMetadata": {kind: "PublishRequest", owner: "webhookserver-metadata", status: map[string]any{
			"site": map[string]any{"metadata": map[string]any{"epoch": "first", "sequence": int64(6), "tags": []any{"yaml"}}},
		}},
		"Plugin": {kind: "WordPressIntegration", owner: "webhookserver-plugin", status: map[string]any{
			"plugin": map[string]any{"version": "2.0.1", "health": "Healthy"},
		}},
		"Deliveries": {kind: "WordPressIntegration", owner: "webhookserver-deliveries", status: map[string]any{
			"deliveries": []any{map[string]any{"id": "d2", "result": "Stale"}},
		}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			p := parts()[tc.kind]
			before := statusOf(t, w, p)
			applied, err := applyStatus(t, w, p, tc.owner, tc.status)
			if err != nil {
				t.Fatalf("apply: %v", err)
			}
			after, _, _ := unstructured.NestedMap(applied.Object, "status")
			for _, field := range p.own {
				delete(before, field)
				delete(after, field)
			}
			if diff := cmp.Diff(before, after); diff != "" {
				t.Errorf("changed more than its own: -before +after\n%s", diff)
			}
		})
	}
}

func statusOf(t *testing.T, w *world, p part) map[string]any {
	t.Helper()
	object, err := w.admin.dynamic.Resource(p.resource).Namespace(tenant).Get(t.Context(), p.name, metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	status, _, _ := unstructured.NestedMap(object.Object, "status")
	return status
}

// fields are those of the status in the CustomResourceDefinition.
func fields(t *testing.T, w *world, p part) []string {
	t.Helper()
	for _, object := range w.objects {
		if object.GetName() != p.crd {
			continue
		}
		versions, _, _ := unstructured.NestedSlice(object.Object, "spec", "versions")
		properties, _, err := unstructured.NestedMap(versions[0].(map[string]any), "schema", "openAPIV3Schema", "properties", "status", "properties")
		if err != nil {
			t.Fatal(err)
		}
		return slices.Sorted(maps.Keys(properties))
	}
	t.Fatalf("there is no CustomResourceDefinition %s", p.crd)
	return nil
}

// testOthersStatus tries each field of the status that is somebody else's: to take it
// away, and to plant one where there is none.
func testOthersStatus(t *testing.T, w *world) {
	for kind, p := range parts() {
		sample, _, _ := unstructured.NestedMap(load(t, p.file).Object, "status")
		bare := w.bare(t, p)
		for _, field := range fields(t, w, p) {
			value, ok := sample[field]
			switch {
			case !ok:
				t.Errorf("testdata/%s has no status.%s to try", p.file, field)
			case slices.Contains(p.own, field):
			default:
				t.Run(kind+"/Remove/"+field, func(t *testing.T) { wantRefused(t, w, p, p.name, field, nil) })
				t.Run(kind+"/Plant/"+field, func(t *testing.T) { wantRefused(t, w, p, bare, field, value) })
			}
		}
	}
}

// bare creates an object that nobody has reconciled.
func (w *world) bare(t *testing.T, p part) string {
	t.Helper()
	object := load(t, p.file)
	object.SetName("bare")
	unstructured.RemoveNestedField(object.Object, "status")
	w.create(t, p.resource, tenant, object)
	return object.GetName()
}

func wantRefused(t *testing.T, w *world, p part, name, field string, value any) {
	t.Helper()
	_, err := tryPatch(t, w.sidecar, p.resource, name, map[string]any{"status": map[string]any{field: value}})
	if !isPolicy(err) {
		t.Errorf("answered %v, want that the policy refuses", err)
	}
	// Hidden among what is its own, it is refused as well.
	own := map[string]any{field: value, p.own[0]: statusOf(t, w, p)[p.own[0]]}
	if _, err := tryPatch(t, w.sidecar, p.resource, name, map[string]any{"status": own}); !isPolicy(err) {
		t.Errorf("together with %s: answered %v, want that the policy refuses", p.own[0], err)
	}
}

// testThroughStatus: what comes along with a status is dropped by the API server or
// refused by the policy, but never stored.
func testThroughStatus(t *testing.T, w *world) {
	tests := map[string]struct {
		reason string
		patch  map[string]any
	}{
		"Spec":           {"a title of one's own", map[string]any{"spec": map[string]any{"title": "Hacked", "siteURL": "https://evil.example.com"}}},
		"Labels":         {"another batch", map[string]any{"metadata": map[string]any{"labels": map[string]any{"publishing.igny8.com/batch": "x"}}}},
		"Annotations":    {"an approval", map[string]any{"metadata": map[string]any{"annotations": map[string]any{"publishing.igny8.com/approved-generation": "1"}}}},
		"Finalizers":     {"an object that cannot be deleted", map[string]any{"metadata": map[string]any{"finalizers": []any{"example.com/stay"}}}},
		"Owners":         {"an object that is collected", map[string]any{"metadata": map[string]any{"ownerReferences": []any{map[string]any{"apiVersion": "v1", "kind": "Pod", "name": "x", "uid": "x"}}}}},
		"ManagedFields":  {"nobody owns anything any more", map[string]any{"metadata": map[string]any{"managedFields": []any{map[string]any{}}}}},
		"StatusAsAWhole": {"nothing is left", map[string]any{"status": nil}},
	}
	for name, tc := range tests {
		for kind, p := range parts() {
			t.Run(kind+"/"+name, func(t *testing.T) {
				before := w.read(t, p)
				if _, err := tryPatch(t, w.sidecar, p.resource, p.name, tc.patch); err != nil && !apierrors.IsForbidden(err) {
					t.Errorf("%s: %v", tc.reason, err)
				}
				if diff := cmp.Diff(before, w.read(t, p)); diff != "" {
					t.Errorf("%s: -before +after\n%s", tc.reason, diff)
				}
			})
		}
	}
}

func (w *world) read(t *testing.T, p part) map[string]any {
	t.Helper()
	object, err := w.admin.dynamic.Resource(p.resource).Namespace(tenant).Get(t.Context(), p.name, metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return object.Object
}

// testServerIsReady runs what the webhookserver runs, with what it has to run on.
func testServerIsReady(t *testing.T, w *world) {
	with := webhookserver.NewIntegrations(w.sidecar.config, "", clock.RealClock{}, testr.New(t))
	wrong := rest.CopyConfig(w.sidecar.config)
	wrong.BearerTokenFile = filepath.Join(t.TempDir(), "token")
	without := webhookserver.NewIntegrations(wrong, "", clock.RealClock{}, testr.New(t))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 2)
	for _, i := range []*webhookserver.Integrations{with, without} {
		go func() { done <- i.Start(ctx) }()
	}
	eventually(t, "read the integrations", func(context.Context) bool { return with.Ready(nil) == nil })
	if without.Ready(nil) == nil {
		t.Error("a server without a token is ready")
	}
	cancel()
	for range 2 {
		if err := <-done; err != nil {
			t.Errorf("Start() = %v", err)
		}
	}
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package manifests_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/yaml"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/test/manifests"
)

func bucketStoreFolder(elements ...string) string {
	return filepath.Join(append([]string{manifests.Root(), "config", "components", "bucket-store"}, elements...)...)
}

// examplesOfBucketStore are the objects of its folder with examples.
func examplesOfBucketStore(t *testing.T) []*unstructured.Unstructured {
	t.Helper()
	files, err := filepath.Glob(bucketStoreFolder("examples", "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var objects []*unstructured.Unstructured
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		object := &unstructured.Unstructured{}
		if err := yaml.Unmarshal(text, object); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		objects = append(objects, object)
	}
	return objects
}

// An installation that cannot reach its store must fail where it is made.
func TestBucketStoreNeedsItsAddresses(t *testing.T) {
	dir := t.TempDir()
	base, err := filepath.Rel(dir, filepath.Join(manifests.Root(), "config"))
	if err != nil {
		t.Fatal(err)
	}
	overlay := fmt.Sprintf("resources: [%[1]s/default]\ncomponents: [%[1]s/components/bucket-store]\n", base)
	if err := os.WriteFile(filepath.Join(dir, "kustomization.yaml"), []byte(overlay), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := manifests.Render(dir); err == nil || !strings.Contains(err.Error(), "igny8-bucket-store") {
		t.Errorf("want an error that names the ConfigMap, got %v", err)
	}
}

// It stands for something else in the overlay, and has no reader in the cluster.
func TestBucketStoreLeavesNoConfigMap(t *testing.T) {
	for _, o := range with(t, "bucket-store") {
		if o.GetKind() == "ConfigMap" {
			t.Errorf("ConfigMap %s is installed", o.GetName())
		}
	}
}

// The request names the Secret, and the API takes it.
func TestExamplesOfBucketStoreBelongTogether(t *testing.T) {
	objects := examplesOfBucketStore(t)
	request := decode[v1alpha1.PublishRequest](t, objects, "PublishRequest")[0]
	secret := decode[corev1.Secret](t, objects, "Secret")[0]
	if got := request.Spec.Content.Object.BucketRef.Name; got != secret.Name {
		t.Errorf("the request names Secret %s, there is %s", got, secret.Name)
	}
	if addresses := decode[corev1.ConfigMap](t, objects, "ConfigMap")[0].Data["addresses"]; addresses == "" {
		t.Error("the ConfigMap has no addresses")
	}
}

func TestTheStoreLetsTheOperatorIn(t *testing.T) {
	for _, p := range decode[networkingv1.NetworkPolicy](t, examplesOfBucketStore(t), "NetworkPolicy") {
		peer := p.Spec.Ingress[0].From[0]
		wantSelected(t, "the policy of the store", peer.PodSelector, deployment(t).Spec.Template.Labels)
		// The API server labels each namespace with its name.
		wantSelected(t, "the policy of the store", peer.NamespaceSelector, map[string]string{corev1.LabelMetadataName: namespace})
	}
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package manifests_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	psaapi "k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"

	"github.com/igny8/wordpress-operator/test/manifests"
)

// with renders config/default with components, in a namespace of the user's.
func with(t *testing.T, components ...string) []*unstructured.Unstructured {
	t.Helper()
	return withIn(t, "elsewhere", components...)
}

// storeAddresses is what an overlay brings for component bucket-store.
const storeAddresses = `{apiVersion: v1, kind: ConfigMap, metadata: {name: igny8-bucket-store}, data: {addresses: "10.96.12.7,10.1.0.0/16"}}`

// withIn does so in a namespace.
func withIn(t *testing.T, namespace string, components ...string) []*unstructured.Unstructured {
	t.Helper()
	dir := t.TempDir()
	base, err := filepath.Rel(dir, filepath.Join(manifests.Root(), "config"))
	if err != nil {
		t.Fatal(err)
	}
	var folders []string
	for _, name := range components {
		folders = append(folders, base+"/components/"+name)
	}
	resources := base + "/default"
	if slices.Contains(components, "bucket-store") {
		resources += ", addresses.yaml"
	}
	overlay := fmt.Sprintf("namespace: %s\nresources: [%s]\ncomponents: [%s]\n", namespace, resources, strings.Join(folders, ", "))
	for name, text := range map[string]string{"kustomization.yaml": overlay, "addresses.yaml": storeAddresses} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	objects, err := manifests.Render(dir)
	if err != nil {
		t.Fatal(err)
	}
	return objects
}

// components are all there are.
func components(t *testing.T) []string {
	t.Helper()
	folders, err := filepath.Glob(filepath.Join(manifests.Root(), "config", "components", "*"))
	if err != nil || len(folders) == 0 {
		t.Fatalf("%v, %v", folders, err)
	}
	var names []string
	for _, folder := range folders {
		names = append(names, filepath.Base(folder))
	}
	return names
}

func TestComponentsMoveAlong(t *testing.T) {
	for _, name := range components(t) {
		t.Run(name, func(t *testing.T) {
			for _, o := range with(t, name) {
				text, err := o.MarshalJSON()
				if err != nil {
					t.Fatal(err)
				}
				if strings.Contains(string(text), namespace) {
					t.Errorf("%s %s names %s", o.GetKind(), o.GetName(), namespace)
				}
			}
		})
	}
}

func TestComponentsAreRestricted(t *testing.T) {
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		t.Fatal(err)
	}
	restricted := psaapi.LevelVersion{Level: psaapi.LevelRestricted, Version: psaapi.LatestVersion()}
	for _, name := range components(t) {
		t.Run(name, func(t *testing.T) {
			for _, d := range decode[appsv1.Deployment](t, with(t, name), "Deployment") {
				template := d.Spec.Template
				result := policy.AggregateCheckResults(evaluator.EvaluatePod(restricted, &template.ObjectMeta, &template.Spec))
				if !result.Allowed {
					t.Errorf("Pods of %s are not restricted: %s", d.Name, result.ForbiddenDetail())
				}
			}
		})
	}
}

// programsOf returns the names of the containers of each Deployment.
func programsOf(t *testing.T, objects []*unstructured.Unstructured) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	for _, d := range decode[appsv1.Deployment](t, objects, "Deployment") {
		for _, c := range d.Spec.Template.Spec.Containers {
			found[d.Name] = append(found[d.Name], c.Name)
		}
	}
	return found
}

func TestStandaloneWebhookserver(t *testing.T) {
	objects := with(t, "standalone-webhookserver")
	want := map[string][]string{"igny8-operator": {"manager"}, "webhookserver": {"webhookserver"}}
	if diff := cmp.Diff(want, programsOf(t, objects)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	for _, d := range decode[appsv1.Deployment](t, objects, "Deployment") {
		for _, c := range d.Spec.Template.Spec.Containers {
			if slices.ContainsFunc(c.Args, func(arg string) bool { return strings.Contains(arg, "webhookserver-") }) {
				t.Errorf("%s mints tokens that nobody uses: %v", d.Name, c.Args)
			}
		}
	}
	for _, s := range decode[corev1.Service](t, objects, "Service") {
		wantTarget(t, objects, "Service "+s.Name, s.Spec.Selector, servicePorts(s))
	}
	for _, p := range decode[policyv1.PodDisruptionBudget](t, objects, "PodDisruptionBudget") {
		wantTarget(t, objects, "PodDisruptionBudget "+p.Name, p.Spec.Selector.MatchLabels, nil)
	}
	for _, n := range decode[networkingv1.NetworkPolicy](t, objects, "NetworkPolicy") {
		if n.Name == "igny8-allow-sites" {
			wantTarget(t, objects, "NetworkPolicy "+n.Name, n.Spec.PodSelector.MatchLabels, []string{"sites"})
		}
	}
}

func servicePorts(s corev1.Service) []string {
	var names []string
	for _, p := range s.Spec.Ports {
		names = append(names, p.TargetPort.StrVal)
	}
	return names
}

// wantTarget fails unless the labels select the Pods of exactly one Deployment, and these
// have the ports.
func wantTarget(t *testing.T, objects []*unstructured.Unstructured, by string, selector map[string]string, ports []string) {
	t.Helper()
	var selected []string
	for _, d := range decode[appsv1.Deployment](t, objects, "Deployment") {
		for name, value := range selector {
			if d.Spec.Template.Labels[name] != value {
				continue
			}
			selected = append(selected, d.Name)
			for _, port := range ports {
				if !hasPort(d, port) {
					t.Errorf("%s refers to port %q, which Pods of %s do not have", by, port, d.Name)
				}
			}
		}
	}
	if len(selected) != 1 {
		t.Errorf("%s selects %v", by, selected)
	}
}

func hasPort(d appsv1.Deployment, name string) bool {
	for _, c := range d.Spec.Template.Spec.Containers {
		if slices.ContainsFunc(c.Ports, func(p corev1.ContainerPort) bool { return p.Name == name }) {
			return true
		}
	}
	return false
}

func TestThePriorityClassIsUsed(t *testing.T) {
	for _, d := range decode[appsv1.Deployment](t, with(t, "standalone-webhookserver", "priority-class"), "Deployment") {
		if d.Spec.Template.Spec.PriorityClassName != "igny8-operator" {
			t.Errorf("Pods of %s have priority class %q", d.Name, d.Spec.Template.Spec.PriorityClassName)
		}
	}
}

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

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/igny8/wordpress-operator/test/manifests"
)

// ports are the names of the Pod's ports.
func ports(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	for _, c := range deployment(t).Spec.Template.Spec.Containers {
		for _, p := range c.Ports {
			if names[p.Name] {
				t.Errorf("two ports are called %q", p.Name)
			}
			names[p.Name] = true
		}
	}
	return names
}

func wantSelected(t *testing.T, by string, selector *metav1.LabelSelector, target map[string]string) {
	t.Helper()
	matcher, err := metav1.LabelSelectorAsSelector(selector)
	if err != nil {
		t.Fatal(err)
	}
	if matcher.Empty() || !matcher.Matches(labels.Set(target)) {
		t.Errorf("%s selects %s, which is not %v", by, matcher, target)
	}
}

func wantPort(t *testing.T, by string, port intstr.IntOrString) {
	t.Helper()
	if port.Type != intstr.String || !ports(t)[port.StrVal] {
		t.Errorf("%s refers to port %q, which the Pod does not name", by, port.String())
	}
}

func TestSelectorsFindThePods(t *testing.T) {
	objects := render(t, "default")
	d := deployment(t)
	pod := d.Spec.Template.Labels
	wantSelected(t, "the Deployment", d.Spec.Selector, pod)
	for _, s := range decode[corev1.Service](t, objects, "Service") {
		wantSelected(t, "Service "+s.Name, &metav1.LabelSelector{MatchLabels: s.Spec.Selector}, pod)
		for _, p := range s.Spec.Ports {
			wantPort(t, "Service "+s.Name, p.TargetPort)
		}
	}
	for _, n := range decode[networkingv1.NetworkPolicy](t, objects, "NetworkPolicy") {
		wantSelected(t, "NetworkPolicy "+n.Name, &n.Spec.PodSelector, pod)
		for _, rule := range n.Spec.Ingress {
			for _, p := range rule.Ports {
				wantPort(t, "NetworkPolicy "+n.Name, *p.Port)
			}
		}
	}
	for _, c := range d.Spec.Template.Spec.Containers {
		wantPort(t, "the liveness probe of "+c.Name, c.LivenessProbe.HTTPGet.Port)
		wantPort(t, "the readiness probe of "+c.Name, c.ReadinessProbe.HTTPGet.Port)
	}
}

// serviceMonitor is what this test needs of the Prometheus operator's kind.
type serviceMonitor struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`
	Spec              struct {
		Selector  metav1.LabelSelector `json:"selector"`
		Endpoints []struct {
			Port        string `json:"port"`
			Path        string `json:"path"`
			HonorLabels bool   `json:"honorLabels"`
		} `json:"endpoints"`
	} `json:"spec"`
}

func TestTheServiceMonitorFindsTheMetrics(t *testing.T) {
	services := decode[corev1.Service](t, render(t, "default"), "Service")
	index := slices.IndexFunc(services, func(s corev1.Service) bool { return s.Name == "igny8-operator-metrics" })
	if index < 0 {
		t.Fatal("there is no Service of the metrics")
	}
	var served []string
	for _, p := range services[index].Spec.Ports {
		served = append(served, p.Name)
	}
	for _, m := range decode[serviceMonitor](t, render(t, "prometheus"), "ServiceMonitor") {
		wantSelected(t, "the ServiceMonitor", &m.Spec.Selector, services[index].Labels)
		for i, s := range services {
			matcher := labels.SelectorFromSet(m.Spec.Selector.MatchLabels)
			if i != index && matcher.Matches(labels.Set(s.Labels)) {
				t.Errorf("the ServiceMonitor scrapes Service %s, too", s.Name)
			}
		}
		var scraped []string
		for _, e := range m.Spec.Endpoints {
			scraped = append(scraped, e.Port)
			if honors := e.Port == "metrics"; e.HonorLabels != honors {
				t.Errorf("port %s keeps the labels of its series: %t, want %t: the manager's name the integration they are about", e.Port, e.HonorLabels, honors)
			}
		}
		if !slices.Equal(served, scraped) {
			t.Errorf("the ServiceMonitor scrapes %v of %v", scraped, served)
		}
	}
}

// names holds "kind/name" of everything that lives in a namespace.
func names(objects []*unstructured.Unstructured) map[string]string {
	found := map[string]string{}
	for _, o := range objects {
		if o.GetNamespace() != "" {
			found[o.GetKind()+"/"+o.GetName()] = o.GetNamespace()
		}
	}
	return found
}

func TestEverythingLivesInOneNamespace(t *testing.T) {
	found := names(render(t, "default"))
	if len(found) == 0 {
		t.Error("nothing lives in a namespace")
	}
	for name, in := range found {
		if in != namespace {
			t.Errorf("%s lives in namespace %q", name, in)
		}
	}
}

// An overlay moves the installation with one line, and nothing stays behind that names
// the old namespace: a policy for an account that no longer exists would protect nothing.
func TestAnOverlayMovesTheNamespace(t *testing.T) {
	dir := t.TempDir()
	base, err := filepath.Rel(dir, filepath.Join(manifests.Root(), "config", "default"))
	if err != nil {
		t.Fatal(err)
	}
	overlay := fmt.Sprintf("namespace: elsewhere\nresources: [%s]\n", base)
	if err := os.WriteFile(filepath.Join(dir, "kustomization.yaml"), []byte(overlay), 0o600); err != nil {
		t.Fatal(err)
	}
	objects, err := manifests.Render(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(objects) != len(render(t, "default")) {
		t.Errorf("the overlay has %d objects", len(objects))
	}
	for _, o := range objects {
		text, err := o.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), namespace) {
			t.Errorf("%s %s still names %s", o.GetKind(), o.GetName(), namespace)
		}
	}
}

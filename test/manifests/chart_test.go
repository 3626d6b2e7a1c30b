// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package manifests_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/yaml"
	psaapi "k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"

	"github.com/igny8/wordpress-operator/test/manifests"
)

// helmPath builds Helm the first time that it is asked for.
var helmPath = sync.OnceValues(func() (string, error) {
	out, err := exec.Command(filepath.Join(manifests.Root(), "hack", "tools", "install.sh"), "helm").CombinedOutput()
	if err != nil {
		return "", errors.New(string(out))
	}
	return filepath.Join(manifests.Root(), "bin", "helm"), nil
})

// helm runs it on the chart; the text is what it prints, or complains about.
func helm(t *testing.T, command string, args ...string) (text string, err error) {
	t.Helper()
	path, err := helmPath()
	if err != nil {
		t.Fatal(err)
	}
	chart := filepath.Join(manifests.Root(), "charts", "igny8-wordpress-operator")
	cmd := exec.CommandContext(t.Context(), path, append([]string{command, chart}, args...)...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return stdout.String() + stderr.String(), err
	}
	return stdout.String(), nil
}

// chart renders it with values "name=value".
func chart(t *testing.T, values ...string) []*unstructured.Unstructured {
	t.Helper()
	args := []string{"--name-template=igny8", "--namespace=" + namespace}
	for _, value := range values {
		args = append(args, "--set="+value)
	}
	text, err := helm(t, "template", args...)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	var objects []*unstructured.Unstructured
	for decoder := yaml.NewYAMLOrJSONDecoder(strings.NewReader(text), 4096); ; {
		object := &unstructured.Unstructured{}
		if err := decoder.Decode(object); errors.Is(err, io.EOF) {
			return objects
		} else if err != nil {
			t.Fatal(err)
		}
		if len(object.Object) > 0 {
			objects = append(objects, object)
		}
	}
}

// byName indexes objects, without what is Helm's own: its labels, the annotation that
// keeps CRDs, and the Pod of "helm test".
func byName(objects []*unstructured.Unstructured) map[string]map[string]any {
	index := map[string]map[string]any{}
	for _, o := range objects {
		if o.GetAnnotations()["helm.sh/hook"] != "" {
			continue
		}
		for _, label := range []string{"app.kubernetes.io/managed-by", "helm.sh/chart"} {
			unstructured.RemoveNestedField(o.Object, "metadata", "labels", label)
		}
		unstructured.RemoveNestedField(o.Object, "metadata", "annotations", "helm.sh/resource-policy")
		index[o.GetKind()+" "+o.GetNamespace()+"/"+o.GetName()] = o.Object
	}
	return index
}

func TestTheChartsServiceMonitorIsOurs(t *testing.T) {
	const name = "ServiceMonitor " + namespace + "/igny8-operator"
	want, got := byName(render(t, "prometheus")), byName(chart(t, "metrics.serviceMonitor.enabled=true"))
	unstructured.RemoveNestedField(got[name], "metadata", "labels", "app.kubernetes.io/part-of")
	if diff := cmp.Diff(want[name], got[name]); diff != "" {
		t.Errorf("-config/prometheus +chart\n%s", diff)
	}
}

func TestValuesTakeEffect(t *testing.T) {
	const operator, digest = "Deployment " + namespace + "/igny8-operator", "sha256:" + "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	pod := []string{"spec", "template", "spec"}
	tests := map[string]struct {
		values []string
		object string
		path   []string
		want   any
	}{
		"Replicas":    {[]string{"replicas=3"}, operator, []string{"spec", "replicas"}, int64(3)},
		"Priority":    {[]string{"priorityClassName=high"}, operator, append(pod, "priorityClassName"), "high"},
		"Nodes":       {[]string{"nodeSelector.disk=ssd"}, operator, append(pod, "nodeSelector", "disk"), "ssd"},
		"PodLabel":    {[]string{"podLabels.team=blog"}, operator, []string{"spec", "template", "metadata", "labels", "team"}, "blog"},
		"Annotation":  {[]string{"podAnnotations.team=blog"}, operator, []string{"spec", "template", "metadata", "annotations", "team"}, "blog"},
		"Servers":     {[]string{"webhookserver.standalone.enabled=true", "webhookserver.standalone.replicas=5"}, "Deployment " + namespace + "/webhookserver", []string{"spec", "replicas"}, int64(5)},
		"ServiceType": {[]string{"webhookserver.service.type=LoadBalancer"}, "Service " + namespace + "/webhookserver", []string{"spec", "type"}, "LoadBalancer"},
		"ServiceNote": {[]string{"webhookserver.service.annotations.a=b"}, "Service " + namespace + "/webhookserver", []string{"metadata", "annotations", "a"}, "b"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, _, err := unstructured.NestedFieldNoCopy(byName(chart(t, tc.values...))[tc.object], tc.path...)
			if err != nil || got != tc.want {
				t.Errorf("%v is %v, want %v (%v)", tc.path, got, tc.want, err)
			}
		})
	}
	containers := decode[appsv1.Deployment](t, chart(t, "image.repository=r.example/o", "image.digest="+digest, "image.pullPolicy=Always",
		"image.pullSecrets[0].name=s", "manager.allowAddresses={10.0.0.0/8,192.168.0.1}", "manager.allowPlaintext=true",
		"manager.extraArgs={--log-level=debug}", "webhookserver.extraArgs={--drain-delay=1s}", "tolerations[0].operator=Exists"), "Deployment")[0].Spec.Template.Spec.Containers
	for _, c := range containers {
		if c.Image != "r.example/o@"+digest || c.ImagePullPolicy != corev1.PullAlways {
			t.Errorf("container %s has image %s, %s", c.Name, c.Image, c.ImagePullPolicy)
		}
	}
	wantArgs := map[string][]string{"manager": {"--allow-addresses=10.0.0.0/8,192.168.0.1", "--allow-plaintext", "--log-level=debug"}, "webhookserver": {"--drain-delay=1s"}}
	for _, c := range containers {
		want := wantArgs[c.Name]
		if diff := cmp.Diff(want, c.Args[len(c.Args)-len(want):]); diff != "" {
			t.Errorf("arguments of %s: -want +got\n%s", c.Name, diff)
		}
	}
}

func TestValuesLeaveObjectsAway(t *testing.T) {
	all := byName(chart(t))
	for value, count := range map[string]int{
		"crds.install=false": 3, "rbac.userRoles=false": 9, "networkPolicy.enabled=false": 2, "podDisruptionBudget.enabled=false": 1,
		"admissionPolicy.install=false": 2,
	} {
		if got := len(all) - len(byName(chart(t, value))); got != count {
			t.Errorf("%s leaves %d objects away, want %d", value, got, count)
		}
	}
}

// A mistyped value would be ignored without a schema.
func TestTheSchemaRefusesWhatIsNoValue(t *testing.T) {
	for _, value := range []string{"replica=2", "image.tagg=x", "manager.allowAddresses=10.0.0.0/8", "webhookserver.service.port=0", "namespaced=blogs", "webhookserver.standalone.replicas=-1", "image.digest=latest"} {
		if text, err := helm(t, "template", "--set="+value); err == nil || !strings.Contains(text, "values.schema.json") && !strings.Contains(text, "schema") {
			t.Errorf("--set %s: %v\n%.300s", value, err, text)
		}
	}
}

func TestHelmFindsNothingToSay(t *testing.T) {
	text, err := helm(t, "lint", "--strict")
	if err != nil || strings.Contains(text, "WARNING") || strings.Contains(text, "ERROR") {
		t.Errorf("%v\n%s", err, text)
	}
}

func TestTheChartsTestIsRestricted(t *testing.T) {
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		t.Fatal(err)
	}
	restricted := psaapi.LevelVersion{Level: psaapi.LevelRestricted, Version: psaapi.LatestVersion()}
	for _, pod := range decode[corev1.Pod](t, chart(t), "Pod") {
		if result := policy.AggregateCheckResults(evaluator.EvaluatePod(restricted, &pod.ObjectMeta, &pod.Spec)); !result.Allowed {
			t.Errorf("the Pod of helm test is not restricted: %s", result.ForbiddenDetail())
		}
	}
}

// leaves are the paths of the values that have no values below.
func leaves(path string, values map[string]any) []string {
	var found []string
	for name, value := range values {
		if below, ok := value.(map[string]any); ok && len(below) > 0 && name != "resources" {
			found = append(found, leaves(path+name+".", below)...)
		} else {
			found = append(found, path+name)
		}
	}
	return found
}

func TestEveryValueIsInTheReadme(t *testing.T) {
	chart := filepath.Join(manifests.Root(), "charts", "igny8-wordpress-operator")
	text, err := os.ReadFile(filepath.Join(chart, "values.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var values map[string]any
	if err := yaml.Unmarshal(text, &values); err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile(filepath.Join(chart, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, leaf := range leaves("", values) {
		// A row names the whole path, or the last part of it after the first of its kind.
		last := leaf[strings.LastIndex(leaf, ".")+1:]
		if !strings.Contains(string(readme), "`"+leaf+"`") && !strings.Contains(string(readme), "`."+last+"`") {
			t.Errorf("README.md does not explain %s", leaf)
		}
	}
}

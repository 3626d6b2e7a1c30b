// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package manifests_test

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	psaapi "k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

func TestPodsSatisfyTheRestrictedProfile(t *testing.T) {
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		t.Fatal(err)
	}
	restricted := psaapi.LevelVersion{Level: psaapi.LevelRestricted, Version: psaapi.LatestVersion()}
	template := deployment(t).Spec.Template
	result := policy.AggregateCheckResults(evaluator.EvaluatePod(restricted, &template.ObjectMeta, &template.Spec))
	if !result.Allowed {
		t.Errorf("the Pod is not restricted: %s", result.ForbiddenDetail())
	}
}

func TestTheNamespaceEnforcesTheRestrictedProfile(t *testing.T) {
	for _, ns := range decode[corev1.Namespace](t, render(t, "default"), "Namespace") {
		got, errs := psaapi.PolicyToEvaluate(ns.Labels, psaapi.Policy{})
		if len(errs) != 0 || got.Enforce.Level != psaapi.LevelRestricted || !got.Enforce.Latest() {
			t.Errorf("namespace %s enforces %v, %v", ns.Name, got.Enforce, errs)
		}
	}
}

// What the profile does not ask for.
func TestContainersAreConfined(t *testing.T) {
	spec := deployment(t).Spec.Template.Spec
	if spec.ShareProcessNamespace != nil && *spec.ShareProcessNamespace {
		t.Error("with one process namespace the sidecar reads the manager's files under /proc")
	}
	for _, c := range spec.Containers {
		if c.SecurityContext == nil || c.SecurityContext.ReadOnlyRootFilesystem == nil || !*c.SecurityContext.ReadOnlyRootFilesystem {
			t.Errorf("container %s can write to its root file system", c.Name)
		}
		for _, name := range []corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory} {
			request, limit := c.Resources.Requests[name], c.Resources.Limits[name]
			if request.IsZero() || limit.IsZero() {
				t.Errorf("container %s has no request or no limit of %s", c.Name, name)
			}
		}
		if c.LivenessProbe == nil || c.ReadinessProbe == nil {
			t.Errorf("container %s lacks a probe", c.Name)
		}
	}
}

// volumeOf returns the volume behind each mount of a container, by mount path.
func volumeOf(t *testing.T, name string) map[string]corev1.Volume {
	t.Helper()
	volumes := map[string]corev1.Volume{}
	for _, v := range deployment(t).Spec.Template.Spec.Volumes {
		volumes[v.Name] = v
	}
	mounted := map[string]corev1.Volume{}
	for _, m := range container(t, name).VolumeMounts {
		volume, ok := volumes[m.Name]
		if !ok {
			t.Fatalf("container %s mounts %q, which is no volume", name, m.Name)
		}
		mounted[m.MountPath] = volume
	}
	return mounted
}

func hasToken(volume corev1.Volume) bool {
	if volume.Projected == nil {
		return false
	}
	for _, source := range volume.Projected.Sources {
		if source.ServiceAccountToken != nil {
			return true
		}
	}
	return false
}

func TestOnlyTheManagerHasTheTokenOfThePod(t *testing.T) {
	spec := deployment(t).Spec.Template.Spec
	if spec.AutomountServiceAccountToken == nil || *spec.AutomountServiceAccountToken {
		t.Error("kubelet would mount the manager's token into every container")
	}
	if got := volumeOf(t, "manager")["/var/run/secrets/kubernetes.io/serviceaccount"]; !hasToken(got) {
		t.Errorf("the manager finds no token where client-go looks for it: %+v", got)
	}
	for path, volume := range volumeOf(t, "webhookserver") {
		if hasToken(volume) {
			t.Errorf("the sidecar finds the manager's token at %s", path)
		}
		if volume.Secret != nil {
			t.Errorf("the sidecar finds a Secret at %s", path)
		}
	}
}

func TestTheSidecarsTokenIsSharedInMemory(t *testing.T) {
	const folder = "/var/run/secrets/igny8/webhookserver"
	written, read := volumeOf(t, "manager")[folder], volumeOf(t, "webhookserver")[folder]
	if written.Name == "" || written.Name != read.Name {
		t.Fatalf("the manager writes to volume %q, the sidecar reads from %q", written.Name, read.Name)
	}
	if written.EmptyDir == nil || written.EmptyDir.Medium != corev1.StorageMediumMemory || written.EmptyDir.SizeLimit.IsZero() {
		t.Errorf("tokens must stay in memory, within bounds: %+v", written.VolumeSource)
	}
	for _, m := range container(t, "webhookserver").VolumeMounts {
		if !m.ReadOnly {
			t.Errorf("the sidecar can write to %s", m.MountPath)
		}
	}
}

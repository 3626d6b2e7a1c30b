// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package manifests_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
)

// namespacedWith are the components that "namespaced" is used with.
var namespacedWith = map[string][]string{
	"Alone":      {"namespaced"},
	"Standalone": {"standalone-webhookserver", "namespaced"},
	"Secrets":    {"watch-secrets", "namespaced"},
	"Both":       {"standalone-webhookserver", "watch-secrets", "namespaced"},
}

// What an administrator of the cluster has to bring, and nothing that grants a right.
func TestNamespacedHasNoRightsInTheCluster(t *testing.T) {
	for name, components := range namespacedWith {
		t.Run(name, func(t *testing.T) {
			objects := with(t, components...)
			var clusterWide []string
			for _, o := range objects {
				if o.GetNamespace() == "" {
					clusterWide = append(clusterWide, o.GetKind())
				}
			}
			slices.Sort(clusterWide)
			want := []string{"CustomResourceDefinition", "Namespace", "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"}
			if diff := cmp.Diff(want, slices.Compact(clusterWide)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
			wantBound(t, objects)
		})
	}
}

// In its namespace it does all that it does elsewhere, so it may what it may there.
func TestNamespacedTakesNoRightAway(t *testing.T) {
	for name, components := range namespacedWith {
		t.Run(name, func(t *testing.T) {
			last := len(components) - 1
			in, everywhere := with(t, components...), with(t, components[:last]...)
			for _, account := range []string{"manager", "webhookserver"} {
				if diff := cmp.Diff(rightsIn(t, everywhere, account), rightsIn(t, in, account)); diff != "" {
					t.Errorf("rights of %s: -in all namespaces +in one\n%s", account, diff)
				}
			}
		})
	}
}

func isPodNamespace(e corev1.EnvVar) bool {
	return e.Name == "POD_NAMESPACE" && e.ValueFrom.FieldRef.FieldPath == "metadata.namespace"
}

// A program that looks at all namespaces would be refused, and never be ready.
func TestNamespacedProgramsLookAtTheirNamespace(t *testing.T) {
	for name, components := range namespacedWith {
		t.Run(name, func(t *testing.T) {
			found := map[string]bool{}
			for _, d := range decode[appsv1.Deployment](t, with(t, components...), "Deployment") {
				for _, c := range d.Spec.Template.Spec.Containers {
					found[c.Name] = slices.Contains(c.Args, "--watch-namespace=$(POD_NAMESPACE)") && slices.ContainsFunc(c.Env, isPodNamespace)
				}
			}
			if diff := cmp.Diff(map[string]bool{"manager": true, "webhookserver": true}, found); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

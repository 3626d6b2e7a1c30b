// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package manifests_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
)

func TestWatchSecretsAddsOneRightAndOneFlag(t *testing.T) {
	objects := with(t, "watch-secrets")
	d := decode[appsv1.Deployment](t, objects, "Deployment")[0]
	if c := d.Spec.Template.Spec.Containers[0]; c.Name != "manager" || !slices.Contains(c.Args, "--watch-labelled-secrets") {
		t.Errorf("container %s has the arguments %v", c.Name, c.Args)
	}
	want := slices.Sorted(slices.Values(append(rights(t, "manager"), "list secrets", "watch secrets")))
	if diff := cmp.Diff(want, rightsIn(t, objects, "manager")); diff != "" {
		t.Errorf("rights of the manager (-want +got):\n%s", diff)
	}
	for _, b := range bindings(t, objects) {
		for _, s := range b.subjects {
			if s.Namespace != "elsewhere" {
				t.Errorf("%s binds to %s in namespace %s", b.name, s.Name, s.Namespace)
			}
		}
	}
}

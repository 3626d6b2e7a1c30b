// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package manifests_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What a platform team gets must not depend on the tool that they install it with.
func TestTheChartIsWhatKustomizeRenders(t *testing.T) {
	tests := map[string]struct {
		components []string
		values     []string
	}{
		"Default":              {},
		"Standalone":           {[]string{"standalone-webhookserver"}, []string{"webhookserver.standalone.enabled=true"}},
		"BucketStore":          {[]string{"bucket-store"}, []string{"manager.allowAddresses={10.96.12.7,10.1.0.0/16}"}},
		"Namespaced":           {[]string{"namespaced"}, []string{"namespaced=true"}},
		"WatchSecrets":         {[]string{"watch-secrets"}, []string{"manager.watchLabelledSecrets=true"}},
		"PriorityClass":        {[]string{"priority-class"}, []string{"priorityClassName=igny8-operator"}},
		"NamespacedStandalone": {[]string{"standalone-webhookserver", "namespaced"}, []string{"namespaced=true", "webhookserver.standalone.enabled=true"}},
		"NamespacedSecrets":    {[]string{"watch-secrets", "namespaced"}, []string{"namespaced=true", "manager.watchLabelledSecrets=true"}},
		"Everything": {
			[]string{"standalone-webhookserver", "bucket-store", "watch-secrets", "priority-class", "namespaced"},
			[]string{"manager.allowAddresses={10.96.12.7,10.1.0.0/16}", "namespaced=true", "manager.watchLabelledSecrets=true", "webhookserver.standalone.enabled=true", "priorityClassName=igny8-operator"},
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			want := byName(withIn(t, namespace, tc.components...))
			// "helm install --create-namespace" makes it, and a release does not own it.
			delete(want, "Namespace /"+namespace)
			// A chart names the class of the cluster's administrator, and brings none.
			delete(want, "PriorityClass /igny8-operator")
			if diff := cmp.Diff(want, byName(chart(t, tc.values...))); diff != "" {
				t.Errorf("-config +chart\n%s", diff)
			}
		})
	}
}

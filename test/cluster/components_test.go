// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

//go:build cluster

package cluster

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/api/meta"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// only installs nothing but what a setup has: components leave objects of config/default
// away, which an installation before may have left.
func only(t *testing.T, s setup) {
	t.Helper()
	uninstall(t, setup{})
	t.Cleanup(func() { remove(t, s) })
	install(t, s)
}

func TestStandaloneWebhookserver(t *testing.T) {
	s := setup{components: []string{"standalone-webhookserver", "priority-class"}}
	only(t, s)
	kubectl(t, "", "rollout", "status", "--namespace="+namespace, "deployment/webhookserver", "--timeout="+patience.String())
	m := newTeam(t)
	m.connect()
	m.create(m.request("hello"))
	m.awaitPublished(1)
}

// Manager and webhookserver see one namespace, and have no right in another.
func TestNamespaced(t *testing.T) {
	tests := map[string]setup{
		"Sidecar":    {components: []string{"namespaced"}},
		"Standalone": {components: []string{"standalone-webhookserver", "namespaced"}},
	}
	for name, s := range tests {
		t.Run(name, func(t *testing.T) {
			only(t, s)
			// Ready means that it has read the integrations that it may read.
			if name == "Standalone" {
				kubectl(t, "", "rollout", "status", "--namespace="+namespace, "deployment/webhookserver", "--timeout="+patience.String())
			}
			testNamespaced(t)
		})
	}
}

func testNamespaced(t *testing.T) {
	ours, other := &team{t: t, name: namespace}, newTeam(t)
	for _, m := range []*team{other, ours} {
		m.connect()
		m.create(m.request("hello"))
	}
	ours.awaitPublished(1)
	var request v1alpha1.PublishRequest
	if err := api.Get(t.Context(), client.ObjectKey{Namespace: other.name, Name: "hello"}, &request); err != nil {
		t.Fatal(err)
	}
	if meta.FindStatusCondition(request.Status.Conditions, v1alpha1.ConditionPublished) != nil {
		t.Error("a request in another namespace was looked at")
	}
	for account, rights := range map[string][]string{
		"manager":       {"get secrets", "list publishrequests", "patch publishrequests"},
		"webhookserver": {"list wordpressintegrations", "get publishrequests", "patch publishrequests/status"},
	} {
		for _, right := range rights {
			wantNo(t, other.name, account, right)
		}
	}
	wantNo(t, ours.name, "webhookserver", "get secrets")
	wantConfined(t, as(t, "webhookserver"), ours)
}

// wantNo fails when an account of the operator has a right in a namespace.
func wantNo(t *testing.T, in, account, right string) {
	t.Helper()
	args := append([]string{"auth", "can-i", "--namespace=" + in, "--as=system:serviceaccount:" + namespace + ":" + account}, strings.Fields(right)...)
	if out, _, err := tryKubectl(t.Context(), "", args...); err == nil || strings.TrimSpace(out) != "no" {
		t.Errorf("the %s may %s in namespace %s: %s", account, right, in, out)
	}
}

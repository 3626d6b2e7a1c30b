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

// The manager sees one namespace, and has no right in another.
func TestNamespaced(t *testing.T) {
	s := setup{components: []string{"namespaced"}}
	only(t, s)
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
	for _, verb := range []string{"get secrets", "list publishrequests", "patch publishrequests"} {
		args := append([]string{"auth", "can-i", "--namespace=" + other.name, "--as=system:serviceaccount:" + namespace + ":manager"}, strings.Fields(verb)...)
		if out, _, err := tryKubectl(t.Context(), "", args...); err == nil || strings.TrimSpace(out) != "no" {
			t.Errorf("the manager may %s in another namespace: %s", verb, out)
		}
	}
}

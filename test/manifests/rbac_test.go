// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package manifests_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// role is a Role or a ClusterRole.
type role struct {
	kind, name string
	rules      []rbacv1.PolicyRule
}

func roles(t *testing.T, objects []*unstructured.Unstructured) []role {
	t.Helper()
	var all []role
	for _, r := range decodeAny[rbacv1.ClusterRole](t, objects, "ClusterRole") {
		all = append(all, role{"ClusterRole", r.Name, r.Rules})
	}
	for _, r := range decode[rbacv1.Role](t, objects, "Role") {
		all = append(all, role{"Role", r.Name, r.Rules})
	}
	return all
}

// binding is a RoleBinding or a ClusterRoleBinding.
type binding struct {
	name     string
	ref      rbacv1.RoleRef
	subjects []rbacv1.Subject
}

func bindings(t *testing.T, objects []*unstructured.Unstructured) []binding {
	t.Helper()
	var all []binding
	for _, b := range decodeAny[rbacv1.ClusterRoleBinding](t, objects, "ClusterRoleBinding") {
		all = append(all, binding{b.Name, b.RoleRef, b.Subjects})
	}
	for _, b := range decode[rbacv1.RoleBinding](t, objects, "RoleBinding") {
		all = append(all, binding{b.Name, b.RoleRef, b.Subjects})
	}
	return all
}

// rights are the rules of an account: "verb resource", or "verb resource/name" where a
// rule names objects.
func rights(t *testing.T, account string) []string {
	t.Helper()
	return rightsIn(t, render(t, "default"), account)
}

func rightsIn(t *testing.T, objects []*unstructured.Unstructured, account string) []string {
	t.Helper()
	var all []string
	for _, b := range bindings(t, objects) {
		if !slices.ContainsFunc(b.subjects, func(s rbacv1.Subject) bool { return s.Name == account }) {
			continue
		}
		for _, r := range roles(t, objects) {
			if r.kind == b.ref.Kind && r.name == b.ref.Name {
				all = append(all, flatten(r.rules)...)
			}
		}
	}
	slices.Sort(all)
	return all
}

func flatten(rules []rbacv1.PolicyRule) []string {
	var all []string
	for _, rule := range rules {
		for _, resource := range rule.Resources {
			for _, verb := range rule.Verbs {
				all = append(all, strings.TrimSpace(fmt.Sprintf("%s %s %s", verb, resource, strings.Join(rule.ResourceNames, ","))))
			}
		}
	}
	return all
}

func TestRolesNameWhatTheyGrant(t *testing.T) {
	for _, r := range roles(t, render(t, "default")) {
		if len(r.rules) == 0 {
			t.Errorf("%s %s grants nothing", r.kind, r.name)
		}
		for _, rule := range r.rules {
			granted := slices.Concat(rule.Verbs, rule.APIGroups, rule.Resources, rule.NonResourceURLs)
			if strings.Contains(strings.Join(granted, " "), "*") {
				t.Errorf("%s %s grants %v", r.kind, r.name, rule)
			}
		}
	}
}

// All that a caller from the internet gains by taking the public server over.
func TestRightsOfTheWebhookserver(t *testing.T) {
	want := []string{
		"get publishrequests", "get wordpressintegrations",
		"list publishrequests", "list wordpressintegrations",
		"patch publishrequests/status", "patch wordpressintegrations/status",
		"watch publishrequests", "watch wordpressintegrations",
	}
	if diff := cmp.Diff(want, rights(t, "webhookserver")); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestTheManagerMintsTokensOfOneAccountAlone(t *testing.T) {
	var got []string
	for _, right := range rights(t, "manager") {
		if strings.Contains(right, "serviceaccounts") {
			got = append(got, right)
		}
		if slices.Contains([]string{"list secrets", "watch secrets"}, right) {
			t.Errorf("the manager may %s: it reads one by name", right)
		}
	}
	if diff := cmp.Diff([]string{"create serviceaccounts/token webhookserver"}, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestBindingsReferToWhatThereIs(t *testing.T) {
	wantBound(t, render(t, "default"))
}

// wantBound fails unless roles and accounts of all bindings are there.
func wantBound(t *testing.T, objects []*unstructured.Unstructured) {
	t.Helper()
	known := map[string]bool{}
	for _, r := range roles(t, objects) {
		known[r.kind+"/"+r.name] = true
	}
	for _, a := range decode[corev1.ServiceAccount](t, objects, "ServiceAccount") {
		known["ServiceAccount/"+a.Namespace+"/"+a.Name] = true
	}
	for _, b := range bindings(t, objects) {
		if !known[b.ref.Kind+"/"+b.ref.Name] {
			t.Errorf("%s binds %s %s, which is not there", b.name, b.ref.Kind, b.ref.Name)
		}
		for _, s := range b.subjects {
			if !known[s.Kind+"/"+s.Namespace+"/"+s.Name] {
				t.Errorf("%s binds to %s %s/%s, which is not there", b.name, s.Kind, s.Namespace, s.Name)
			}
		}
	}
}

func TestUsersGetTheKindsWithTheirNamespace(t *testing.T) {
	objects := render(t, "default")
	var got []string
	for _, r := range decode[rbacv1.ClusterRole](t, objects, "ClusterRole") {
		for label, value := range r.Labels {
			if to, ok := strings.CutPrefix(label, "rbac.authorization.k8s.io/aggregate-to-"); ok && value == "true" {
				got = append(got, to+" "+r.Rules[0].Resources[0])
			}
		}
	}
	slices.Sort(got)
	want := []string{
		"admin pluginreleases", "admin publishrequests", "admin wordpressintegrations",
		"edit pluginreleases", "edit publishrequests", "edit wordpressintegrations",
		"view pluginreleases", "view publishrequests", "view wordpressintegrations",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

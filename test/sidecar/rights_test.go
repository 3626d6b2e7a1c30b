// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package sidecar_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	authenticationv1 "k8s.io/api/authentication/v1"
	authorizationv1 "k8s.io/api/authorization/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"
)

// The API server warns about what Pod Security would refuse, deprecated versions and
// unknown fields.
func testNoWarnings(t *testing.T, w *world) {
	if diff := cmp.Diff([]string(nil), w.warnings.texts); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// Pod Security refuses Pods, not Deployments; nothing here makes Pods of the Deployment.
func testPodIsAdmitted(t *testing.T, w *world) {
	pod := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": "Pod"}}
	for _, object := range w.objects {
		if template, ok, _ := unstructured.NestedMap(object.Object, "spec", "template"); ok && object.GetKind() == "Deployment" {
			pod.Object["metadata"], pod.Object["spec"] = template["metadata"], template["spec"]
		}
	}
	pod.SetName("operator")
	pods := w.admin.dynamic.Resource(corev1.SchemeGroupVersion.WithResource("pods")).Namespace(system)
	if _, err := pods.Create(t.Context(), pod, metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}}); err != nil {
		t.Errorf("the Pod of the Deployment is refused: %v", err)
	}
}

func testMinterIsConfined(t *testing.T, w *world) {
	for namespace, name := range map[string]string{system: "manager", "kube-system": "webhookserver"} {
		_, err := w.manager.typed.CoreV1().ServiceAccounts(namespace).
			CreateToken(t.Context(), name, &authenticationv1.TokenRequest{}, metav1.CreateOptions{})
		if !apierrors.IsForbidden(err) {
			t.Errorf("the manager asked for a token of %s/%s: %v, want Forbidden", namespace, name, err)
		}
	}
}

// testRights asks the API server for everything the account may do, so that a right that
// comes from elsewhere shows up, too.
func testRights(t *testing.T, w *world) {
	for _, namespace := range []string{tenant, system} {
		review := &authorizationv1.SelfSubjectRulesReview{Spec: authorizationv1.SelfSubjectRulesReviewSpec{Namespace: namespace}}
		answer, err := w.sidecar.typed.AuthorizationV1().SelfSubjectRulesReviews().Create(t.Context(), review, metav1.CreateOptions{})
		if err != nil {
			t.Fatal(err)
		}
		want := []string{
			// What every account may do: ask about itself.
			"create selfsubjectaccessreviews", "create selfsubjectreviews", "create selfsubjectrulesreviews",
			// What every ServiceAccount may: read the CA certificates that are there for all.
			"get clustertrustbundles",
			"get publishrequests", "get wordpressintegrations",
			"list clustertrustbundles",
			"list publishrequests", "list wordpressintegrations",
			"patch publishrequests/status", "patch wordpressintegrations/status",
			"watch clustertrustbundles",
			"watch publishrequests", "watch wordpressintegrations",
		}
		if diff := cmp.Diff(want, flatten(answer.Status.ResourceRules)); diff != "" {
			t.Errorf("in namespace %s: -want +got\n%s", namespace, diff)
		}
	}
}

func flatten(rules []authorizationv1.ResourceRule) []string {
	var all []string
	for _, rule := range rules {
		for _, resource := range rule.Resources {
			for _, verb := range rule.Verbs {
				all = append(all, fmt.Sprintf("%s %s", verb, resource))
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// attempt is something to try with the sidecar's token.
type attempt func(ctx context.Context, w *world) error

func in(resource schema.GroupVersionResource, namespace string, try func(ctx context.Context, r dynamic.ResourceInterface) error) attempt {
	return func(ctx context.Context, w *world) error {
		return try(ctx, w.sidecar.dynamic.Resource(resource).Namespace(namespace))
	}
}

// testForbidden tries it for real: the rules review is only what the API server says of itself.
func testForbidden(t *testing.T, w *world) {
	for name, try := range attempts(t) {
		t.Run(name, func(t *testing.T) {
			if err := try(t.Context(), w); !isRBAC(err) {
				t.Errorf("answered %v, want Forbidden", err)
			}
		})
	}
}

func attempts(t *testing.T) map[string]attempt {
	all := attemptsOnOurKinds(t)
	maps.Copy(all, map[string]attempt{
		"GetRelease":   in(releases, tenant, get("bridge")),
		"ListReleases": in(releases, tenant, list),
		"GetSecret":    in(secrets, tenant, get("blog-igny8")),
		"BindRole":     in(rbacv1.SchemeGroupVersion.WithResource("rolebindings"), tenant, create(named("rbac.authorization.k8s.io/v1", "RoleBinding"))),
		"RunPod":       in(corev1.SchemeGroupVersion.WithResource("pods"), system, create(named("v1", "Pod"))),
		"ReadConfig":   in(corev1.SchemeGroupVersion.WithResource("configmaps"), tenant, list),
		"PutStatus":    in(requests, tenant, putStatus("hello")),
		"MintToken":    mintToken,
	})
	for where, namespace := range map[string]string{"Tenant": tenant, "System": system, "AllNamespaces": ""} {
		all["ListSecretsOf"+where] = in(secrets, namespace, list)
		all["WatchSecretsOf"+where] = in(secrets, namespace, watch)
	}
	return all
}

// attemptsOnOurKinds would be valid, so that nothing but a missing right or the policy
// can refuse them.
func attemptsOnOurKinds(t *testing.T) map[string]attempt {
	all := map[string]attempt{
		"PatchStatusOfRelease": in(releases, tenant, merge("bridge", `{"status":{"observedGeneration":1}}`, "status")),
	}
	specs := map[string]string{
		"publishrequest.yaml":       `{"spec":{"title":"Hacked"}}`,
		"wordpressintegration.yaml": `{"spec":{"suspend":true}}`,
		"pluginrelease.yaml":        `{"spec":{"state":"Released"}}`,
	}
	for file, resource := range resources() {
		object := load(t, file)
		fresh := object.DeepCopy()
		fresh.SetName("new")
		kind, name := object.GetKind(), object.GetName()
		all["Create"+kind] = in(resource, tenant, create(fresh))
		all["PatchSpecOf"+kind] = in(resource, tenant, merge(name, specs[file]))
		all["Annotate"+kind] = in(resource, tenant, merge(name, `{"metadata":{"annotations":{"a":"b"}}}`))
		all["Delete"+kind] = in(resource, tenant, remove(name))
		all["DeleteAllOf"+kind] = in(resource, tenant, removeAll)
	}
	return all
}

// resources are our kinds by the file of their sample.
func resources() map[string]schema.GroupVersionResource {
	return map[string]schema.GroupVersionResource{
		"publishrequest.yaml": requests, "wordpressintegration.yaml": integrations, "pluginrelease.yaml": releases,
	}
}

// testPolicyAlone makes the account an administrator, as a careless binding would, and
// tries what the policy forbids on its own.
func testPolicyAlone(t *testing.T, w *world) {
	binding := &rbacv1.ClusterRoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: "careless"},
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: "cluster-admin"},
		Subjects:   []rbacv1.Subject{{Kind: rbacv1.ServiceAccountKind, Namespace: system, Name: "webhookserver"}},
	}
	if _, err := w.admin.typed.RbacV1().ClusterRoleBindings().Create(t.Context(), binding, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "give the right to read Secrets", func(ctx context.Context) bool {
		return in(secrets, tenant, list)(ctx, w) == nil
	})
	for name, try := range attemptsOnOurKinds(t) {
		t.Run(name, func(t *testing.T) {
			if err := try(t.Context(), w); !isPolicy(err) {
				t.Errorf("answered %v, want that the policy refuses", err)
			}
		})
	}
}

func mintToken(ctx context.Context, w *world) error {
	_, err := w.sidecar.typed.CoreV1().ServiceAccounts(system).CreateToken(ctx, "manager", &authenticationv1.TokenRequest{}, metav1.CreateOptions{})
	return err
}

func named(apiVersion, kind string) *unstructured.Unstructured {
	object := &unstructured.Unstructured{Object: map[string]any{"apiVersion": apiVersion, "kind": kind}}
	object.SetName("new")
	return object
}

func create(object *unstructured.Unstructured) func(context.Context, dynamic.ResourceInterface) error {
	return func(ctx context.Context, r dynamic.ResourceInterface) error {
		_, err := r.Create(ctx, object, metav1.CreateOptions{})
		return err
	}
}

func get(name string) func(context.Context, dynamic.ResourceInterface) error {
	return func(ctx context.Context, r dynamic.ResourceInterface) error {
		_, err := r.Get(ctx, name, metav1.GetOptions{})
		return err
	}
}

func list(ctx context.Context, r dynamic.ResourceInterface) error {
	_, err := r.List(ctx, metav1.ListOptions{})
	return err
}

func watch(ctx context.Context, r dynamic.ResourceInterface) error {
	w, err := r.Watch(ctx, metav1.ListOptions{})
	if err == nil {
		w.Stop()
	}
	return err
}

func merge(name, patch string, subresource ...string) func(context.Context, dynamic.ResourceInterface) error {
	return func(ctx context.Context, r dynamic.ResourceInterface) error {
		_, err := r.Patch(ctx, name, types.MergePatchType, []byte(patch), metav1.PatchOptions{}, subresource...)
		return err
	}
}

func putStatus(name string) func(context.Context, dynamic.ResourceInterface) error {
	return func(ctx context.Context, r dynamic.ResourceInterface) error {
		object, err := r.Get(ctx, name, metav1.GetOptions{})
		if err != nil {
			return err
		}
		_, err = r.UpdateStatus(ctx, object, metav1.UpdateOptions{})
		return err
	}
}

func remove(name string) func(context.Context, dynamic.ResourceInterface) error {
	return func(ctx context.Context, r dynamic.ResourceInterface) error {
		return r.Delete(ctx, name, metav1.DeleteOptions{})
	}
}

func removeAll(ctx context.Context, r dynamic.ResourceInterface) error {
	return r.DeleteCollection(ctx, metav1.DeleteOptions{}, metav1.ListOptions{})
}

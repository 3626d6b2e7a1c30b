// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controlplane_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"github.com/igny8/wordpress-operator/hack/controlplane"
)

func TestServesThePinnedVersionAndTheCustomResources(t *testing.T) {
	cp := controlplane.Shared(t)
	clients := clientsFor(t, cp.Config())
	version, err := clients.Discovery().ServerVersion()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(version.GitVersion, "v1.37.") || version.Minor != "37" {
		t.Errorf("server version %s, minor %q", version.GitVersion, version.Minor)
	}
	list, err := clients.Discovery().ServerResourcesForGroupVersion("publishing.igny8.com/v1alpha1")
	if err != nil {
		t.Fatalf("custom resources are not served: %v", err)
	}
	if len(list.APIResources) == 0 {
		t.Error("no custom resource is served")
	}
}

func TestServiceAccountHasARealTokenAndNoRights(t *testing.T) {
	cp := controlplane.Shared(t)
	namespace := createNamespace(t, cp)
	createServiceAccount(t, cp, namespace, "nobody")
	config, err := cp.ServiceAccountConfig(t.Context(), namespace, "nobody")
	if err != nil {
		t.Fatal(err)
	}
	clients := clientsFor(t, config)
	_, err = clients.CoreV1().Secrets(namespace).List(t.Context(), metav1.ListOptions{})
	if !apierrors.IsForbidden(err) {
		t.Errorf("list secrets: %v, want Forbidden", err)
	}
	config.BearerToken += "x"
	_, err = clientsFor(t, config).CoreV1().Secrets(namespace).List(t.Context(), metav1.ListOptions{})
	if !apierrors.IsUnauthorized(err) {
		t.Errorf("list secrets with an altered token: %v, want Unauthorized", err)
	}
}

func TestServiceAccountConfigNeedsTheServiceAccount(t *testing.T) {
	cp := controlplane.Shared(t)
	_, err := cp.ServiceAccountConfig(t.Context(), "default", "missing")
	if !apierrors.IsNotFound(err) {
		t.Errorf("got %v, want NotFound", err)
	}
}

func TestPodSecurityIsEnforced(t *testing.T) {
	cp := controlplane.Shared(t)
	clients := clientsFor(t, cp.Config())
	ns := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{
		GenerateName: "restricted-",
		Labels:       map[string]string{"pod-security.kubernetes.io/enforce": "restricted"},
	}}
	ns, err := clients.CoreV1().Namespaces().Create(t.Context(), ns, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	pod := &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: "as-root"},
		Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "c", Image: "none"}}},
	}
	_, err = clients.CoreV1().Pods(ns.Name).Create(t.Context(), pod, metav1.CreateOptions{})
	if !apierrors.IsForbidden(err) {
		t.Errorf("create a pod without a security context: %v, want Forbidden", err)
	}
}

func TestKubectlWorksWithTheKubeconfig(t *testing.T) {
	cp := controlplane.Shared(t)
	namespace := createNamespace(t, cp)
	createServiceAccount(t, cp, namespace, "someone")
	token, err := cp.ServiceAccountConfig(t.Context(), namespace, "someone")
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		config *rest.Config
		want   string
	}{
		"certificate of the administrator": {config: cp.Config(), want: "admin"},
		"token of a ServiceAccount":        {config: token, want: "system:serviceaccount:" + namespace + ":someone"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "kubeconfig")
			if err := controlplane.WriteKubeconfig(path, tc.config); err != nil {
				t.Fatal(err)
			}
			out, err := exec.CommandContext(t.Context(), cp.KubectlPath(), "--kubeconfig", path,
				"auth", "whoami", "-o", "jsonpath={.status.userInfo.username}").CombinedOutput()
			if diff := cmp.Diff(tc.want, string(out)); err != nil || diff != "" {
				t.Errorf("kubectl auth whoami: %v (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestStartNamesWhatIsMissing(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "no-crds")
	cp, err := controlplane.Start(t.Context(), controlplane.Options{CRDPaths: []string{missing}})
	if err == nil {
		t.Fatal(cp.Stop())
	}
	if !strings.Contains(err.Error(), missing) {
		t.Errorf("error does not name %s: %v", missing, err)
	}
}

func clientsFor(t *testing.T, config *rest.Config) *kubernetes.Clientset {
	t.Helper()
	clients, err := kubernetes.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	return clients
}

func createNamespace(t *testing.T, cp *controlplane.ControlPlane) string {
	t.Helper()
	ns := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "controlplane-"}}
	ns, err := clientsFor(t, cp.Config()).CoreV1().Namespaces().Create(t.Context(), ns, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return ns.Name
}

func createServiceAccount(t *testing.T, cp *controlplane.ControlPlane, namespace, name string) {
	t.Helper()
	account := &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: name}}
	_, err := clientsFor(t, cp.Config()).CoreV1().ServiceAccounts(namespace).Create(t.Context(), account, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package sidecar_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/go-logr/logr/testr"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/hack/controlplane"
	"github.com/igny8/wordpress-operator/internal/satoken"
	"github.com/igny8/wordpress-operator/test/manifests"
)

const (
	// system is where the operator lives, tenant where its users do.
	system = "igny8-system"
	tenant = "tenant"
)

// account is somebody's access to the API server.
type account struct {
	config  *rest.Config
	dynamic dynamic.Interface
	typed   kubernetes.Interface
}

// world is an installation with the accounts that act in it.
type world struct {
	objects  []*unstructured.Unstructured
	warnings *warnings
	admin    account
	manager  account
	// sidecar uses the token that the minter wrote, read from the file as the sidecar does.
	sidecar   account
	tokenFile string
}

// warnings keeps what the API server warns about.
type warnings struct{ texts []string }

// HandleWarningHeader implements rest.WarningHandler.
func (w *warnings) HandleWarningHeader(_ int, _ string, text string) {
	w.texts = append(w.texts, text)
}

// install applies config/default and mints the sidecar's token, with the manager's rights.
func install(t *testing.T) *world {
	t.Helper()
	cp := controlplane.Shared(t)
	w := &world{warnings: &warnings{}, tokenFile: filepath.Join(t.TempDir(), "token")}
	w.admin = newAccount(t, cp.Config())
	w.apply(t)
	w.create(t, namespaces, "", &corev1.Namespace{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Namespace"}, ObjectMeta: metav1.ObjectMeta{Name: tenant}})
	manager, err := cp.ServiceAccountConfig(t.Context(), system, "manager")
	if err != nil {
		t.Fatal(err)
	}
	w.manager = newAccount(t, manager)
	w.mint(t)
	sidecar := rest.AnonymousClientConfig(cp.Config())
	sidecar.BearerTokenFile = w.tokenFile
	w.sidecar = newAccount(t, sidecar)
	w.seed(t)
	w.awaitPolicy(t)
	return w
}

func newAccount(t *testing.T, config *rest.Config) account {
	t.Helper()
	config.QPS = -1
	// Tests try fields that are not there on purpose.
	config.WarningHandler = rest.NoWarnings{}
	dyn, err := dynamic.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	typed, err := kubernetes.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	return account{config: config, dynamic: dyn, typed: typed}
}

// apply is "kubectl apply --server-side -k config/default".
func (w *world) apply(t *testing.T) {
	t.Helper()
	objects, err := manifests.Render(filepath.Join(manifests.Root(), "config", "default"))
	if err != nil {
		t.Fatal(err)
	}
	config := rest.CopyConfig(w.admin.config)
	config.WarningHandler = w.warnings
	c, err := client.New(config, client.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, object := range objects {
		err := c.Apply(t.Context(), client.ApplyConfigurationFromUnstructured(object), client.FieldOwner("install"), client.ForceOwnership)
		if err != nil {
			t.Fatalf("apply %s %s: %v", object.GetKind(), object.GetName(), err)
		}
	}
	w.objects = objects
}

// mint runs the minter as the manager does and waits for the first token.
func (w *world) mint(t *testing.T) {
	t.Helper()
	minter := &satoken.Minter{
		Tokens:         w.manager.typed.CoreV1().ServiceAccounts(system),
		ServiceAccount: "webhookserver",
		Path:           w.tokenFile,
		Lifetime:       satoken.MinLifetime,
		Log:            testr.New(t),
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- minter.Start(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Start() = %v", err)
		}
	})
	eventually(t, "mint the sidecar's token", func(context.Context) bool {
		_, err := os.Stat(w.tokenFile)
		return err == nil
	})
}

// awaitPolicy returns when the API server enforces the policy: it learns of policies by
// watching them, after they are stored.
func (w *world) awaitPolicy(t *testing.T) {
	t.Helper()
	eventually(t, "enforce the policy", func(ctx context.Context) bool {
		_, err := w.sidecar.dynamic.Resource(requests).Namespace(tenant).Patch(ctx, "hello", types.MergePatchType,
			[]byte(`{"status":{"contentStatus":"Draft"}}`), metav1.PatchOptions{DryRun: []string{metav1.DryRunAll}}, "status")
		return isPolicy(err)
	})
}

func eventually(t *testing.T, what string, check func(context.Context) bool) {
	t.Helper()
	err := wait.PollUntilContextTimeout(t.Context(), 50*time.Millisecond, time.Minute, true,
		func(ctx context.Context) (bool, error) { return check(ctx), nil })
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

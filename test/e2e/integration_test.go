// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/controllers/integration"
	"github.com/igny8/wordpress-operator/hack/stack"
)

// grantWatch gives the manager the right of the component watch-secrets. It stays
// for the rest of the run, at whose end what was used is held against what is
// granted.
func grantWatch(t *testing.T) {
	t.Helper()
	for _, file := range []string{"role.yaml", "role_binding.yaml"} {
		if _, err := shared.Kubectl(t.Context(), "", "apply", "-f", filepath.Join(root, "config", "components", "watch-secrets", file)); err != nil {
			t.Fatal(err)
		}
	}
}

// TestAWatchedSecretIsNoticedAtOnce: nothing else looks for an hour.
func TestAWatchedSecretIsNoticedAtOnce(t *testing.T) {
	grantWatch(t)
	startManager(t, "--watch-labelled-secrets", "--secret-poll-interval=1h", "--connection-retry-min=1h", "--connection-retry-max=1h")
	s := newSpace(t)
	secret := s.secret("key", strings.Repeat("wrong-key-", 4))
	secret.Labels = map[string]string{v1alpha1.LabelWatch: "true"}
	s.create(secret)
	s.create(s.integration("blog", site.URL))
	s.await(newIntegration(), "blog", "Connected=False/CredentialsRefused")
	secret.StringData = map[string]string{"apiKey": site.APIKey}
	if err := shared.Client.Update(t.Context(), secret); err != nil {
		t.Fatal(err)
	}
	s.await(newIntegration(), "blog", "Ready=True/Connected")
}

// TestTheWatchOfSecretsHoldsNoData looks into the very cache that the manager
// makes, filled by a real API server.
func TestTheWatchOfSecretsHoldsNoData(t *testing.T) {
	const canary = "canary-b7f3a1c2d4e5f60718293a4b5c6d7e8f"
	s := newSpace(t)
	for _, name := range []string{"labelled", "plain"} {
		manifest := fmt.Sprintf("apiVersion: v1\nkind: Secret\nmetadata: {name: %s, namespace: %s}\nstringData: {apiKey: %s}\n", name, s.name, canary)
		if _, err := shared.Kubectl(t.Context(), manifest, "apply", "-f", "-"); err != nil { // which keeps a copy in an annotation
			t.Fatal(err)
		}
	}
	if _, err := shared.Kubectl(t.Context(), "", "label", "secret", "-n", s.name, "labelled", v1alpha1.LabelWatch+"=true"); err != nil {
		t.Fatal(err)
	}
	secrets, err := cache.New(shared.Config(), cache.Options{ByObject: map[client.Object]cache.ByObject{&corev1.Secret{}: integration.SecretCache()}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- secrets.Start(ctx) }()
	defer func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}()
	if !secrets.WaitForCacheSync(ctx) {
		t.Fatal("the cache does not start")
	}
	held := &metav1.PartialObjectMetadataList{}
	held.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("SecretList"))
	if err := secrets.List(ctx, held, client.InNamespace(s.name)); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(held)
	if err != nil {
		t.Fatal(err)
	}
	if len(held.Items) != 1 || held.Items[0].Name != "labelled" {
		t.Errorf("the cache holds %s, want the labelled Secret", text)
	}
	if strings.Contains(string(text), canary) || len(held.Items[0].Annotations) != 0 {
		t.Errorf("the cache holds data: %s", text)
	}
}

// TestARestoredSiteIsLookedAtAgain puts the database's position back, as the
// restore of a backup does.
func TestARestoredSiteIsLookedAtAgain(t *testing.T) {
	startManager(t)
	s := newSpace(t)
	s.connected()
	before := newIntegration()
	if err := shared.Client.Get(t.Context(), client.ObjectKey{Namespace: s.name, Name: "blog"}, before); err != nil {
		t.Fatal(err)
	}
	epoch := before.Status.Site.Epoch
	if epoch == "" {
		t.Fatal("the status has no epoch")
	}
	if _, err := site.PHP(t.Context(), fmt.Sprintf("update_option( Igny8_Bridge_Position::OPTION, '%s 0' );", epoch)); err != nil {
		t.Fatal(err)
	}
	if _, err := shared.Kubectl(t.Context(), "", "annotate", "wpi", "-n", s.name, "blog", v1alpha1.AnnotationTestRequestedAt+"=now"); err != nil {
		t.Fatal(err)
	}
	after := newIntegration()
	poll(t, func() (bool, string) {
		if err := shared.Client.Get(t.Context(), client.ObjectKey{Namespace: s.name, Name: "blog"}, after); err != nil {
			return false, err.Error()
		}
		return after.Status.Site.Epoch != epoch, "epoch " + after.Status.Site.Epoch
	})
	if newest := after.Status.History[0]; newest.Action != v1alpha1.ReasonSiteRestored {
		t.Errorf("the history begins with %+v", newest)
	}
	if !hasCondition(after.Status.Conditions, "Ready=True/Connected") || after.Status.Site.UUID != before.Status.Site.UUID {
		t.Errorf("a restored site is not the same any more: %s", show(after.Status.Conditions))
	}
}

// TestMetricsOfIntegrations reads what the leader exports.
func TestMetricsOfIntegrations(t *testing.T) {
	manager := startManager(t)
	s := newSpace(t)
	s.connected()
	text := metricsOf(t, manager)
	for _, want := range []string{
		`igny8_integrations{condition="Connected",reason="Connected",status="True"} 1`,
		`igny8_integrations_suspended 0`,
		`igny8_integration_last_contact_timestamp_seconds{name="blog",namespace="` + s.name + `"} `,
		`igny8_integration_key_accepted_timestamp_seconds{name="blog",namespace="` + s.name + `"} `,
		`igny8_site_call_duration_seconds_count{purpose="connection-test",result="Succeeded"} `,
		`igny8_sitegate_waiting_tickets{purpose="rotate-key"} 0`,
	} {
		if !strings.Contains(text, "\n"+want) {
			t.Errorf("no series %s", want)
		}
	}
}

func metricsOf(t *testing.T, manager *stack.Program) string {
	t.Helper()
	response, err := http.Get("http://" + manager.Metrics + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"strings"
	"testing"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

func newIntegration() *v1alpha1.WordPressIntegration { return &v1alpha1.WordPressIntegration{} }

func notConnected(conditions []metav1.Condition) bool {
	c := meta.FindStatusCondition(conditions, v1alpha1.ConditionConnected)
	return c != nil && c.Status == metav1.ConditionFalse
}

// TestWhatIsMissingIsSaidAndHeals: the condition says which thing is missing,
// and its appearance is enough, without a restart.
func TestWhatIsMissingIsSaidAndHeals(t *testing.T) {
	startManager(t)
	t.Run("Secret", func(t *testing.T) {
		s := newSpace(t)
		s.create(s.integration("blog", site.URL))
		s.create(s.request("hello"))
		s.expectProblem(newIntegration(), "blog", v1alpha1.ReasonSecretNotFound, `Secret "key"`)
		s.expectProblem(&v1alpha1.PublishRequest{}, "hello", v1alpha1.ReasonIntegrationNotReady, `"blog" is not connected: SecretNotFound`)
		s.create(s.secret("key", site.APIKey))
		s.awaitRequest("hello", "Ready=True/Published")
	})
	t.Run("EmptyKey", func(t *testing.T) {
		s := newSpace(t)
		secret := s.secret("key", "")
		s.create(secret)
		s.create(s.integration("blog", site.URL))
		s.create(s.request("hello"))
		s.expectProblem(newIntegration(), "blog", v1alpha1.ReasonSecretKeyEmpty, `"apiKey" of Secret "key" is empty`)
		secret.StringData = map[string]string{"apiKey": site.APIKey}
		if err := shared.Client.Update(t.Context(), secret); err != nil {
			t.Fatal(err)
		}
		s.awaitRequest("hello", "Ready=True/Published")
	})
	t.Run("Integration", func(t *testing.T) {
		s := newSpace(t)
		s.create(s.request("hello"))
		s.expectProblem(&v1alpha1.PublishRequest{}, "hello", v1alpha1.ReasonIntegrationNotFound, `WordPressIntegration "blog" does not exist`)
		s.connected()
		s.awaitRequest("hello", "Ready=True/Published")
	})
	t.Run("ConfigMapAndItsKey", func(t *testing.T) {
		s := newSpace(t)
		s.connected()
		request := s.request("hello")
		request.Spec.Content = v1alpha1.Content{
			Type: v1alpha1.ContentTypeConfigMap, Format: v1alpha1.ContentFormatHTML,
			ConfigMap: v1alpha1.ConfigMapKeyReference{Name: "post", Key: "body"},
		}
		s.create(request)
		s.expectProblem(&v1alpha1.PublishRequest{}, "hello", v1alpha1.ReasonConfigMapNotFound, `ConfigMap "post"`)
		configMap := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "post"}}
		s.create(configMap)
		s.expectProblem(&v1alpha1.PublishRequest{}, "hello", v1alpha1.ReasonConfigMapKeyMissing, `ConfigMap "post" has no key "body"`)
		configMap.Data = map[string]string{"body": "<p>There.</p>"}
		if err := shared.Client.Update(t.Context(), configMap); err != nil {
			t.Fatal(err)
		}
		s.awaitRequest("hello", "Ready=True/Published")
	})
}

// expectProblem waits for the reason, with a message that names the thing, and
// checks that it is no failure: it heals by itself.
func (s *space) expectProblem(object client.Object, name, reason, names string) {
	s.t.Helper()
	s.await(object, name, "Ready=False/"+reason, "Reconciling=True/ProgressingWithRetry")
	ready := meta.FindStatusCondition(conditionsOf(object), v1alpha1.ConditionReady)
	if !strings.Contains(ready.Message, names) {
		s.t.Errorf("message %q does not say %q", ready.Message, names)
	}
	kind := "PublishRequest"
	if _, ok := object.(*v1alpha1.WordPressIntegration); ok {
		kind = "WordPressIntegration"
	}
	s.checkHealth(kind, name, status.InProgressStatus)
}

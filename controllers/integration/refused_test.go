// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"context"
	"fmt"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/siteaccess"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

// refusing has the API server refuse every write of a Secret, as a quota or a
// policy does, while the returned flag is set.
func refusing(t *testing.T, h *harness) *bool {
	t.Helper()
	refuse := new(bool)
	refusal := func(object client.Object) error {
		if _, ok := object.(*corev1.Secret); ok && *refuse {
			return apierrors.NewForbidden(schema.GroupResource{Resource: "secrets"}, object.GetName(), nil)
		}
		return nil
	}
	h.client = interceptor.NewClient(h.client, interceptor.Funcs{
		Create: func(ctx context.Context, c client.WithWatch, o client.Object, opts ...client.CreateOption) error {
			if err := refusal(o); err != nil {
				return err
			}
			return c.Create(ctx, o, opts...)
		},
		Patch: func(ctx context.Context, c client.WithWatch, o client.Object, p client.Patch, opts ...client.PatchOption) error {
			if err := refusal(o); err != nil {
				return err
			}
			return c.Patch(ctx, o, p, opts...)
		},
	})
	h.boot(wordpresstest.LoopbackTransports(t))
	return refuse
}

// A key that cannot be kept is said in the status, not in the log alone.
func TestAKeyThatCannotBeKeptIsSaid(t *testing.T) {
	cases := map[string]struct {
		reason string
		change func(*v1alpha1.WordPressIntegration)
	}{
		"Generated": {"there is no key", func(i *v1alpha1.WordPressIntegration) { i.Spec.Credentials = v1alpha1.Credentials{} }},
		"Provided":  {"the next key could not be brought to the site", nil},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			site := wordpresstest.New(t)
			h := newHarness(t, blog(site.URL(), tc.change), keySecret(site.Key()))
			refuse := refusing(t, h)
			*refuse = true
			h.settle()
			h.expect("Ready=False/SecretNotWritable", "Connected=False/SecretNotWritable", "Reconciling=True/ProgressingWithRetry")
			if after := h.quiet(tc.reason).RequeueAfter; after == 0 {
				t.Errorf("%s: it is never looked at again", tc.reason)
			}
			*refuse = false
			h.settle()
			if key := storedKey(h); name == "Generated" {
				site.SetKey(key)
			}
			h.clock.Step(DefaultIntervals().FailingMin)
			h.settle()
			h.expect("Ready=True/Connected")
		})
	}
}

// A rotation that cannot be noted does not stop what works.
func TestARotationThatCannotBeNotedStopsNothing(t *testing.T) {
	site := wordpresstest.New(t)
	h := newHarness(t, blog(site.URL(), nil), keySecret(site.Key()))
	refuse := refusing(t, h)
	h.settle()
	*refuse = true
	h.update(keySecret("igny8_another_key_of_at_least_32_characters"))
	h.clock.Step(DefaultIntervals().Secret)
	h.settle()
	h.expect("Ready=True/Connected", "KeyRotated=False/KeyRotationFailed")
	h.quiet("nothing has changed")
	*refuse = false
	h.clock.Step(DefaultIntervals().Secret)
	h.settle()
	h.expect("Ready=True/Connected", "KeyRotated=False/KeyRotating")
}

// A refusal of the API server is no defect of the operator.
func TestAConfigMapThatIsRefusedIsSaid(t *testing.T) {
	quota := apierrors.NewForbidden(schema.GroupResource{Resource: "configmaps"}, "blog-igny8-structure", nil)
	reason, message := readingFailure(fmt.Errorf("create configmap: %w", quota))
	if reason != v1alpha1.ReasonConfigMapNotWritable || !strings.Contains(message, "blog-igny8-structure") {
		t.Errorf("%s: %s", reason, message)
	}
}

func storedKey(h *harness) string {
	h.t.Helper()
	store := &corev1.Secret{}
	if err := h.client.Get(h.t.Context(), client.ObjectKey{Namespace: "team", Name: "blog-igny8"}, store); err != nil {
		h.t.Fatal(err)
	}
	return string(store.Data[siteaccess.GeneratedSecretKey])
}

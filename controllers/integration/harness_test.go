// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"context"
	"testing"
	"time"

	"github.com/go-logr/logr"
	"github.com/prometheus/client_golang/prometheus"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/tools/events"
	testclock "k8s.io/utils/clock/testing"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/callmetrics"
	"github.com/igny8/wordpress-operator/internal/siteaccess"
	"github.com/igny8/wordpress-operator/internal/wordpress"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

var (
	start    = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	blogName = types.NamespacedName{Namespace: "team", Name: "blog"}
)

// harness drives a Reconciler by hand against a fake API server.
type harness struct {
	*Reconciler
	t         *testing.T
	client    client.WithWatch
	clock     *testclock.FakeClock
	recorder  *events.FakeRecorder
	connected []types.UID
	writes    int
}

func newHarness(t *testing.T, objects ...client.Object) *harness {
	t.Helper()
	return newHarnessWith(t, wordpresstest.LoopbackTransports(t), objects...)
}

func newHarnessWith(t *testing.T, transports *wordpress.Transports, objects ...client.Object) *harness {
	t.Helper()
	h := &harness{t: t, clock: testclock.NewFakeClock(start), recorder: events.NewFakeRecorder(100)}
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{corev1.AddToScheme, v1alpha1.AddToScheme} {
		if err := add(scheme); err != nil {
			t.Fatal(err)
		}
	}
	h.client = fake.NewClientBuilder().WithScheme(scheme).WithStatusSubresource(&v1alpha1.WordPressIntegration{}).WithObjects(objects...).
		WithInterceptorFuncs(interceptor.Funcs{SubResourcePatch: func(ctx context.Context, c client.Client, sub string, o client.Object, p client.Patch, opts ...client.SubResourcePatchOption) error {
			h.writes++
			return c.SubResource(sub).Patch(ctx, o, p, opts...)
		}}).Build()
	h.Reconciler = New(Options{
		Client: h.client, Recorder: h.recorder, Clock: h.clock, Metrics: callmetrics.New(prometheus.NewRegistry()), Random: func() float64 { return 0.5 },
		Access:      &siteaccess.Access{Live: h.client, Transports: transports, AllowPlaintext: true},
		Intervals:   DefaultIntervals(),
		OnConnected: func(uid types.UID) { h.connected = append(h.connected, uid) },
		SyncEvents:  logr.Discard(),
	})
	h.runTests()
	return h
}

func (h *harness) runTests() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.tests.Start(ctx) }()
	h.t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			h.t.Error(err)
		}
	})
}

// blog is an integration with a provided key.
func blog(siteURL string, change func(*v1alpha1.WordPressIntegration)) *v1alpha1.WordPressIntegration {
	i := &v1alpha1.WordPressIntegration{
		ObjectMeta: metav1.ObjectMeta{Namespace: blogName.Namespace, Name: blogName.Name, UID: "uid-blog", Generation: 1},
		Spec: v1alpha1.WordPressIntegrationSpec{
			SiteURL: siteURL,
			Credentials: v1alpha1.Credentials{
				Policy: v1alpha1.CredentialsPolicyProvided, SecretRef: v1alpha1.SecretKeyReference{Name: "key", Key: "apiKey"},
			},
			Transport: v1alpha1.Transport{Plaintext: v1alpha1.PlaintextAllowed, TimeoutSeconds: 30},
		},
	}
	if change != nil {
		change(i)
	}
	return i
}

func keySecret(key string) *corev1.Secret {
	return &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: "team", Name: "key"}, Data: map[string][]byte{"apiKey": []byte(key)}}
}

func (h *harness) reconcile() ctrl.Result {
	h.t.Helper()
	result, err := h.Reconcile(h.t.Context(), ctrl.Request{NamespacedName: blogName})
	if err != nil {
		h.t.Fatalf("Reconcile: %v", err)
	}
	return result
}

// test runs a reconcile that leaves a ticket, waits for the test of the
// connection, and records it.
func (h *harness) test() ctrl.Result {
	h.t.Helper()
	h.reconcile()
	select {
	case <-h.wake.Woken():
	case <-time.After(30 * time.Second):
		h.t.Fatal("the reconcile left no ticket")
	}
	return h.reconcile()
}

// quiet runs a reconcile that may neither write nor call the site.
func (h *harness) quiet(why string) ctrl.Result {
	h.t.Helper()
	writes := h.writes
	result := h.reconcile()
	if stats := h.Stats(); stats.Waiting+stats.InFlight+len(h.wake.Woken()) > 0 {
		h.t.Errorf("%s: the reconcile called the site", why)
	}
	if h.writes > writes {
		h.t.Errorf("%s: the reconcile wrote a status", why)
	}
	return result
}

func (h *harness) get() *v1alpha1.WordPressIntegration {
	h.t.Helper()
	i := &v1alpha1.WordPressIntegration{}
	if err := h.client.Get(h.t.Context(), blogName, i); err != nil {
		h.t.Fatal(err)
	}
	return i
}

// expect checks the conditions, "Type=Status/Reason", that matter.
func (h *harness) expect(want ...string) *v1alpha1.WordPressIntegration {
	h.t.Helper()
	i := h.get()
	have := map[string]bool{}
	var all string
	for _, c := range i.Status.Conditions {
		have[c.Type+"="+string(c.Status)+"/"+c.Reason] = true
		all += "\n  " + c.Type + "=" + string(c.Status) + "/" + c.Reason + ": " + c.Message
	}
	for _, condition := range want {
		if !have[condition] {
			h.t.Errorf("condition %s is missing; conditions are %s", condition, all)
		}
	}
	return i
}

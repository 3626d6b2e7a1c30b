// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"context"
	"errors"
	"sync"
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
	h.boot(transports)
	return h
}

// boot starts a process that knows nothing but what the API server has. It runs
// until the returned function, or the end of the test, stops it.
func (h *harness) boot(transports *wordpress.Transports) (stop func()) {
	h.Reconciler = New(Options{
		Client: h.client, Recorder: h.recorder, Clock: h.clock, Metrics: callmetrics.New(prometheus.NewRegistry()), Random: func() float64 { return 0.5 },
		Access:      &siteaccess.Access{Live: h.client, Transports: transports, AllowPlaintext: true},
		Intervals:   DefaultIntervals(),
		OnConnected: func(uid types.UID) { h.connected = append(h.connected, uid) },
		SyncEvents:  logr.Discard(),
	})
	return h.runTests()
}

// runTests runs the dispatchers.
func (h *harness) runTests() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 2)
	process := h.Reconciler
	go func() { done <- process.tests.Start(ctx) }()
	go func() { done <- process.rotations.Start(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := errors.Join(<-done, <-done); err != nil {
			h.t.Error(err)
		}
	})
	h.t.Cleanup(stop)
	return stop
}

// settle reconciles until nothing is under way, and returns the last result. It
// looks twice: a call whose outcome is there may not have woken anybody yet.
func (h *harness) settle() ctrl.Result {
	h.t.Helper()
	idle := 0
	for range 40 {
		result := h.reconcile()
		if h.awaitCall() {
			idle = 0
		} else if idle++; idle == 2 {
			return result
		}
	}
	h.t.Fatal("the integration does not come to rest")
	return ctrl.Result{}
}

// awaitCall waits until a call has come back, and says whether one was under way.
// A call that is withdrawn wakes nobody.
func (h *harness) awaitCall() bool {
	h.t.Helper()
	deadline := time.After(30 * time.Second)
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	was := h.underWay()
	for h.underWay() {
		select {
		case <-h.wake.Woken():
			return true
		case <-tick.C:
		case <-deadline:
			h.t.Fatal("a call did not come back")
		}
	}
	return was
}

// underWay says that the site is called, or that an outcome is to be recorded.
func (h *harness) underWay() bool {
	tests, rotations := h.tests.Stats(), h.rotations.Stats()
	return tests.Waiting+tests.InFlight+rotations.Waiting+rotations.InFlight+len(h.wake.Woken()) > 0
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
	if h.underWay() {
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

// update changes an object, as a person does.
func (h *harness) update(object client.Object) {
	h.t.Helper()
	if err := h.client.Update(h.t.Context(), object); err != nil {
		h.t.Fatal(err)
	}
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

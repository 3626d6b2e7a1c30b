// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"context"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
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
	"github.com/igny8/wordpress-operator/controllers/autopublish"
	"github.com/igny8/wordpress-operator/internal/callmetrics"
	"github.com/igny8/wordpress-operator/internal/fetch"
	"github.com/igny8/wordpress-operator/internal/siteaccess"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

var start = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// siteUUID is that of the harness's site.
const siteUUID = "0b6f0c1e-5a3d-4d0c-9d0e-5f1c7c2b9a11"

// harness drives a Reconciler by hand against a fake API server and a fake site.
type harness struct {
	*Reconciler
	t        *testing.T
	client   client.WithWatch
	site     *wordpresstest.Fake
	clock    *testclock.FakeClock
	recorder *events.FakeRecorder
	retests  int
	writes   int
	// failWrite makes the next status write fail after it has had its effect.
	failWrite error
	// beforeWrite happens right before the next status write.
	beforeWrite func()
	deletions
}

// newHarness has the objects, an integration "blog" that is connected to the
// site, and its Secret.
func newHarness(t *testing.T, objects ...client.Object) *harness {
	t.Helper()
	h := newIdleHarness(t, objects...)
	h.runCalls()
	return h
}

// newIdleHarness makes no calls before runCalls.
func newIdleHarness(t *testing.T, objects ...client.Object) *harness {
	t.Helper()
	h := &harness{t: t, clock: testclock.NewFakeClock(start), recorder: events.NewFakeRecorder(100)}
	h.site = wordpresstest.New(t, wordpresstest.WithClock(h.clock.Now))
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{corev1.AddToScheme, v1alpha1.AddToScheme} {
		if err := add(scheme); err != nil {
			t.Fatal(err)
		}
	}
	builder := fake.NewClientBuilder().WithScheme(scheme).
		WithStatusSubresource(&v1alpha1.PublishRequest{}, &v1alpha1.WordPressIntegration{}).
		WithObjects(append(objects, h.integration(), h.secret(), namespaceTeam())...).
		WithInterceptorFuncs(interceptor.Funcs{SubResourcePatch: h.countWrite, Get: h.stampDeletion, Update: h.unstampDeletion, Patch: h.countPatch})
	for _, add := range []func(context.Context, client.FieldIndexer) error{addIndexes, autopublish.AddIndexes} {
		if err := add(t.Context(), indexer{builder}); err != nil {
			t.Fatal(err)
		}
	}
	h.client = builder.Build()
	h.Reconciler = New(Options{
		Client: h.client, Live: h.client, Fetch: newFetcher(h.client), Recorder: h.recorder, Clock: h.clock, Metrics: callmetrics.New(prometheus.NewRegistry()),
		Access: &siteaccess.Access{Live: h.client, Transports: wordpresstest.LoopbackTransports(t), AllowPlaintext: true},
		Random: func() float64 { return 0 }, SyncEvents: h.syncEventLog(),
		Retest: func(context.Context, types.NamespacedName) { h.retests++ },
	})
	return h
}

// newFetcher may call servers of httptest.
func newFetcher(live client.Reader) *fetch.Fetcher {
	return fetch.New(fetch.Options{Live: live, AllowedAddresses: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, CABundle: certificatePEM()})
}

// certificatePEM is the certificate of every server of httptest.
func certificatePEM() []byte {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
}

func (h *harness) runCalls() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.calls.Start(ctx) }()
	h.t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			h.t.Error(err)
		}
	})
}

// indexer gives the controller's indexes to the fake client.
type indexer struct{ *fake.ClientBuilder }

func (i indexer) IndexField(_ context.Context, object client.Object, field string, values client.IndexerFunc) error {
	i.WithIndex(object, field, values)
	return nil
}

func (h *harness) countWrite(ctx context.Context, c client.Client, sub string, object client.Object, patch client.Patch, opts ...client.SubResourcePatchOption) error {
	h.writes++
	if before := h.beforeWrite; before != nil {
		h.beforeWrite = nil
		before()
	}
	if err := c.SubResource(sub).Patch(ctx, object, patch, opts...); err != nil {
		return err
	}
	err := h.failWrite
	h.failWrite = nil
	return err
}

func (h *harness) integration() *v1alpha1.WordPressIntegration {
	return newIntegration(func(i *v1alpha1.WordPressIntegration) {
		i.Spec.SiteURL = h.site.URL()
		i.Spec.SiteID = 5
		i.Spec.Transport.Plaintext = v1alpha1.PlaintextAllowed
		i.Spec.Credentials = v1alpha1.Credentials{
			Policy: v1alpha1.CredentialsPolicyProvided, SecretRef: v1alpha1.SecretKeyReference{Name: "blog-key", Key: "apiKey"},
		}
		i.Status.Site.RESTURL, i.Status.Site.UUID = h.site.RESTURL(), siteUUID
		connect(i, metav1.ConditionTrue, v1alpha1.ReasonConnected, start.Add(-time.Hour))
	})
}

func connect(i *v1alpha1.WordPressIntegration, status metav1.ConditionStatus, reason string, at time.Time) {
	meta.SetStatusCondition(&i.Status.Conditions, metav1.Condition{
		Type: v1alpha1.ConditionConnected, Status: status, Reason: reason, ObservedGeneration: i.Generation, LastTransitionTime: metav1.NewTime(at),
	})
}

func (h *harness) secret() *corev1.Secret {
	return &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Namespace: "team", Name: "blog-key"},
		Data:       map[string][]byte{"apiKey": []byte(h.site.Key())},
	}
}

// published is a request through the integration "blog".
func published(change func(*v1alpha1.PublishRequest)) *v1alpha1.PublishRequest {
	return newRequest(func(p *v1alpha1.PublishRequest) {
		p.CreationTimestamp = metav1.NewTime(start)
		p.Spec.IntegrationRef.Name = "blog"
		p.Spec.Content.Inline = "<p>Body.</p>"
		if change != nil {
			change(p)
		}
	})
}

// reconcile runs one reconcile of the request "hello".
func (h *harness) reconcile() ctrl.Result {
	h.t.Helper()
	return h.reconcileThat(helloName)
}

func (h *harness) reconcileThat(name types.NamespacedName) ctrl.Result {
	h.t.Helper()
	result, err := h.Reconcile(h.t.Context(), ctrl.Request{NamespacedName: name})
	if err != nil {
		h.t.Fatalf("Reconcile: %v", err)
	}
	return result
}

var helloName = types.NamespacedName{Namespace: "team", Name: "hello"}

// call runs a reconcile that leaves a ticket, waits for the call, and records it.
func (h *harness) call() ctrl.Result {
	h.t.Helper()
	h.reconcile()
	h.awaitCall()
	return h.reconcile()
}

func (h *harness) awaitCall() {
	h.t.Helper()
	select {
	case <-h.wake.Woken():
	case <-time.After(30 * time.Second):
		h.t.Fatal("the reconcile left no ticket")
	}
}

// quiet runs a reconcile that may neither write nor call.
func (h *harness) quiet(why string) ctrl.Result {
	h.t.Helper()
	writes, calls := h.writes, len(h.site.Calls())
	result := h.reconcile()
	if stats := h.Stats(); stats.Waiting+stats.InFlight > 0 || len(h.site.Calls()) > calls {
		h.t.Errorf("%s: the reconcile called the site", why)
	}
	if h.writes > writes {
		h.t.Errorf("%s: the reconcile wrote a status", why)
	}
	return result
}

func (h *harness) get() *v1alpha1.PublishRequest {
	h.t.Helper()
	request := &v1alpha1.PublishRequest{}
	if err := h.client.Get(h.t.Context(), helloName, request); err != nil {
		h.t.Fatal(err)
	}
	return request
}

// change updates an object's spec, and its generation as the API server does.
func (h *harness) change(change func(*v1alpha1.PublishRequest)) {
	h.t.Helper()
	request := h.get()
	change(request)
	request.Generation++
	if err := h.client.Update(h.t.Context(), request); err != nil {
		h.t.Fatal(err)
	}
}

func (h *harness) connect(status metav1.ConditionStatus, reason string) {
	h.t.Helper()
	integration := &v1alpha1.WordPressIntegration{}
	if err := h.client.Get(h.t.Context(), types.NamespacedName{Namespace: "team", Name: "blog"}, integration); err != nil {
		h.t.Fatal(err)
	}
	connect(integration, status, reason, h.clock.Now())
	if err := h.client.Status().Update(h.t.Context(), integration); err != nil {
		h.t.Fatal(err)
	}
}

// expect checks the conditions, "Type=Status/Reason", that matter.
func (h *harness) expect(want ...string) *v1alpha1.PublishRequest {
	h.t.Helper()
	request := h.get()
	for _, condition := range want {
		if !has(request.Status.Conditions, condition) {
			h.t.Errorf("condition %s is missing; conditions are %s", condition, show(request.Status.Conditions))
		}
	}
	return request
}

func has(conditions []metav1.Condition, want string) bool {
	for _, c := range conditions {
		if c.Type+"="+string(c.Status)+"/"+c.Reason == want {
			return true
		}
	}
	return false
}

func show(conditions []metav1.Condition) string {
	var text string
	for _, c := range conditions {
		text += "\n  " + c.Type + "=" + string(c.Status) + "/" + c.Reason + ": " + c.Message
	}
	return text
}

// changeStatus changes what the status says, as another version may have left it.
func (h *harness) changeStatus(change func(*v1alpha1.PublishRequest)) {
	h.t.Helper()
	request := h.get()
	change(request)
	if err := h.client.Status().Update(h.t.Context(), request); err != nil {
		h.t.Fatal(err)
	}
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"crypto/tls"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

// faultySite is a site in TLS of which everything can go wrong while it serves.
type faultySite struct {
	*httptest.Server
	fake      *wordpresstest.Fake
	authority *wordpresstest.Authority
	config    atomic.Pointer[tls.Config]
	// handler answers in the place of the site unless it is nil.
	handler atomic.Pointer[http.HandlerFunc]
}

func newFaultySite(t *testing.T) *faultySite {
	t.Helper()
	authority, err := wordpresstest.NewAuthority(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	// The fake's own address stays out of sight: ?rest_route= is found at ours.
	f := &faultySite{fake: wordpresstest.New(t, wordpresstest.WithoutLinkHeader()), authority: authority}
	f.setCertificate(t, wordpresstest.Valid, 0)
	f.Server = httptest.NewUnstartedServer(f)
	f.Config.ErrorLog = log.New(io.Discard, "", 0)
	f.TLS = &tls.Config{MinVersion: tls.VersionTLS10, GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) { return f.config.Load(), nil }}
	f.StartTLS()
	t.Cleanup(f.Close)
	return f
}

// ServeHTTP answers as the site or in its place.
func (f *faultySite) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if handler := f.handler.Load(); handler != nil {
		(*handler)(w, r)
		return
	}
	f.fake.ServeHTTP(w, r)
}

// setCertificate changes the certificate, and the newest TLS the site speaks: 0
// for all there is.
func (f *faultySite) setCertificate(t *testing.T, kind wordpresstest.Certificate, newest uint16) {
	t.Helper()
	leaf, err := f.authority.Issue(kind)
	if err != nil {
		t.Fatal(err)
	}
	f.config.Store(&tls.Config{Certificates: []tls.Certificate{leaf}, MinVersion: tls.VersionTLS10, MaxVersion: newest})
}

// wayCase is an integration with a faulty site.
type wayCase struct {
	*space
	site *faultySite
}

// wayRow is a row of the table: spec and objects are made before the integration
// is, breaks puts the fault in place, and mends ends it.
type wayRow struct {
	want, says    string
	spec          func(w *wayCase, spec *v1alpha1.WordPressIntegrationSpec)
	breaks, mends func(t *testing.T, w *wayCase)
}

// TestConnectionReasonsOfFaultyServers: what a real WordPress cannot be made to
// do. Each row has an integration of its own, and they run side by side.
func TestConnectionReasonsOfFaultyServers(t *testing.T) {
	startManager(t, vigilant...)
	t.Run("Rows", func(t *testing.T) {
		for name, row := range wayRows() {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				row.run(t)
			})
		}
	})
}

func (row wayRow) run(t *testing.T) {
	w := &wayCase{space: newSpace(t), site: newFaultySite(t)}
	w.create(w.secret("key", w.site.fake.Key()))
	w.create(w.authority("ca", string(w.site.authority.Bundle())))
	integration := w.integration("blog", w.site.URL)
	integration.Spec.Transport = v1alpha1.Transport{TimeoutSeconds: 1, CARef: v1alpha1.CAReference{Kind: v1alpha1.CAReferenceKindConfigMap, Name: "ca", Key: "ca.crt"}}
	if row.spec != nil {
		row.spec(w, &integration.Spec)
	}
	if row.breaks != nil {
		row.breaks(t, w)
	}
	w.create(integration)
	got := w.await(newIntegration(), "blog", "Connected=False/"+row.want, "Ready=False/"+row.want)
	w.checkReason(got.(*v1alpha1.WordPressIntegration), row.want, row.says, w.site.fake.Key())
	w.checkHealth("WordPressIntegration", "blog", status.InProgressStatus)
	row.mends(t, w)
	w.await(newIntegration(), "blog", "Connected=True/Connected", "Ready=True/Connected")
	w.checkHealth("WordPressIntegration", "blog", status.CurrentStatus)
	poll(t, func() (bool, string) { return w.has("blog", v1alpha1.ReasonConnected), "no Event Connected" })
	for _, e := range w.events() {
		if e.Reason == row.want && e.Series != nil {
			t.Errorf("more than one Event %s: %+v", row.want, e.Series)
		}
	}
}

// authority is a ConfigMap with certificates.
func (s *space) authority(name, bundle string) *corev1.ConfigMap {
	return &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: s.name, Name: name}, Data: map[string]string{"ca.crt": bundle}}
}

func wayRows() map[string]wayRow {
	rows := map[string]wayRow{
		"UnknownAuthority": {v1alpha1.ReasonTLSUnknownAuthority, "transport.caRef", func(_ *wayCase, spec *v1alpha1.WordPressIntegrationSpec) {
			spec.Transport.CARef = v1alpha1.CAReference{}
		},
			nil, patchSpec(`{"transport":{"caRef":{"kind":"ConfigMap","name":"ca","key":"ca.crt"}}}`)},
		"Expired":       {v1alpha1.ReasonTLSCertificateExpired, "renew it", nil, certificate(wordpresstest.Expired, 0), certificate(wordpresstest.Valid, 0)},
		"OtherName":     {v1alpha1.ReasonTLSNameMismatch, "replace it", nil, certificate(wordpresstest.WrongName, 0), certificate(wordpresstest.Valid, 0)},
		"OldTLS":        {v1alpha1.ReasonTLSFailed, "TLS 1.2 or newer", nil, certificate(wordpresstest.Valid, tls.VersionTLS11), certificate(wordpresstest.Valid, 0)},
		"NoSuchName":    {v1alpha1.ReasonDNSFailed, "check siteURL", siteURL("https://nowhere.invalid"), nil, ownURL},
		"Private":       {v1alpha1.ReasonAddressBlocked, "--allow-addresses", siteURL("https://10.1.2.3"), nil, ownURL},
		"CloudMetadata": {v1alpha1.ReasonAddressBlocked, "--allow-addresses", siteURL("https://169.254.169.254"), nil, ownURL},
		"NobodyListens": {v1alpha1.ReasonConnectionRefused, "is the web server up?", siteURL("https://127.0.0.1:1"), nil, ownURL},
		"Hangs":         {v1alpha1.ReasonTimeout, "is it slow", nil, answer(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }), answer(nil)},
		"BreaksOff":     {v1alpha1.ReasonConnectionFailed, "load balancers", nil, answer(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }), answer(nil)},
		"NotWordPress":  {v1alpha1.ReasonNotWordPress, "check siteURL", nil, page(http.StatusOK, "text/html", nil), answer(nil)},
		"NoJSON":        {v1alpha1.ReasonNotWordPress, "check siteURL", nil, page(http.StatusOK, "application/json", nil), answer(nil)},
		"Garbage":       {v1alpha1.ReasonInvalidResponse, "is the plugin up to date?", nil, route(http.StatusOK, `{"uuid":"`+foreignText+`"}`), hook(nil)},
		"TooLong":       {v1alpha1.ReasonInvalidResponse, "is the plugin up to date?", nil, route(http.StatusOK, `{"uuid":"`+strings.Repeat(foreignText, 100_000)+`"}`), hook(nil)},
		"EchoesTheCall": {v1alpha1.ReasonBlocked, "allow the routes igny8/v1", nil, answer(echo), answer(nil)},
		"RateLimited":   {v1alpha1.ReasonRateLimited, "raise the limit", nil, page(http.StatusTooManyRequests, "text/html", http.Header{"Retry-After": {"2"}}), answer(nil)},
		"Challenge":     {v1alpha1.ReasonBlocked, "allow the routes igny8/v1", nil, page(http.StatusServiceUnavailable, "text/html", http.Header{"Cf-Mitigated": {"challenge"}}), answer(nil)},
		"NotPermitted": {v1alpha1.ReasonForbidden, "give the user the capability", nil,
			hook(wordpresstest.Problem(http.StatusForbidden, "forbidden", "The user may not do this.")), hook(nil)},
	}
	for name, row := range credentialRows() {
		rows[name] = row
	}
	return rows
}

// credentialRows are what Secrets and ConfigMaps can have wrong.
func credentialRows() map[string]wayRow {
	good := func(_ *testing.T, w *wayCase) { w.enterKey(w.site.fake.Key()) }
	return map[string]wayRow{
		"ShortKey":    {v1alpha1.ReasonKeyTooShort, "the plugin accepts no shorter", nil, keyInSecret("short"), good},
		"UnfitKey":    {v1alpha1.ReasonKeyInvalid, "that a header can carry", nil, keyInSecret(strings.Repeat("schlüssel", 8)), good},
		"EmptyKey":    {v1alpha1.ReasonSecretKeyEmpty, "put the API key of the site there", nil, keyInSecret(""), good},
		"WrongKey":    {v1alpha1.ReasonCredentialsRefused, "enter the current key", nil, keyInSecret(strings.Repeat("other-key-", 5)), good},
		"NoAuthority": {v1alpha1.ReasonCAInvalid, "put those of the site's authority there", nil, bundle("no certificate"), func(t *testing.T, w *wayCase) { bundle(string(w.site.authority.Bundle()))(t, w) }},
		"AwaitsPairing": {v1alpha1.ReasonAwaitingPairing, "put the API key", func(_ *wayCase, spec *v1alpha1.WordPressIntegrationSpec) {
			spec.Credentials = v1alpha1.Credentials{}
		}, nil, pair},
	}
}

// patchSpec changes the spec of the integration.
func patchSpec(spec string) func(*testing.T, *wayCase) {
	return func(_ *testing.T, w *wayCase) { w.patch(w.integration("blog", ""), `{"spec":`+spec+`}`) }
}

func siteURL(url string) func(*wayCase, *v1alpha1.WordPressIntegrationSpec) {
	return func(_ *wayCase, spec *v1alpha1.WordPressIntegrationSpec) { spec.SiteURL = url }
}

func ownURL(t *testing.T, w *wayCase) { patchSpec(`{"siteURL":"`+w.site.URL+`"}`)(t, w) }

func certificate(kind wordpresstest.Certificate, newest uint16) func(*testing.T, *wayCase) {
	return func(t *testing.T, w *wayCase) { w.site.setCertificate(t, kind, newest) }
}

// answer replaces the site by a handler; nil gives it back.
func answer(handler http.HandlerFunc) func(*testing.T, *wayCase) {
	return func(_ *testing.T, w *wayCase) {
		if handler == nil {
			w.site.handler.Store(nil)
			return
		}
		w.site.handler.Store(&handler)
	}
}

func page(status int, mediaType string, header http.Header) func(*testing.T, *wayCase) {
	return answer(func(w http.ResponseWriter, _ *http.Request) {
		for name, values := range header {
			w.Header()[name] = values
		}
		w.Header().Set("Content-Type", mediaType)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, foreignText)
	})
}

// echo sends the caller's headers back, as pages for debugging do.
func echo(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(http.StatusForbidden)
	_, _ = io.WriteString(w, foreignText)
	_ = r.Header.Write(w)
}

// route answers in the plugin's place.
func route(status int, body string) func(*testing.T, *wayCase) {
	return hook(&wordpresstest.Answer{Status: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: body})
}

// hook answers the plugin's routes; nil lets the plugin do it.
func hook(a *wordpresstest.Answer) func(*testing.T, *wayCase) {
	return func(_ *testing.T, w *wayCase) {
		w.site.fake.SetHook(func(r *http.Request) wordpresstest.Fault {
			if !strings.Contains(r.URL.Query().Get("rest_route"), "igny8") {
				return wordpresstest.Fault{}
			}
			return wordpresstest.Fault{Answer: a}
		})
	}
}

// enterKey puts a key into the Secret of the integration.
func (s *space) enterKey(key string) {
	s.t.Helper()
	if err := shared.Client.Update(s.t.Context(), s.secret("key", key)); err != nil {
		s.t.Fatal(err)
	}
}

func keyInSecret(key string) func(*testing.T, *wayCase) {
	return func(_ *testing.T, w *wayCase) { w.enterKey(key) }
}

func bundle(text string) func(*testing.T, *wayCase) {
	return func(t *testing.T, w *wayCase) {
		t.Helper()
		if err := shared.Client.Update(t.Context(), w.authority("ca", text)); err != nil {
			t.Fatal(err)
		}
	}
}

// pair enters the generated key at the site, as a person does.
func pair(t *testing.T, w *wayCase) {
	t.Helper()
	w.site.fake.SetKey(w.generatedKey("blog"))
}

// generatedKey reads the key that the operator made.
func (s *space) generatedKey(integration string) string {
	s.t.Helper()
	key, err := shared.Kubectl(s.t.Context(), "", "get", "secret", integration+"-igny8", "-n", s.name, "-o", "go-template={{.data.apiKey | base64decode}}")
	if err != nil {
		s.t.Fatal(err)
	}
	return key
}

// TestPlaintextDenied: here it is the administrator who helps, with a flag.
func TestPlaintextDenied(t *testing.T) {
	s := newSpace(t)
	s.create(s.secret("key", site.APIKey))
	s.create(s.integration("blog", site.URL))
	t.Run("Denied", func(t *testing.T) {
		startManager(t, "--allow-plaintext=false")
		denied := &space{t: t, name: s.name}
		got := denied.await(newIntegration(), "blog", "Connected=False/PlaintextDenied", "Ready=False/PlaintextDenied")
		denied.checkReason(got.(*v1alpha1.WordPressIntegration), v1alpha1.ReasonPlaintextDenied, "have the administrator set --allow-plaintext", site.APIKey)
		denied.checkHealth("WordPressIntegration", "blog", status.InProgressStatus)
	})
	t.Run("Allowed", func(t *testing.T) {
		manager := startManager(t)
		(&space{t: t, name: s.name}).await(newIntegration(), "blog", "Ready=True/Connected")
		if strings.Contains(manager.Log(), "PlaintextDenied") {
			t.Error("denied again")
		}
	})
}

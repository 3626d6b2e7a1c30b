// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"net/http"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/siteaccess"
	"github.com/igny8/wordpress-operator/internal/wordpress"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

func TestConnects(t *testing.T) {
	site := wordpresstest.New(t)
	h := newHarness(t, blog(site.URL(), nil), keySecret(site.Key()))
	if got := h.test(); got.RequeueAfter != 30*time.Second {
		t.Errorf("looks at the Secret again after %s, want 30s", got.RequeueAfter)
	}
	i := h.expect("Ready=True/Connected", "Connected=True/Connected")
	if i.Status.Site.UUID == "" || i.Status.Site.RESTURL != site.RESTURL() || i.Status.ObservedGeneration != 1 {
		t.Errorf("site %+v, observed generation %d", i.Status.Site, i.Status.ObservedGeneration)
	}
	if len(i.Status.Keys) != 1 || i.Status.Keys[0].State != v1alpha1.APIKeyStateAccepted || strings.Contains(i.Status.Keys[0].Digest, site.Key()) {
		t.Errorf("keys %+v, want one accepted digest", i.Status.Keys)
	}
	if len(h.connected) != 1 || h.connected[0] != types.UID("uid-blog") {
		t.Errorf("told of %v, want the one site", h.connected)
	}
	if event := <-h.recorder.Events; !strings.HasPrefix(event, "Normal Connected") {
		t.Errorf("event %q", event)
	}
	h.quiet("well")
	h.clock.Step(5 * time.Minute)
	writes := h.writes
	h.test()
	if h.writes != writes || len(h.recorder.Events) != 0 {
		t.Error("a test that found nothing new was written down")
	}
}

func TestEachReasonAndBackToHealthy(t *testing.T) {
	cases := map[string]struct {
		reason  string
		disrupt func(*wordpresstest.Fake)
		mend    func(*wordpresstest.Fake)
		want    string
	}{
		"WrongKey": {
			reason: "a key the site does not know", want: v1alpha1.ReasonCredentialsRefused,
			disrupt: func(f *wordpresstest.Fake) { f.SetKey(strings.Repeat("x", 40)) },
			mend:    func(f *wordpresstest.Fake) { f.SetKey(wordpresstest.DefaultKey) },
		},
		"Down": {
			reason: "the site drops connections", want: v1alpha1.ReasonConnectionFailed,
			disrupt: fault(wordpresstest.Fault{Drop: true}), mend: mended,
		},
		"Broken": {
			reason: "PHP is down", want: v1alpha1.ReasonServerError,
			disrupt: fault(wordpresstest.Fault{Answer: &wordpresstest.Answer{Status: http.StatusBadGateway}}), mend: mended,
		},
		"NotWordPress": {
			reason: "somebody else lives there", want: v1alpha1.ReasonNotWordPress,
			disrupt: fault(wordpresstest.Fault{Answer: html(http.StatusOK, "<html><body>parked</body></html>")}), mend: mended,
		},
		"Firewall": {
			reason: "a page instead of an answer", want: v1alpha1.ReasonBlocked,
			disrupt: fault(wordpresstest.Fault{Answer: html(http.StatusForbidden, "<html><body>denied</body></html>")}), mend: mended,
		},
		"Redirect": {
			reason: "the site moved", want: v1alpha1.ReasonRedirectedElsewhere,
			disrupt: fault(wordpresstest.Fault{Answer: &wordpresstest.Answer{Status: http.StatusFound, Header: http.Header{"Location": {"https://elsewhere.example.com/"}}}}), mend: mended,
		},
		"RateLimited": {
			reason: "the site asks for patience", want: v1alpha1.ReasonRateLimited,
			disrupt: fault(wordpresstest.Fault{Answer: &wordpresstest.Answer{Status: http.StatusTooManyRequests}}), mend: mended,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			site := wordpresstest.New(t)
			tc.disrupt(site)
			h := newHarness(t, blog(site.URL(), nil), keySecret(wordpresstest.DefaultKey))
			h.test()
			h.expect("Ready=False/"+tc.want, "Connected=False/"+tc.want, "Reconciling=True/ProgressingWithRetry")
			h.quiet(tc.reason)
			tc.mend(site)
			h.clock.Step(DefaultIntervals().FailingMin)
			h.test()
			h.expect("Ready=True/Connected", "Connected=True/Connected")
		})
	}
}

func fault(f wordpresstest.Fault) func(*wordpresstest.Fake) {
	return func(site *wordpresstest.Fake) { site.SetHook(func(*http.Request) wordpresstest.Fault { return f }) }
}

func mended(site *wordpresstest.Fake) { site.SetHook(nil) }

func html(status int, body string) *wordpresstest.Answer {
	return &wordpresstest.Answer{Status: status, Header: http.Header{"Content-Type": {"text/html"}}, Body: body}
}

func TestReasonsOfTheWayToTheSite(t *testing.T) {
	cases := map[string]struct {
		siteURL func(t *testing.T) string
		guarded bool
		want    string
	}{
		"UnknownAuthority": {siteURL: func(t *testing.T) string {
			return wordpresstest.New(t, wordpresstest.WithTLS(wordpresstest.Valid)).URL()
		}, want: v1alpha1.ReasonTLSUnknownAuthority},
		"NoPlugin":       {siteURL: func(t *testing.T) string { return wordpresstest.New(t, wordpresstest.WithoutPlugin()).URL() }, want: v1alpha1.ReasonPluginMissing},
		"NoSuchName":     {siteURL: func(*testing.T) string { return "http://nowhere.invalid" }, want: v1alpha1.ReasonDNSFailed},
		"NobodyListens":  {siteURL: func(*testing.T) string { return "http://127.0.0.1:1" }, want: v1alpha1.ReasonConnectionRefused},
		"BlockedAddress": {siteURL: func(t *testing.T) string { return wordpresstest.New(t).URL() }, guarded: true, want: v1alpha1.ReasonAddressBlocked},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			transports := wordpresstest.LoopbackTransports(t)
			if tc.guarded {
				transports = wordpress.NewTransports(wordpress.TransportOptions{})
			}
			h := newHarnessWith(t, transports, blog(tc.siteURL(t), nil), keySecret(wordpresstest.DefaultKey))
			h.test()
			h.expect("Connected=False/"+tc.want, "Ready=False/"+tc.want)
		})
	}
}

func TestPlaintextNeedsTheAdministrator(t *testing.T) {
	site := wordpresstest.New(t)
	h := newHarness(t, blog(site.URL(), nil), keySecret(site.Key()))
	h.Access.AllowPlaintext = false
	h.test()
	h.expect("Connected=False/PlaintextDenied")
	if len(site.Calls()) != 0 {
		t.Error("the key crossed the network")
	}
}

func TestSecretsAreMissedAndHeal(t *testing.T) {
	cases := map[string]struct {
		secret *corev1.Secret
		want   string
	}{
		"Missing":  {nil, v1alpha1.ReasonSecretNotFound},
		"NoKey":    {&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: "team", Name: "key"}}, v1alpha1.ReasonSecretKeyMissing},
		"Empty":    {keySecret(" \n"), v1alpha1.ReasonSecretKeyEmpty},
		"TooShort": {keySecret("short"), v1alpha1.ReasonKeyTooShort},
		"Invalid":  {keySecret(strings.Repeat("ä", 40)), v1alpha1.ReasonKeyInvalid},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			site := wordpresstest.New(t)
			h := newHarness(t, blog(site.URL(), nil))
			if tc.secret != nil {
				if err := h.client.Create(t.Context(), tc.secret); err != nil {
					t.Fatal(err)
				}
			}
			if tc.want == v1alpha1.ReasonKeyInvalid {
				h.test()
			} else if got := h.reconcile(); got.RequeueAfter != 30*time.Second {
				t.Errorf("looks again after %s, want 30s", got.RequeueAfter)
			}
			h.expect("Ready=False/"+tc.want, "Connected=False/"+tc.want, "Reconciling=True/ProgressingWithRetry")
			if tc.secret != nil {
				if err := h.client.Delete(t.Context(), tc.secret); err != nil {
					t.Fatal(err)
				}
			}
			if err := h.client.Create(t.Context(), keySecret(site.Key())); err != nil {
				t.Fatal(err)
			}
			h.test()
			h.expect("Ready=True/Connected")
		})
	}
}

func TestGeneratedKeyAwaitsPairing(t *testing.T) {
	site := wordpresstest.New(t)
	generated := blog(site.URL(), func(i *v1alpha1.WordPressIntegration) { i.Spec.Credentials = v1alpha1.Credentials{} })
	h := newHarness(t, generated)
	h.test()
	i := h.expect("Ready=False/AwaitingPairing", "Connected=False/AwaitingPairing", "Reconciling=True/ProgressingWithRetry")
	secret := &corev1.Secret{}
	if err := h.client.Get(t.Context(), types.NamespacedName{Namespace: "team", Name: "blog-igny8"}, secret); err != nil {
		t.Fatal(err)
	}
	key := string(secret.Data[siteaccess.GeneratedSecretKey])
	if !strings.HasPrefix(key, "igny8_") || len(key) != len("igny8_")+64 || len(secret.OwnerReferences) != 0 {
		t.Errorf("key of %d characters, owners %v; want igny8_ and 64, none", len(key), secret.OwnerReferences)
	}
	if strings.Contains(i.Status.Conditions[0].Message, key) {
		t.Error("the key is shown")
	}
	site.SetKey(key)
	h.clock.Step(DefaultIntervals().FailingMin)
	h.test()
	h.expect("Ready=True/Connected")
}

func TestRestartSpreadsTheTestsOfHealthySites(t *testing.T) {
	site := wordpresstest.New(t)
	h := newHarness(t, blog(site.URL(), nil), keySecret(site.Key()))
	h.test()
	again := newHarness(t, h.get(), keySecret(site.Key()))
	again.quiet("known to be well")
	again.clock.Step(DefaultIntervals().Healthy / 2) // Random is one half
	again.test()
	if again.writes != 0 {
		t.Errorf("%d writes after the restart, want none", again.writes)
	}
}

func TestTheAnnotationAsksForATest(t *testing.T) {
	site := wordpresstest.New(t)
	h := newHarness(t, blog(site.URL(), nil), keySecret(site.Key()))
	h.test()
	i := h.get()
	i.Annotations = map[string]string{v1alpha1.AnnotationTestRequestedAt: "now"}
	if err := h.client.Update(t.Context(), i); err != nil {
		t.Fatal(err)
	}
	h.test()
	if got := v1alpha1.LookUp(h.get().Status.LastHandled, v1alpha1.AnnotationTestRequestedAt); got != "now" {
		t.Errorf("handled %q, want now", got)
	}
	h.quiet("handled")
}

func TestRetestIsNotMoreOftenThanTheRetryInterval(t *testing.T) {
	site := wordpresstest.New(t)
	h := newHarness(t, blog(site.URL(), nil), keySecret(site.Key()))
	h.test()
	h.Retest(t.Context(), blogName)
	<-h.wake.Woken()
	if got := h.quiet("tested a moment ago"); got.RequeueAfter != DefaultIntervals().FailingMin {
		t.Errorf("test after %s, want %s", got.RequeueAfter, DefaultIntervals().FailingMin)
	}
	h.clock.Step(DefaultIntervals().FailingMin)
	h.test()
}

func TestSuspendStopsEveryCall(t *testing.T) {
	site := wordpresstest.New(t)
	h := newHarness(t, blog(site.URL(), func(i *v1alpha1.WordPressIntegration) { i.Spec.Suspend = true }), keySecret(site.Key()))
	h.quiet("suspended")
}

func TestUnsupportedFieldsStall(t *testing.T) {
	h := newHarness(t, blog("https://x.example.com", func(i *v1alpha1.WordPressIntegration) {
		i.Spec.Publishing.ConflictPolicy = v1alpha1.ConflictPolicyMerge
		i.Spec.Plugin.Version = "1.2.3"
	}), keySecret(wordpresstest.DefaultKey))
	h.reconcile()
	i := h.expect("Ready=False/NotYetSupported", "Stalled=True/NotYetSupported")
	if message := i.Status.Conditions[0].Message; !strings.Contains(message, "publishing.conflictPolicy Merge, plugin.version") {
		t.Errorf("message %q does not name the fields", message)
	}
	h.quiet("unsupported")
}

func TestFailingTestsBackOff(t *testing.T) {
	c := newSchedule(DefaultIntervals(), func() float64 { return 0.5 })
	want := []time.Duration{10 * time.Second, 20 * time.Second, 40 * time.Second, 80 * time.Second, 160 * time.Second, 5 * time.Minute, 5 * time.Minute}
	now := start
	for n, delay := range want {
		c.tested(blogName, "r", now, false, 0)
		if got := c.due(blogName, "r", now, false); got.Sub(now) != delay {
			t.Errorf("after %d failures the next test is in %s, want %s", n+1, got.Sub(now), delay)
		}
		now = now.Add(delay)
	}
}

func TestAnOutcomeRecordedLateDoesNotLoseTheNextTest(t *testing.T) {
	site := wordpresstest.New(t)
	fault(wordpresstest.Fault{Drop: true})(site)
	h := newHarness(t, blog(site.URL(), nil), keySecret(site.Key()))
	h.reconcile()
	<-h.wake.Woken()
	h.clock.Step(time.Hour) // the next test is long due when the outcome is recorded
	if got := h.reconcile(); got.RequeueAfter == 0 {
		t.Error("nobody looks at the integration again")
	}
	mended(site)
	h.test()
	h.expect("Ready=True/Connected")
}

func TestTheSiteIsLeftAloneForAsLongAsItAsks(t *testing.T) {
	site := wordpresstest.New(t)
	fault(wordpresstest.Fault{Answer: &wordpresstest.Answer{Status: http.StatusServiceUnavailable, Header: http.Header{"Retry-After": {"1800"}}}})(site)
	h := newHarness(t, blog(site.URL(), nil), keySecret(site.Key()))
	h.test()
	h.clock.Step(29 * time.Minute)
	h.quiet("the site asked for half an hour")
	h.clock.Step(time.Minute)
	h.test()
}

func TestAnotherSiteUnderTheAddressIsQuarantined(t *testing.T) {
	const known = "11111111-1111-4111-8111-111111111111"
	site := wordpresstest.New(t)
	h := newHarness(t, blog(site.URL(), nil), keySecret(site.Key()))
	h.test()
	i := h.get()
	found := i.Status.Site.UUID
	i.Status.Site.UUID = known // the site that was there before
	if err := h.client.Status().Update(t.Context(), i); err != nil {
		t.Fatal(err)
	}
	h.clock.Step(DefaultIntervals().Healthy)
	h.test()
	i = h.expect("Connected=False/CloneSuspected", "Stalled=True/CloneSuspected")
	if i.Status.Site.UUID != known {
		t.Errorf("the known UUID was replaced by %s before anybody confirmed it", i.Status.Site.UUID)
	}
	i.Annotations = map[string]string{v1alpha1.AnnotationConfirmSite: found}
	if err := h.client.Update(t.Context(), i); err != nil {
		t.Fatal(err)
	}
	h.test()
	if got := h.expect("Ready=True/Connected").Status.Site.UUID; got != found {
		t.Errorf("UUID %s after it was confirmed, want %s", got, found)
	}
}

func TestAPrivateAuthorityIsTrusted(t *testing.T) {
	site := wordpresstest.New(t, wordpresstest.WithTLS(wordpresstest.Valid))
	cases := map[string]struct {
		kind   v1alpha1.CAReferenceKind
		object client.Object
		want   string
	}{
		"ConfigMap":   {v1alpha1.CAReferenceKindConfigMap, &corev1.ConfigMap{ObjectMeta: caMeta(), Data: map[string]string{"ca.crt": string(site.CABundle())}}, "Ready=True/Connected"},
		"Secret":      {v1alpha1.CAReferenceKindSecret, &corev1.Secret{ObjectMeta: caMeta(), Data: map[string][]byte{"ca.crt": site.CABundle()}}, "Ready=True/Connected"},
		"NoConfigMap": {v1alpha1.CAReferenceKindConfigMap, nil, "Ready=False/ConfigMapNotFound"},
		"NoSecret":    {v1alpha1.CAReferenceKindSecret, nil, "Ready=False/SecretNotFound"},
		"NoPEM":       {v1alpha1.CAReferenceKindConfigMap, &corev1.ConfigMap{ObjectMeta: caMeta(), Data: map[string]string{"ca.crt": "x"}}, "Ready=False/CAInvalid"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			objects := []client.Object{keySecret(site.Key()), blog(site.URL(), func(i *v1alpha1.WordPressIntegration) {
				i.Spec.Transport.CARef = v1alpha1.CAReference{Kind: tc.kind, Name: "ca", Key: "ca.crt"}
			})}
			if tc.object != nil {
				objects = append(objects, tc.object)
			}
			h := newHarness(t, objects...)
			if strings.HasPrefix(tc.want, "Ready=True") {
				h.test()
			} else {
				h.reconcile()
			}
			h.expect(tc.want)
		})
	}
}

func caMeta() metav1.ObjectMeta { return metav1.ObjectMeta{Namespace: "team", Name: "ca"} }

func TestTooOld(t *testing.T) {
	cases := map[string]struct{ plugin, wordPress, want string }{
		"New":         {"2.0.0", "6.8.1", ""},
		"Exactly":     {"2.0.0", "6.1", ""},
		"OldPlugin":   {"1.3.3", "6.8", v1alpha1.ReasonPluginTooOld},
		"OldCore":     {"2.1.0", "6.0.9", v1alpha1.ReasonWordPressTooOld},
		"Beta":        {"2.0.0-rc1", "6.1-beta2", ""},
		"Unreadable":  {"trunk", "nightly", ""},
		"BothPlugin1": {"1.0", "5.0", v1alpha1.ReasonPluginTooOld},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got, _ := tooOld(&wordpress.Site{PluginVersion: tc.plugin, WordPressVersion: tc.wordPress}); got != tc.want {
				t.Errorf("tooOld = %q, want %q", got, tc.want)
			}
		})
	}
}

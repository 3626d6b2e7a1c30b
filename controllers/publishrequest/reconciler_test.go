// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

func TestPublishesWithOneCallOneWriteOneEvent(t *testing.T) {
	h := newHarness(t, published(nil))
	h.call()
	request := h.expect("Ready=True/Published", "Published=True/Published", "Synced=True/Succeeded")
	posts := h.site.Posts()
	if len(posts) != 1 || request.Status.Post.ID != posts[0].ID || request.Status.Post.URL != posts[0].URL {
		t.Errorf("status has post %+v, the site has %+v", request.Status.Post, posts)
	}
	if len(h.site.Calls()) != 1 || h.writes != 1 || len(h.recorder.Events) != 1 {
		t.Errorf("%d calls, %d writes, %d events; want one of each", len(h.site.Calls()), h.writes, len(h.recorder.Events))
	}
	if event := <-h.recorder.Events; !strings.HasPrefix(event, "Normal Published published post") {
		t.Errorf("event %q", event)
	}
	if len(request.Status.History) != 1 || !request.Status.History[0].Success || request.Status.ObservedGeneration != 1 {
		t.Errorf("history %+v, observed generation %d", request.Status.History, request.Status.ObservedGeneration)
	}
	h.quiet("nothing to do")
}

func TestALostStatusWriteIsRecordedOnce(t *testing.T) {
	h := newHarness(t, published(nil))
	h.reconcile()
	h.awaitCall()
	h.failWrite = errors.New("connection reset")
	if _, err := h.Reconcile(t.Context(), ctrl.Request{NamespacedName: helloName}); err == nil {
		t.Fatal("the failed write is not reported")
	}
	h.reconcile()
	request := h.expect("Ready=True/Published")
	if len(request.Status.History) != 1 || request.Status.Attempts.Count != 1 || len(h.site.Calls()) != 1 {
		t.Errorf("history %d, attempts %d, calls %d; want one of each", len(request.Status.History), request.Status.Attempts.Count, len(h.site.Calls()))
	}
}

func TestACrashAfterTheCallIsAdoptedAsOurOwn(t *testing.T) {
	h := newHarness(t, published(nil))
	h.reconcile()
	h.awaitCall()
	h.calls.Forget(helloName) // the process that made the call is gone
	h.call()
	request := h.expect("Ready=True/Published")
	if request.Status.Post.Origin != v1alpha1.PostOriginCreated || len(h.site.Posts()) != 1 {
		t.Errorf("origin %s, %d posts; want our own, one", request.Status.Post.Origin, len(h.site.Posts()))
	}
}

func TestRetriesThenGivesUpThenStartsOver(t *testing.T) {
	h := newHarness(t, published(nil))
	h.site.SetHook(func(*http.Request) wordpresstest.Fault {
		return wordpresstest.Fault{Answer: &wordpresstest.Answer{Status: http.StatusBadGateway}}
	})
	if got := h.call(); got.RequeueAfter != time.Minute {
		t.Errorf("first retry after %s, want 1m", got.RequeueAfter)
	}
	request := h.expect("Ready=False/ServerError", "Reconciling=True/ProgressingWithRetry")
	if next := request.Status.Attempts.NextTime; !next.Time.Equal(start.Add(time.Minute)) || request.Status.Attempts.Count != 1 {
		t.Errorf("attempts %+v, want one and the next after a minute", request.Status.Attempts)
	}
	h.clock.Step(30 * time.Second)
	if got := h.quiet("not due yet"); got.RequeueAfter != 30*time.Second {
		t.Errorf("requeue after %s, want 30s", got.RequeueAfter)
	}
	h.clock.Step(30 * time.Second)
	if got := h.call(); got.RequeueAfter != 2*time.Minute {
		t.Errorf("second retry after %s, want 2m", got.RequeueAfter)
	}
	h.clock.Step(2 * time.Minute)
	h.call()
	h.expect("Ready=False/RetriesExhausted", "Stalled=True/RetriesExhausted")
	h.clock.Step(24 * time.Hour)
	h.quiet("gave up")
	if h.retests != 3 {
		t.Errorf("the integration was asked to look %d times, want 3", h.retests)
	}
	t.Run("WhenAskedTo", func(t *testing.T) {
		h.site.SetHook(nil)
		request := h.get()
		request.Annotations = map[string]string{v1alpha1.AnnotationRetryRequestedAt: "now"}
		if err := h.client.Update(t.Context(), request); err != nil {
			t.Fatal(err)
		}
		h.call()
		if got := h.expect("Ready=True/Published").Status.Attempts; got.Count != 1 || got.HandledRetry != "now" {
			t.Errorf("attempts %+v, want the first of a new series", got)
		}
	})
}

func TestASiteThatIsBackRearms(t *testing.T) {
	h := newHarness(t, published(nil))
	h.site.SetHook(func(*http.Request) wordpresstest.Fault { return wordpresstest.Fault{Drop: true} })
	h.call()
	h.expect("Ready=False/ConnectionFailed")
	h.clock.Step(5 * time.Second)
	h.connect(metav1.ConditionFalse, v1alpha1.ReasonConnectionFailed)
	h.quiet("a retry is planned, and the integration is not connected")
	h.clock.Step(5 * time.Second)
	h.site.SetHook(nil)
	h.connect(metav1.ConditionTrue, v1alpha1.ReasonConnected)
	h.call()
	h.expect("Ready=True/Published")
}

func TestRetryAfterHoldsTheSite(t *testing.T) {
	h := newHarness(t, published(nil))
	h.site.SetHook(func(*http.Request) wordpresstest.Fault {
		return wordpresstest.Fault{Answer: &wordpresstest.Answer{Status: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {"600"}}}}
	})
	if got := h.call(); got.RequeueAfter != 10*time.Minute {
		t.Errorf("retry after %s, want the 10m the site asked for", got.RequeueAfter)
	}
	if got := h.Stats().Paused; got != 1 {
		t.Errorf("%d sites paused, want 1", got)
	}
}

func TestRefusedCredentialsWaitForTheIntegration(t *testing.T) {
	h := newHarness(t, published(nil))
	h.site.SetKey(strings.Repeat("other", 10))
	h.call()
	request := h.expect("Ready=False/CredentialsRefused", "Reconciling=True/ProgressingWithRetry")
	if request.Status.Attempts.Count != 0 || h.retests != 1 || h.Stats().Paused != 1 {
		t.Errorf("attempts %d, retests %d, paused %d; want 0, 1, 1", request.Status.Attempts.Count, h.retests, h.Stats().Paused)
	}
}

func TestTerminalAnswersStall(t *testing.T) {
	cases := map[string]struct {
		answer *wordpresstest.Answer
		want   string
	}{
		"BadRequest":  {wordpresstest.Problem(http.StatusBadRequest, "invalid-payload", "no such author"), v1alpha1.ReasonContentRejected},
		"Forbidden":   {wordpresstest.Problem(http.StatusForbidden, "forbidden", "may not publish pages"), v1alpha1.ReasonForbidden},
		"TooLarge":    {wordpresstest.Problem(http.StatusRequestEntityTooLarge, "payload-too-large", ""), v1alpha1.ReasonContentRejected},
		"Redirected":  {&wordpresstest.Answer{Status: http.StatusMovedPermanently, Header: http.Header{"Location": {"https://other.example.com/"}}}, v1alpha1.ReasonRedirectedElsewhere},
		"Unprocessed": {wordpresstest.Problem(http.StatusUnprocessableEntity, "invalid-payload", ""), v1alpha1.ReasonContentRejected},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, published(nil))
			h.site.SetHook(func(*http.Request) wordpresstest.Fault { return wordpresstest.Fault{Answer: tc.answer} })
			h.call()
			request := h.expect("Ready=False/"+tc.want, "Stalled=True/"+tc.want)
			if request.Status.ObservedGeneration != 1 {
				t.Errorf("observed generation %d: kstatus would say InProgress", request.Status.ObservedGeneration)
			}
			h.quiet("stalled")
		})
	}
}

func TestInProgressCountsNoAttempt(t *testing.T) {
	h := newHarness(t, published(nil))
	h.site.SetHook(func(*http.Request) wordpresstest.Fault {
		answer := wordpresstest.Problem(http.StatusConflict, "in-progress", "")
		answer.Header.Set("Retry-After", "2")
		return wordpresstest.Fault{Answer: answer}
	})
	if got := h.call(); got.RequeueAfter != 2*time.Second {
		t.Errorf("again after %s, want 2s", got.RequeueAfter)
	}
	if got := h.expect("Ready=False/InProgress").Status.Attempts.Count; got != 0 {
		t.Errorf("%d attempts counted, want none", got)
	}
}

func TestContentFromAConfigMap(t *testing.T) {
	request := published(func(p *v1alpha1.PublishRequest) {
		p.Spec.Content = v1alpha1.Content{
			Type: v1alpha1.ContentTypeConfigMap, Format: v1alpha1.ContentFormatMarkdown,
			ConfigMap: v1alpha1.ConfigMapKeyReference{Name: "post", Key: "body.md"},
		}
	})
	h := newHarness(t, request)
	h.reconcile()
	h.expect("Ready=False/ConfigMapNotFound", "Reconciling=True/ProgressingWithRetry")
	h.quiet("still missing")
	configMap := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: "team", Name: "post"}, Data: map[string]string{"other": ""}}
	if err := h.client.Create(t.Context(), configMap); err != nil {
		t.Fatal(err)
	}
	h.call()
	h.expect("Ready=False/ConfigMapKeyMissing", "Reconciling=True/ProgressingWithRetry")
	h.quiet("the key is still missing")
	configMap.Data["body.md"] = "# Hi\n\n*there*"
	if err := h.client.Update(t.Context(), configMap); err != nil {
		t.Fatal(err)
	}
	h.call()
	post := h.expect("Ready=True/Published").Status.Post
	if got := h.site.Content(post.ID); !strings.Contains(got, "<em>there</em>") {
		t.Errorf("the site has %q", got)
	}
	h.quiet("published")
	t.Run("ChangedLater", func(t *testing.T) {
		configMap.Data["other"] = "changed"
		if err := h.client.Update(t.Context(), configMap); err != nil {
			t.Fatal(err)
		}
		calls := len(h.site.Calls())
		h.call()
		h.expect("Ready=True/Published")
		if len(h.site.Calls()) != calls {
			t.Error("a ConfigMap with the same body was sent again")
		}
		h.quiet("the same body")
	})
	t.Run("DeletedLater", func(t *testing.T) {
		if err := h.client.Delete(t.Context(), configMap); err != nil {
			t.Fatal(err)
		}
		h.quiet("what was published stays")
	})
}

func TestBadContentStalls(t *testing.T) {
	h := newHarness(t, published(func(p *v1alpha1.PublishRequest) {
		p.Spec.Content.Format, p.Spec.Content.Inline = v1alpha1.ContentFormatMarkdown, "---\ntitle: [x]\n---\nbody"
	}))
	h.call()
	h.expect("Ready=False/InvalidContent", "Stalled=True/InvalidContent")
	h.quiet("stalled")
	h.change(func(p *v1alpha1.PublishRequest) { p.Spec.Content.Inline = "body" })
	h.call()
	h.expect("Ready=True/Published")
}

func TestIntegrationIsWaitedFor(t *testing.T) {
	cases := map[string]struct {
		request     func(*v1alpha1.PublishRequest)
		integration func(*v1alpha1.WordPressIntegration)
		want        []string
	}{
		"Missing": {request: func(p *v1alpha1.PublishRequest) { p.Spec.IntegrationRef.Name = "nope" }, want: []string{"Ready=False/IntegrationNotFound", "Reconciling=True/ProgressingWithRetry"}},
		"NoSuchSite": {request: func(p *v1alpha1.PublishRequest) { p.Spec.IntegrationRef.Name, p.Spec.SiteID = "", 9 },
			want: []string{"Ready=False/IntegrationNotFound"}},
		"Suspended":    {integration: func(i *v1alpha1.WordPressIntegration) { i.Spec.Suspend = true }, want: []string{"Ready=False/IntegrationNotReady"}},
		"NotConnected": {integration: func(i *v1alpha1.WordPressIntegration) { connect(i, "False", v1alpha1.ReasonDNSFailed, start) }, want: []string{"Ready=False/IntegrationNotReady"}},
		"NotTested":    {integration: func(i *v1alpha1.WordPressIntegration) { i.Generation = 2 }},
		"PostType": {integration: func(i *v1alpha1.WordPressIntegration) { i.Spec.Publishing.AllowedPostTypes = []string{"page"} },
			want: []string{"Stalled=True/PostTypeNotAllowed"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, published(tc.request))
			if tc.integration != nil {
				h.replaceIntegration(tc.integration)
			}
			h.reconcile()
			h.expect(tc.want...)
			h.quiet("waiting")
			if len(tc.want) == 0 && h.writes != 0 {
				t.Errorf("%d writes before anything is known", h.writes)
			}
		})
	}
}

func (h *harness) replaceIntegration(change func(*v1alpha1.WordPressIntegration)) {
	h.t.Helper()
	integration := h.integration()
	if err := h.client.Delete(h.t.Context(), integration.DeepCopy()); err != nil {
		h.t.Fatal(err)
	}
	change(integration)
	if err := h.client.Create(h.t.Context(), integration); err != nil {
		h.t.Fatal(err)
	}
}

func TestTheOnlyIntegrationOfTheSiteIsFound(t *testing.T) {
	h := newHarness(t, published(func(p *v1alpha1.PublishRequest) { p.Spec.IntegrationRef.Name, p.Spec.SiteID = "", 5 }))
	h.call()
	h.expect("Ready=True/Published")
}

func TestTwoIntegrationsOfASiteAreAmbiguous(t *testing.T) {
	second := newIntegration(func(i *v1alpha1.WordPressIntegration) { i.Name, i.Spec.SiteID = "second", 5 })
	h := newHarness(t, published(func(p *v1alpha1.PublishRequest) { p.Spec.IntegrationRef.Name, p.Spec.SiteID = "", 5 }), second)
	h.reconcile()
	got := h.expect("Ready=False/IntegrationAmbiguous")
	if message := got.Status.Conditions[0].Message; !strings.Contains(message, `"blog", "second"`) {
		t.Errorf("message %q does not name them", message)
	}
}

func TestSuspendedRequestsAreLeftAlone(t *testing.T) {
	h := newHarness(t, published(func(p *v1alpha1.PublishRequest) { p.Spec.Suspend = true }))
	h.quiet("suspended")
	h.change(func(p *v1alpha1.PublishRequest) { p.Spec.Suspend = false })
	h.call()
	h.expect("Ready=True/Published")
}

func TestDraftsAreReadyAndNotPublished(t *testing.T) {
	h := newHarness(t, published(func(p *v1alpha1.PublishRequest) { p.Spec.Status = v1alpha1.PostStatusDraft }))
	h.call()
	got := h.expect("Ready=True/Published", "Published=False/Draft")
	if diff := cmp.Diff(v1alpha1.ContentStatusDraft, got.Status.ContentStatus); diff != "" {
		t.Error(diff)
	}
}

func TestMissingSecretIsSaidAndHeals(t *testing.T) {
	h := newHarness(t, published(nil))
	secret := h.secret()
	if err := h.client.Delete(t.Context(), secret.DeepCopy()); err != nil {
		t.Fatal(err)
	}
	if got := h.call(); got.RequeueAfter != sitePause {
		t.Errorf("looks again after %s, want %s", got.RequeueAfter, sitePause)
	}
	h.expect("Ready=False/SecretNotFound", "Reconciling=True/ProgressingWithRetry")
	if err := h.client.Create(t.Context(), secret); err != nil {
		t.Fatal(err)
	}
	h.clock.Step(sitePause) // the integration may never have noticed
	h.call()
	h.expect("Ready=True/Published")
}

func TestASiteRefusalThatTheIntegrationDoesNotSeeIsTriedAgain(t *testing.T) {
	h := newHarness(t, published(nil))
	h.site.SetHook(func(*http.Request) wordpresstest.Fault {
		return wordpresstest.Fault{Answer: &wordpresstest.Answer{
			Status: http.StatusNotFound, Header: http.Header{"Content-Type": {"application/json"}},
			Body: `{"code":"rest_no_route","message":"No route","data":{"status":404}}`,
		}}
	})
	if got := h.call(); got.RequeueAfter != sitePause {
		t.Errorf("looks again after %s, want %s", got.RequeueAfter, sitePause)
	}
	h.expect("Ready=False/PluginMissing")
	h.site.SetHook(nil)
	h.clock.Step(sitePause)
	h.call()
	if got := h.expect("Ready=True/Published").Status.Attempts.Count; got != 1 {
		t.Errorf("%d attempts counted, want 1", got)
	}
}

func TestABusyContentKeyHoldsNoOther(t *testing.T) {
	h := newHarness(t, published(nil))
	h.site.SetHook(func(*http.Request) wordpresstest.Fault {
		answer := wordpresstest.Problem(http.StatusConflict, "in-progress", "")
		answer.Header.Set("Retry-After", "2")
		return wordpresstest.Fault{Answer: answer}
	})
	want := []time.Duration{2 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second, 32 * time.Second, time.Minute, time.Minute}
	for n, delay := range want {
		if got := h.call(); got.RequeueAfter != delay {
			t.Errorf("wait %d is %s, want %s", n+1, got.RequeueAfter, delay)
		}
		h.clock.Step(delay)
	}
	if got := h.Stats().Paused; got != 0 {
		t.Errorf("%d sites paused, want none", got)
	}
}

func TestWhatStalledARequestIsLookedAtAgain(t *testing.T) {
	t.Run("PostType", func(t *testing.T) {
		h := newHarness(t, published(nil))
		h.replaceIntegration(func(i *v1alpha1.WordPressIntegration) { i.Spec.Publishing.AllowedPostTypes = []string{"page"} })
		h.reconcile()
		h.expect("Stalled=True/PostTypeNotAllowed")
		h.replaceIntegration(func(i *v1alpha1.WordPressIntegration) { i.Spec.Publishing.AllowedPostTypes = []string{"page", "post"} })
		h.call()
		h.expect("Ready=True/Published")
	})
	t.Run("FieldThatIsSupportedNow", func(t *testing.T) {
		h := newHarness(t, published(func(p *v1alpha1.PublishRequest) {
			// What an older version has left behind.
			p.Status.ObservedGeneration = 1
			p.Status.Conditions = []metav1.Condition{
				{Type: v1alpha1.ConditionReady, Status: metav1.ConditionFalse, Reason: v1alpha1.ReasonNotYetSupported, ObservedGeneration: 1},
				{Type: v1alpha1.ConditionStalled, Status: metav1.ConditionTrue, Reason: v1alpha1.ReasonNotYetSupported, ObservedGeneration: 1},
			}
		}))
		h.call()
		h.expect("Ready=True/Published")
	})
}

func TestStatusesAreNotWrittenOnAnotherObject(t *testing.T) {
	h := newHarness(t, published(nil))
	h.reconcile()
	h.awaitCall()
	h.beforeWrite = func() {
		if err := h.client.Delete(t.Context(), h.get()); err != nil {
			t.Error(err)
		}
		if err := h.client.Create(t.Context(), published(func(p *v1alpha1.PublishRequest) { p.UID, p.Spec.Title = "uid-2", "Another" })); err != nil {
			t.Error(err)
		}
	}
	if _, err := h.Reconcile(t.Context(), ctrl.Request{NamespacedName: helloName}); err == nil {
		t.Error("the status of the old request was written on the new one")
	}
	if got := h.get().Status; got.Post.ID != 0 {
		t.Errorf("the new request has the post of the old one: %+v", got.Post)
	}
}

func TestALongAnnotationIsEchoedAsFarAsAStatusCan(t *testing.T) {
	h := newHarness(t, published(func(p *v1alpha1.PublishRequest) {
		p.Annotations = map[string]string{v1alpha1.AnnotationRetryRequestedAt: strings.Repeat("ä", 5000)}
	}))
	h.call()
	if got := h.expect("Ready=True/Published").Status.Attempts.HandledRetry; len([]rune(got)) != 1024 {
		t.Errorf("%d characters echoed, want 1024", len([]rune(got)))
	}
	h.quiet("handled")
}

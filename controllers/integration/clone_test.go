// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"strings"
	"testing"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

const (
	knownUUID = "11111111-1111-4111-8111-111111111111"
	otherUUID = "22222222-2222-4222-8222-222222222222"
	thirdUUID = "33333333-3333-4333-8333-333333333333"
)

func TestSuspect(t *testing.T) {
	const blogURL, copyURL = "https://blog.example.com", "https://staging.example.com"
	cases := map[string]struct {
		reason                     string
		siteURL, knownHome         string
		foundUUID, foundHome       string
		confirmation, confirmedYet string
		want                       string // what is to be confirmed
	}{
		"Same":              {reason: "nothing changed", foundHome: blogURL},
		"Certificate":       {reason: "the site got a certificate", knownHome: "http://blog.example.com", foundHome: blogURL},
		"Slash":             {reason: "a slash is a matter of taste", foundHome: blogURL + "/"},
		"CaseAndPort":       {reason: "so are case and the default port", foundHome: "https://Blog.Example.com:443"},
		"OtherHome":         {reason: "a copy says where it lives", foundHome: copyURL, want: copyURL},
		"OtherFolder":       {reason: "a copy in a folder", foundHome: blogURL + "/copy", want: blogURL + "/copy"},
		"OtherPort":         {reason: "a copy beside the site", foundHome: blogURL + ":8443", want: blogURL + ":8443"},
		"Moved":             {reason: "the user said that it moves", siteURL: copyURL + "/", foundHome: copyURL},
		"NeverSaid":         {reason: "a status of before homes were noted", knownHome: "-", foundHome: copyURL},
		"OtherUUID":         {reason: "another installation", foundUUID: otherUUID, foundHome: blogURL, want: otherUUID},
		"OtherUUIDAtNewURL": {reason: "siteURL leads elsewhere", siteURL: copyURL, foundUUID: otherUUID, foundHome: copyURL, want: otherUUID},
		"Confirmed":         {reason: "a person said so", foundUUID: otherUUID, foundHome: blogURL, confirmation: otherUUID},
		"ConfirmedHome":     {reason: "in any spelling", foundHome: copyURL, confirmation: "http://staging.example.com/"},
		"ConfirmedAnother":  {reason: "it holds for that value only", foundUUID: thirdUUID, foundHome: blogURL, confirmation: otherUUID, want: thirdUUID},
		"UUIDForAHome":      {reason: "a UUID does not confirm an address", foundHome: copyURL, confirmation: knownUUID, want: copyURL},
		"LeftBehind":        {reason: "a confirmation is used once", foundHome: copyURL, confirmation: copyURL, confirmedYet: copyURL, want: copyURL},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			i := blog(blogURL, nil)
			if tc.siteURL != "" {
				i.Spec.SiteURL = tc.siteURL
			}
			i.Status.Site = v1alpha1.SiteStatus{UUID: knownUUID, HomeURL: blogURL}
			switch tc.knownHome {
			case "":
			case "-":
				i.Status.Site.HomeURL = ""
			default:
				i.Status.Site.HomeURL = tc.knownHome
			}
			i.Annotations = map[string]string{v1alpha1.AnnotationConfirmSite: tc.confirmation}
			i.Status.LastHandled = []v1alpha1.NamedValue{{Name: v1alpha1.AnnotationConfirmSite, Value: tc.confirmedYet}}
			found := &wordpress.Site{UUID: knownUUID, HomeURL: tc.foundHome}
			if tc.foundUUID != "" {
				found.UUID = tc.foundUUID
			}
			doubt := suspect(i, found)
			if doubt != nil && doubt.confirmed(i) {
				doubt = nil
			}
			if (doubt == nil) != (tc.want == "") {
				t.Fatalf("suspect = %+v, want to confirm %q: %s", doubt, tc.want, tc.reason)
			}
			if doubt != nil && (doubt.value != tc.want || !strings.Contains(doubt.message, `annotation publishing.igny8.com/confirm-site to "`+tc.want+`"`)) {
				t.Errorf("%+v does not say to confirm %q", doubt, tc.want)
			}
		})
	}
}

// pretend makes another site the one that was known before, with a test due.
func (h *harness) pretend(change func(*v1alpha1.SiteStatus)) {
	h.t.Helper()
	i := h.get()
	change(&i.Status.Site)
	if err := h.client.Status().Update(h.t.Context(), i); err != nil {
		h.t.Fatal(err)
	}
	h.clock.Step(DefaultIntervals().Healthy)
}

// annotate sets an annotation, or removes it if the value is empty.
func (h *harness) annotate(name, value string) {
	h.t.Helper()
	i := h.get()
	if i.Annotations == nil {
		i.Annotations = map[string]string{}
	}
	i.Annotations[name] = value
	if value == "" {
		delete(i.Annotations, name)
	}
	if err := h.client.Update(h.t.Context(), i); err != nil {
		h.t.Fatal(err)
	}
}

func TestQuarantineUntilItIsConfirmed(t *testing.T) {
	cases := map[string]struct {
		pretend func(*v1alpha1.SiteStatus)
		value   func(*v1alpha1.SiteStatus) string
	}{
		"UUID": {func(s *v1alpha1.SiteStatus) { s.UUID = knownUUID }, func(s *v1alpha1.SiteStatus) string { return s.UUID }},
		"Home": {func(s *v1alpha1.SiteStatus) { s.HomeURL = "https://before.example.com" }, func(s *v1alpha1.SiteStatus) string { return s.HomeURL }},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			site := wordpresstest.New(t, wordpresstest.WithoutLinkHeader())
			h := newHarness(t, blog(site.URL(), func(i *v1alpha1.WordPressIntegration) {
				i.Spec.SiteURL = strings.Replace(i.Spec.SiteURL, "127.0.0.1", "localhost", 1) // not the home URL
			}), keySecret(site.Key()))
			h.test()
			found := h.get().Status.Site
			h.pretend(tc.pretend)
			known := h.get().Status.Site
			h.test()
			i := h.expect("Connected=False/CloneSuspected", "Stalled=True/CloneSuspected", "Ready=False/CloneSuspected")
			if i.Status.Site.UUID != known.UUID || i.Status.Site.HomeURL != known.HomeURL {
				t.Errorf("the facts were replaced by %+v before anybody confirmed them", i.Status.Site)
			}
			h.quiet("quarantined")
			h.annotate(v1alpha1.AnnotationConfirmSite, "something else")
			h.test()
			h.expect("Stalled=True/CloneSuspected")
			value := tc.value(&found)
			h.annotate(v1alpha1.AnnotationConfirmSite, value)
			h.test()
			i = h.expect("Ready=True/Connected")
			if got := v1alpha1.LookUp(i.Status.LastHandled, v1alpha1.AnnotationConfirmSite); got != value || tc.value(&i.Status.Site) != value {
				t.Errorf("handled %q and the site is %+v, want %q", got, i.Status.Site, value)
			}
			h.annotate(v1alpha1.AnnotationConfirmSite, "")
			h.test()
			if got := v1alpha1.LookUp(h.get().Status.LastHandled, v1alpha1.AnnotationConfirmSite); got != "" {
				t.Errorf("handled %q after it was taken back: the same value cannot be given again", got)
			}
		})
	}
}

func TestAQuarantineEndsWhenTheOriginalIsBack(t *testing.T) {
	site := wordpresstest.New(t)
	h := newHarness(t, blog(site.URL(), nil), keySecret(site.Key()))
	h.test()
	original := h.get().Status.Site.UUID
	h.pretend(func(s *v1alpha1.SiteStatus) { s.UUID = knownUUID })
	if after := h.test().RequeueAfter; after == 0 {
		t.Error("nobody looks whether the original is back")
	}
	h.expect("Stalled=True/CloneSuspected")
	h.pretend(func(s *v1alpha1.SiteStatus) { s.UUID = original })
	h.test()
	if i := h.expect("Ready=True/Connected"); len(i.Status.LastHandled) != 0 {
		t.Errorf("handled %v, and nothing was asked for", i.Status.LastHandled)
	}
}

func TestAQuarantinedSiteIsTestedSlowly(t *testing.T) {
	site := wordpresstest.New(t)
	h := newHarness(t, blog(site.URL(), nil), keySecret(site.Key()))
	h.test()
	h.pretend(func(s *v1alpha1.SiteStatus) { s.UUID = knownUUID })
	h.test()
	h.clock.Step(DefaultIntervals().FailingMax - 1)
	h.quiet("it takes a person")
	h.clock.Step(1)
	h.test()
}

func TestARestoredDatabaseIsNoClone(t *testing.T) {
	site := wordpresstest.New(t)
	h := newHarness(t, blog(site.URL(), nil), keySecret(site.Key()))
	backup := site.Position()
	h.test()
	epoch := h.get().Status.Site.Epoch
	if epoch == "" {
		t.Fatal("the status has no epoch")
	}
	<-h.recorder.Events
	for range 2 { // each read of the site moves its mark
		h.clock.Step(DefaultIntervals().Healthy)
		h.test()
	}
	site.RestorePosition(backup)
	h.clock.Step(DefaultIntervals().Healthy)
	h.test()
	i := h.expect("Ready=True/Connected", "Connected=True/Connected")
	if i.Status.Site.Epoch == epoch || i.Status.Site.Epoch != site.Position().Epoch {
		t.Errorf("epoch %s, want the site's new one", i.Status.Site.Epoch)
	}
	if event := <-h.recorder.Events; !strings.HasPrefix(event, "Warning SiteRestored") || len(h.recorder.Events) != 0 {
		t.Errorf("event %q and %d more, want one that tells of the restore", event, len(h.recorder.Events))
	}
	if newest := i.Status.History[0]; newest.Action != "SiteRestored" || !newest.Success {
		t.Errorf("history begins with %+v", newest)
	}
	writes := h.writes
	h.clock.Step(DefaultIntervals().Healthy)
	h.test()
	if h.writes != writes || len(h.recorder.Events) != 0 {
		t.Error("the restore was told of twice")
	}
}

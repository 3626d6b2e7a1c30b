// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/sitegate"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

func TestStructureIsReadOnceTheSiteIsWell(t *testing.T) {
	site := wordpresstest.New(t)
	site.AddTerms("category", "News/Local", "Sports")
	site.AddTerms("post_tag", "one", "two")
	h := connect(t, site, nil)
	i := h.expect("Synced=True/Synced", "Ready=True/Connected")
	structure := i.Status.Structure
	if diff := cmp.Diff([]string{"one", "two"}, structure.Tags); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
	for _, path := range []string{"News", "News/Local", "Sports"} {
		if !slices.Contains(structure.Categories, path) {
			t.Errorf("categories %q lack %q", structure.Categories, path)
		}
	}
	if !structure.LastUpdateTime.Time.Equal(start) || !i.Status.LastSyncTime.Time.Equal(start) || len(structure.Truncated) > 0 {
		t.Errorf("last update %s, last sync %s, truncated %v", structure.LastUpdateTime, i.Status.LastSyncTime, structure.Truncated)
	}
	if want := []string{"Normal Connected", "Normal Synced"}; !slices.Equal(h.events(), want) {
		t.Errorf("events are not %v", want)
	}
	event := i.Status.History[0]
	if event.Action != "StructureSync" || event.EventType != v1alpha1.SyncEventTypeMetadataSync || !event.Success {
		t.Errorf("history begins with %+v", event)
	}
	h.idle("read a moment ago")
}

func TestStructureIsReadAtIntervals(t *testing.T) {
	site := wordpresstest.New(t)
	h := connect(t, site, nil)
	const interval = time.Hour
	h.clock.Step(interval / 2) // the herd parts: Random is one half
	writes := h.writes
	if i := h.read(); h.writes != writes || !i.Status.LastSyncTime.Time.Equal(start) {
		t.Errorf("a sync that found nothing new made %d writes", h.writes-writes)
	}
	h.clock.Step(interval - time.Second)
	h.idle("the interval is not over")
	site.AddTerms("post_tag", "new")
	h.clock.Step(time.Second)
	if i := h.read(); !slices.Contains(i.Status.Structure.Tags, "new") || !i.Status.LastSyncTime.Time.Equal(h.clock.Now()) {
		t.Errorf("tags %v, last sync %s; want a new one, %s", i.Status.Structure.Tags, i.Status.LastSyncTime, h.clock.Now())
	}
	if site.CountCalls(http.MethodGet, "structure") != 3 {
		t.Errorf("the structure was read %d times, want 3", site.CountCalls(http.MethodGet, "structure"))
	}
	h.clock.Step(12 * interval) // the first update was to follow after half a day
	if i := h.read(); !i.Status.Structure.LastUpdateTime.Time.Equal(h.clock.Now()) {
		t.Errorf("last update %s, want now", i.Status.Structure.LastUpdateTime)
	}
	h.clock.Step(24*interval - time.Second)
	h.read() // overdue: a sync
	h.clock.Step(time.Second)
	if i := h.read(); !i.Status.Structure.LastUpdateTime.Time.Equal(h.clock.Now()) {
		t.Errorf("last update %s, want after a day", i.Status.Structure.LastUpdateTime)
	}
}

func TestReadingThatIsAskedFor(t *testing.T) {
	cases := map[string]struct {
		annotation string
		updates    bool
	}{
		"Sync":      {v1alpha1.AnnotationSyncRequestedAt, false},
		"Structure": {v1alpha1.AnnotationStructureRequestedAt, true},
	}
	for name, tc := range cases {
		for mode, set := range map[string]func(*v1alpha1.WordPressIntegration){"TwoWay": twoWay, "PushOnly": pushOnly} {
			t.Run(name+mode, func(t *testing.T) {
				h := connect(t, wordpresstest.New(t), nil)
				h.change(set)
				h.test() // another generation
				h.clock.Step(time.Minute)
				h.events()
				h.annotate(tc.annotation, "now")
				i := h.read()
				if got := v1alpha1.LookUp(i.Status.LastHandled, tc.annotation); got != "now" {
					t.Errorf("handled %q, want now", got)
				}
				if !i.Status.LastSyncTime.Time.Equal(h.clock.Now()) || i.Status.Structure.LastUpdateTime.Time.Equal(h.clock.Now()) != tc.updates {
					t.Errorf("last sync %s, last update %s at %s", i.Status.LastSyncTime, i.Status.Structure.LastUpdateTime, h.clock.Now())
				}
				if want := []string{"Normal Synced"}; !slices.Equal(h.events(), want) {
					t.Errorf("events are not %v", want)
				}
				if n := len(readingsIn(i.Status.History)); n != 2 {
					t.Errorf("%d readings in the history, want the first one and this", n)
				}
				h.idle("it was asked for once")
			})
		}
	}
}

func TestSyncOffAndOnAgain(t *testing.T) {
	site := wordpresstest.New(t)
	h := newReadingHarness(t, blog(site.URL(), pushOnly), keySecret(site.Key()))
	h.test()
	i := h.expect("Synced=Unknown/SyncOff", "Ready=True/Connected")
	if len(i.Status.Structure.PostTypes) > 0 || len(readingsIn(i.Status.History)) > 0 {
		t.Errorf("structure %+v, history %v; want neither", i.Status.Structure, i.Status.History)
	}
	h.clock.Step(48 * time.Hour)
	h.idle("nothing is read at intervals")

	site.SetHook(func(*http.Request) wordpresstest.Fault {
		return wordpresstest.Fault{Answer: &wordpresstest.Answer{Status: http.StatusBadGateway}}
	})
	h.annotate(v1alpha1.AnnotationSyncRequestedAt, "now")
	i = h.read()
	h.expect("Synced=Unknown/SyncOff")
	if message := (&scope{integration: i}).synced().Message; !strings.Contains(message, v1alpha1.ReasonServerError) {
		t.Errorf("message %q does not say what failed", message)
	}
	site.SetHook(nil)
	h.clock.Step(time.Hour)
	h.test() // the failure was a reason for one
	h.idle("a reading that was asked for while sync is off is not tried again")

	h.change(twoWay)
	h.test()
	h.finish()
	i = h.expect("Synced=True/Synced")
	if !i.Status.Structure.LastUpdateTime.Time.Equal(h.clock.Now()) {
		t.Errorf("last update %s, want now", i.Status.Structure.LastUpdateTime)
	}
}

func TestFailingReading(t *testing.T) {
	site := wordpresstest.New(t)
	h := connect(t, site, nil)
	h.events()
	failing := func(status int) {
		site.SetHook(func(r *http.Request) wordpresstest.Fault {
			if !strings.Contains(r.URL.Path, "structure") {
				return wordpresstest.Fault{}
			}
			return wordpresstest.Fault{Answer: &wordpresstest.Answer{Status: status, Header: http.Header{"Retry-After": {"60"}}}}
		})
	}
	failing(http.StatusTooManyRequests)
	h.clock.Step(30 * time.Minute)
	i := h.read()
	h.expect("Synced=False/RateLimited", "Ready=True/Connected", "Connected=True/Connected")
	if event := i.Status.History[0]; event.Success || event.ErrorMessage == "" || !slices.Equal(h.events(), []string{"Warning RateLimited"}) {
		t.Errorf("history begins with %+v", event)
	}
	h.clock.Step(time.Minute - time.Second)
	h.idle("the site asked for a minute")
	h.clock.Step(time.Second)
	writes := h.writes
	if h.read(); h.writes != writes || len(h.events()) > 0 {
		t.Error("a failure that goes on was written down again")
	}
	site.SetHook(nil)
	h.clock.Step(time.Minute)
	h.read()
	h.expect("Synced=True/Synced")
	if !slices.Equal(h.events(), []string{"Normal Synced"}) {
		t.Error("the recovery was not told")
	}
}

func TestReadingTellsWhatIsWrong(t *testing.T) {
	noRoute := `{"code":"rest_no_route","message":"No route","data":{"status":404}}`
	cases := map[string]struct {
		answer wordpresstest.Answer
		want   string
	}{
		"OldPlugin": {wordpresstest.Answer{Status: http.StatusNotFound, Header: http.Header{"Content-Type": {"application/json"}}, Body: noRoute}, v1alpha1.ReasonPluginTooOld},
		"Broken":    {wordpresstest.Answer{Status: http.StatusInternalServerError}, v1alpha1.ReasonServerError},
		"Nonsense":  {wordpresstest.Answer{Status: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: `{"tags":12}`}, v1alpha1.ReasonInvalidResponse},
		"Firewall":  {*html(http.StatusForbidden, "<html>denied</html>"), v1alpha1.ReasonBlocked},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			site := wordpresstest.New(t)
			site.SetHook(func(r *http.Request) wordpresstest.Fault {
				if strings.Contains(r.URL.Path, "structure") {
					return wordpresstest.Fault{Answer: &tc.answer}
				}
				return wordpresstest.Fault{}
			})
			h := connect(t, site, nil)
			i := h.expect("Synced=False/"+tc.want, "Ready=True/Connected")
			if i.Status.LastSyncTime.IsZero() == false || !i.Status.Structure.LastUpdateTime.IsZero() {
				t.Error("the time of a failure counts as one of a sync")
			}
		})
	}
}

func TestOnlyAWellSiteIsRead(t *testing.T) {
	cases := map[string]func(*wordpresstest.Fake, *v1alpha1.WordPressIntegration){
		"Refused":   func(site *wordpresstest.Fake, _ *v1alpha1.WordPressIntegration) { site.SetKey(strings.Repeat("x", 40)) },
		"Suspended": func(_ *wordpresstest.Fake, i *v1alpha1.WordPressIntegration) { i.Spec.Suspend = true },
		"Clone":     func(_ *wordpresstest.Fake, i *v1alpha1.WordPressIntegration) { i.Status.Site.UUID = "another" },
	}
	for name, disturb := range cases {
		t.Run(name, func(t *testing.T) {
			site := wordpresstest.New(t)
			h := newReadingHarness(t, keySecret(site.Key()), blog(site.URL(), func(i *v1alpha1.WordPressIntegration) {
				i.Annotations = map[string]string{v1alpha1.AnnotationStructureRequestedAt: "now"}
				disturb(site, i)
			}))
			if name == "Suspended" {
				h.reconcile()
			} else {
				h.test()
			}
			h.reconcile()
			if n := site.CountCalls(http.MethodGet, "structure"); n > 0 || h.structures.Stats() != (sitegate.Stats{}) {
				t.Errorf("the structure was read %d times", n)
			}
			if handled := v1alpha1.LookUp(h.get().Status.LastHandled, v1alpha1.AnnotationStructureRequestedAt); handled != "" {
				t.Error("the request counts as handled, and nothing was tried")
			}
		})
	}
}

func TestRestoredDatabaseIsReadAgain(t *testing.T) {
	site := wordpresstest.New(t)
	h := connect(t, site, nil)
	earlier := site.Position()
	for _, value := range []string{"one", "two"} {
		h.clock.Step(time.Minute)
		h.annotate(v1alpha1.AnnotationTestRequestedAt, value)
		h.test()
	}
	epoch := h.get().Status.Site.Epoch
	site.RestorePosition(earlier)
	h.clock.Step(time.Minute)
	h.annotate(v1alpha1.AnnotationTestRequestedAt, "three")
	h.test()
	h.finish()
	i := h.get()
	if i.Status.Site.Epoch == epoch {
		t.Fatal("the epoch is the same")
	}
	if !i.Status.Structure.LastUpdateTime.Time.Equal(h.clock.Now()) {
		t.Errorf("last update %s, want now", i.Status.Structure.LastUpdateTime)
	}
}

func TestRestartReadsNothingAtOnce(t *testing.T) {
	site := wordpresstest.New(t)
	before := connect(t, site, nil)
	h := newReadingHarness(t, before.get(), keySecret(site.Key()))
	h.idle("it was read a moment ago")
	h.clock.Step(time.Hour)
	h.read()
	if h.writes != 0 {
		t.Errorf("%d writes after the restart, want none", h.writes)
	}
}

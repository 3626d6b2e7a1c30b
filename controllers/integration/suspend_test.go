// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

// edit changes the spec, and its generation as the API server does.
func (h *harness) edit(change func(*v1alpha1.WordPressIntegrationSpec)) {
	h.t.Helper()
	i := h.get()
	change(&i.Spec)
	i.Generation++
	if err := h.client.Update(h.t.Context(), i); err != nil {
		h.t.Fatal(err)
	}
}

func suspend(spec *v1alpha1.WordPressIntegrationSpec) { spec.Suspend = true }
func resume(spec *v1alpha1.WordPressIntegrationSpec)  { spec.Suspend = false }

func TestSuspendKeepsWhatWasKnown(t *testing.T) {
	site := wordpresstest.New(t)
	h := newHarness(t, blog(site.URL(), nil), keySecret(site.Key()))
	h.test()
	before, calls := h.get().Status, len(site.Calls())
	h.edit(suspend)
	for range 3 {
		h.clock.Step(DefaultIntervals().Healthy)
		if after := h.quiet("suspended").RequeueAfter; after != 0 {
			t.Errorf("looks again after %s: nothing is to be done", after)
		}
	}
	if diff := cmp.Diff(before, h.get().Status); diff != "" {
		t.Errorf("the status changed (-before +after):\n%s", diff)
	}
	if n := len(site.Calls()); n != calls {
		t.Errorf("%d calls while suspended", n-calls)
	}
	h.edit(resume)
	h.test()
	h.expect("Ready=True/Connected")
}

func TestATestInFlightIsNotRecordedOnceSuspended(t *testing.T) {
	site := wordpresstest.New(t)
	h := newHarness(t, blog(site.URL(), nil), keySecret(site.Key()))
	h.test()
	before := h.get().Status
	release, arrived := make(chan struct{}), make(chan struct{}, 10)
	site.SetHook(func(*http.Request) wordpresstest.Fault {
		arrived <- struct{}{}
		return wordpresstest.Fault{Hold: release, Stage: wordpresstest.BeforeEffect, Answer: &wordpresstest.Answer{Status: http.StatusUnauthorized}}
	})
	h.clock.Step(DefaultIntervals().Healthy)
	h.reconcile()
	<-arrived // the call is at the site
	h.edit(suspend)
	h.reconcile()
	close(release)
	for h.tests.Stats().InFlight > 0 { // a call that runs is not interrupted
		runtime.Gosched()
	}
	h.quiet("suspended")
	if diff := cmp.Diff(before, h.get().Status); diff != "" {
		t.Errorf("the outcome of the test was recorded (-before +after):\n%s", diff)
	}
	mended(site)
	h.edit(resume)
	h.test()
	h.expect("Ready=True/Connected")
}

// A reading of a large site is many calls: those that are not made yet are not
// made any more.
func TestAReadingInFlightEndsOnceTheSiteIsToBeLeftAlone(t *testing.T) {
	cases := map[string]struct {
		reason string
		leave  func(*readingHarness)
	}{
		"Suspended": {"nothing may call the site", func(h *readingHarness) { h.edit(suspend) }},
		"Deleted":   {"there is no integration", func(h *readingHarness) { _ = h.client.Delete(h.t.Context(), h.get()) }},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			site := wordpresstest.New(t)
			site.AddTerms("post_tag", tagNames(5000)...)
			h := newReadingHarness(t, blog(site.URL(), nil), keySecret(site.Key()))
			release, arrived := make(chan struct{}), make(chan struct{}, 10)
			site.SetHook(func(r *http.Request) wordpresstest.Fault {
				if !strings.Contains(r.URL.Path, "structure/terms") {
					return wordpresstest.Fault{}
				}
				arrived <- struct{}{}
				return wordpresstest.Fault{Hold: release, Stage: wordpresstest.BeforeEffect}
			})
			h.test()
			<-arrived
			tc.leave(h)
			h.reconcile()
			close(release)
			for h.structures.Stats().InFlight > 0 {
				runtime.Gosched()
			}
			if n := len(arrived); n > 0 {
				t.Errorf("%s: %d further pages were read", tc.reason, n)
			}
			if h.configMap() != nil {
				t.Errorf("%s: a ConfigMap was written", tc.reason)
			}
		})
	}
}

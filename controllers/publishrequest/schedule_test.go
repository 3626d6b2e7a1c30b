// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// TestAPostThatWaitsIsWantedOtherwise: the request was to be published by the
// site tomorrow, and is changed meanwhile.
func TestAPostThatWaitsIsWantedOtherwise(t *testing.T) {
	tomorrow, later := start.Add(24*time.Hour), start.Add(48*time.Hour)
	cases := map[string]struct {
		reason string
		status v1alpha1.PostStatus
		at     time.Time
		want   string
		date   time.Time // zero = none that is to come
		health string
	}{
		"Now":        {"its time was taken away", v1alpha1.PostStatusPublish, time.Time{}, "publish", time.Time{}, "Published=True/Published"},
		"SameTime":   {"the time that it has is still asked for", v1alpha1.PostStatusPublish, tomorrow, "future", tomorrow, "Published=False/InReview"},
		"Later":      {"nothing is public before its time", v1alpha1.PostStatusPublish, later, "future", later, "Published=False/InReview"},
		"ByDefault":  {"the default is Publish", "", later, "future", later, "Published=False/InReview"},
		"Draft":      {"a draft waits for nothing", v1alpha1.PostStatusDraft, time.Time{}, "draft", time.Time{}, "Published=False/Draft"},
		"DraftLater": {"not even for a time", v1alpha1.PostStatusDraft, later, "draft", time.Time{}, "Published=False/Draft"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, published(all(future, func(p *v1alpha1.PublishRequest) { p.Spec.PublishTime = metav1.NewTime(tomorrow) })))
			h.call()
			h.expect("Published=False/InReview")
			h.change(func(p *v1alpha1.PublishRequest) {
				p.Spec.Status, p.Spec.PublishTime = tc.status, metav1.Time{}
				if !tc.at.IsZero() {
					p.Spec.PublishTime = metav1.NewTime(tc.at)
				}
			})
			h.call()
			h.expect("Ready=True/Published", "Synced=True/Succeeded", tc.health)
			post := h.site.Posts()[0]
			if post.Status != tc.want || !tc.date.IsZero() && !post.DateGMT.Equal(tc.date) || tc.date.IsZero() && post.DateGMT.After(tomorrow.Add(-time.Hour)) {
				t.Errorf("the site has %s at %s, want %s at %s: %s", post.Status, post.DateGMT, tc.want, tc.date, tc.reason)
			}
			h.quiet("nothing is left to do")
		})
	}
}

// TestAPostThatWentOnWaiting: the clock alone writes nothing, not even when the
// time has come.
func TestAPostThatWentOnWaiting(t *testing.T) {
	soon := start.Add(time.Hour)
	h := newHarness(t, published(all(future, func(p *v1alpha1.PublishRequest) { p.Spec.PublishTime = metav1.NewTime(soon) })))
	h.call()
	h.change(func(p *v1alpha1.PublishRequest) { p.Spec.Status = v1alpha1.PostStatusPublish })
	h.call()
	h.clock.SetTime(soon.Add(time.Hour))
	h.change(func(p *v1alpha1.PublishRequest) { p.Spec.SiteID = 5 })
	calls := len(h.site.Calls())
	h.call()
	if len(h.site.Calls()) != calls {
		t.Error("the site was called, although nothing but the time has changed")
	}
}

// TestALookIsNoChangeOfWhatIsWanted: neither is it when the request has become one
// to be published, with the time that the site was given.
func TestALookIsNoChangeOfWhatIsWanted(t *testing.T) {
	cases := map[string]struct {
		reason string
		change func(*harness)
		want   string
	}{
		"Published":   {"the site has done what it was asked for", func(*harness) {}, "Published=True/Published"},
		"OlderStatus": {"what was written tells the time", func(h *harness) { h.changeStatus(forgetScheduled) }, "Published=True/Published"},
		"Moved":       {"it would be published before the time that a person has set", func(h *harness) { h.site.Reschedule(1, itsTime.Add(24*time.Hour)) }, "Published=False/InReview"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			h := newWaitingHarness(t, nil)
			h.change(func(p *v1alpha1.PublishRequest) { p.Spec.Status = v1alpha1.PostStatusPublish })
			h.call()
			tc.change(h)
			h.clock.SetTime(itsTime.Add(time.Minute))
			h.site.RunCron()
			h.call()
			h.expect(tc.want)
			calls := len(h.site.Calls())
			h.annotate(v1alpha1.AnnotationRetryRequestedAt, "now")
			h.call()
			h.expect("Ready=True/Published", tc.want)
			if len(h.site.Calls()) != calls {
				t.Errorf("the post was written again, although nothing has changed: %s", tc.reason)
			}
		})
	}
}

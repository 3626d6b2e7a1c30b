// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/phase"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

// itsTime is when the site is to publish the post of newWaitingHarness.
var itsTime = start.Add(30 * time.Minute)

// newWaitingHarness has a post that waits at the site.
func newWaitingHarness(t *testing.T, change func(*v1alpha1.PublishRequest)) *harness {
	t.Helper()
	h := newHarness(t, published(func(p *v1alpha1.PublishRequest) {
		p.Spec.Status, p.Spec.PublishTime = v1alpha1.PostStatusFuture, metav1.NewTime(itsTime)
		if change != nil {
			change(p)
		}
	}))
	h.call()
	h.expect("Ready=True/Published", "Published=False/InReview")
	<-h.recorder.Events
	return h
}

// looks counts the calls that asked for the post.
func (h *harness) looks() int { return h.site.CountCalls(http.MethodGet, "publish") }

func TestThePublishedPostIsSeenOnce(t *testing.T) {
	h := newWaitingHarness(t, nil)
	if got := h.quiet("its time is to come"); got.RequeueAfter != 31*time.Minute {
		t.Errorf("reconciled again in %s, want a minute after its time", got.RequeueAfter)
	}
	h.clock.SetTime(itsTime)
	h.site.RunCron()
	h.quiet("the site has a minute")
	h.clock.Step(time.Minute)
	calls, writes := len(h.site.Calls()), h.writes
	h.call()
	request := h.expect("Ready=True/Published", "Published=True/Published", "Synced=True/Succeeded")
	if len(h.site.Calls()) != calls+1 || h.looks() != 1 || h.writes != writes+1 {
		t.Errorf("%d calls, %d looks, %d writes; want one of each", len(h.site.Calls())-calls, h.looks(), h.writes-writes)
	}
	post := &request.Status.Post
	if request.Status.ContentStatus != v1alpha1.ContentStatusPublished || post.Status != "publish" || !strings.Contains(readyOf(request).Message, "(publish) is at "+post.URL) {
		t.Errorf("contentStatus %s, post %+v, Ready %q", request.Status.ContentStatus, post, readyOf(request).Message)
	}
	if got := <-h.recorder.Events; !strings.HasPrefix(got, corev1.EventTypeNormal+" Published the site has published post 1: ") || len(h.recorder.Events) != 0 {
		t.Errorf("event %q and %d more", got, len(h.recorder.Events))
	}
	h.checkHealth(status.CurrentStatus)
	for range 3 {
		h.clock.Step(10 * time.Hour)
		if got := h.quiet("a resync"); got.RequeueAfter != 0 {
			t.Errorf("reconciled again in %s, want never", got.RequeueAfter)
		}
	}
}

// TestASiteThatMissesItsTime: WordPress publishes with a visit or by the system's
// cron, and where neither comes a person has to know.
func TestASiteThatMissesItsTime(t *testing.T) {
	h := newWaitingHarness(t, nil)
	for _, after := range []time.Duration{time.Minute, 5 * time.Minute} {
		h.clock.SetTime(itsTime.Add(after))
		h.call()
		h.expect("Published=False/InReview")
		h.quiet("it may be late")
	}
	if len(h.recorder.Events) != 0 {
		t.Error("an Event about a site that is late by minutes")
	}
	h.clock.SetTime(itsTime.Add(missedAfter))
	h.call()
	request := h.expect("Ready=True/Published", "Published=False/ScheduleMissed")
	if !strings.Contains(readyOf(request).Message, "its time is over") || request.Status.ContentStatus != v1alpha1.ContentStatusReview {
		t.Errorf("Ready %q, contentStatus %s", readyOf(request).Message, request.Status.ContentStatus)
	}
	if got := <-h.recorder.Events; !strings.HasPrefix(got, corev1.EventTypeWarning+" ScheduleMissed post 1 still waits") || !strings.Contains(got, "WP-Cron") {
		t.Errorf("event %q", got)
	}
	if entry := request.Status.History[0]; entry.Success || !strings.Contains(entry.ErrorMessage, "still waits") {
		t.Errorf("history %+v, want the failure", entry)
	}
	t.Run("IsSaidAsLongAsItIsSo", func(t *testing.T) {
		h.annotate(v1alpha1.AnnotationRetryRequestedAt, "now")
		h.call()
		h.expect("Ready=True/Published", "Published=False/ScheduleMissed")
		for _, after := range []time.Duration{2 * time.Hour, 26 * time.Hour} {
			h.clock.SetTime(itsTime.Add(after))
			h.call()
			h.expect("Published=False/ScheduleMissed")
			h.quiet("it was just looked at")
		}
		if len(h.recorder.Events) != 0 {
			t.Errorf("said again: %q", <-h.recorder.Events)
		}
	})
	t.Run("EndsByItself", func(*testing.T) {
		h.site.RunCron() // somebody has mended it
		h.clock.Step(missedPause)
		h.call()
		h.expect("Ready=True/Published", "Published=True/Published")
		h.clock.Step(missedPause)
		h.quiet("published")
	})
}

// TestWhoLooks: state and other work decide whether and when the site is asked.
func TestWhoLooks(t *testing.T) {
	frontMatter := func(p *v1alpha1.PublishRequest) {
		p.Spec.Status, p.Spec.PublishTime, p.Spec.Content.Format = "", metav1.Time{}, v1alpha1.ContentFormatMarkdown
		p.Spec.Content.Inline = "---\ndate: " + itsTime.Format(time.RFC3339) + "\n---\nBody."
	}
	cases := map[string]struct {
		reason  string
		request func(*v1alpha1.PublishRequest)
		change  func(*harness)
		looks   bool
		want    string
	}{
		"Restart":        {"what is known is in the status", nil, func(h *harness) { h.restart() }, true, "Published=True/Published"},
		"FrontMatter":    {"the site has told its time", frontMatter, nil, true, "Published=True/Published"},
		"OlderStatus":    {"the spec tells its time", nil, func(h *harness) { h.changeStatus(forgetScheduled) }, true, "Published=True/Published"},
		"Suspended":      {"no call for this request", nil, func(h *harness) { h.change(func(p *v1alpha1.PublishRequest) { p.Spec.Suspend = true }) }, false, "Published=False/InReview"},
		"SiteDown":       {"the site is not called", nil, func(h *harness) { h.connect(metav1.ConditionFalse, "Timeout") }, false, "Published=False/InReview"},
		"AnotherSite":    {"it says nothing about the post", nil, func(h *harness) { h.lead(h.site, otherUUID) }, false, "Published=False/InReview"},
		"Trashed":        {"it stays where a person has put it", nil, func(h *harness) { h.site.Trash(1) }, true, "Published=False/Draft"},
		"AwaitsSource":   {"it waits for something else", nil, awaitConfigMap, true, "Published=True/Published"},
		"AwaitsApproval": {"it is held back", approvedOnce, func(h *harness) { h.retitle("Other"); h.call() }, true, "Published=True/Published"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			h := newWaitingHarness(t, tc.request)
			if tc.change != nil {
				tc.change(h)
			}
			h.reconcile()
			h.clock.SetTime(itsTime.Add(time.Minute))
			h.site.RunCron()
			if tc.looks {
				h.call()
			} else {
				h.reconcile()
			}
			h.expect(tc.want)
			if (h.looks() == 1) != tc.looks {
				t.Errorf("%s: %d looks", tc.reason, h.looks())
			}
			h.quiet("nothing is left to do")
		})
	}
}

// restart has another process go on.
func (h *harness) restart() {
	h.Reconciler = New(h.Options)
	h.runCalls()
}

func forgetScheduled(p *v1alpha1.PublishRequest) { p.Status.Post.ScheduledTime = metav1.Time{} }

func approvedOnce(p *v1alpha1.PublishRequest) {
	all(approvalRequired, annotated(v1alpha1.AnnotationApprovedGeneration, "1"))(p)
}

// awaitConfigMap has the request wait for another content.
func awaitConfigMap(h *harness) {
	h.change(func(p *v1alpha1.PublishRequest) {
		p.Spec.Content = v1alpha1.Content{Type: v1alpha1.ContentTypeConfigMap, ConfigMap: v1alpha1.ConfigMapKeyReference{Name: "none", Key: "none"}}
	})
	h.reconcile()
	h.expect("Ready=False/ConfigMapNotFound")
}

// TestAPersonMovesThePost: what the site says of its time is what counts.
func TestAPersonMovesThePost(t *testing.T) {
	h := newWaitingHarness(t, nil)
	h.site.Reschedule(1, itsTime.Add(24*time.Hour))
	h.clock.SetTime(itsTime.Add(time.Minute))
	h.call()
	request := h.expect("Ready=True/Published", "Published=False/InReview")
	if !request.Status.Post.ScheduledTime.Time.Equal(itsTime.Add(24 * time.Hour)) {
		t.Errorf("scheduled for %s, want a day later", request.Status.Post.ScheduledTime)
	}
	h.clock.Step(12 * time.Hour)
	h.quiet("its new time is to come")
	h.clock.Step(12 * time.Hour)
	h.site.RunCron()
	h.call()
	h.expect("Published=True/Published")
	if h.looks() != 2 {
		t.Errorf("%d looks, want one for each time", h.looks())
	}
}

// TestAWriteTellsAsWellAsALook: the answer has the status.
func TestAWriteTellsAsWellAsALook(t *testing.T) {
	h := newWaitingHarness(t, nil)
	h.clock.SetTime(itsTime.Add(time.Minute))
	h.site.RunCron()
	h.retitle("Other")
	h.call()
	h.expect("Ready=True/Published", "Published=True/Published")
	h.quiet("nothing is left to do")
	if h.looks() != 0 {
		t.Errorf("%d looks, want none", h.looks())
	}
}

// TestALookThatFails: the request stays what it is, and the site is not pressed.
func TestALookThatFails(t *testing.T) {
	answer := func(status int, problem string) wordpresstest.Fault {
		if problem == "" {
			return wordpresstest.Fault{Answer: &wordpresstest.Answer{Status: status}}
		}
		return wordpresstest.Fault{Answer: wordpresstest.Problem(status, problem, "x")}
	}
	cases := map[string]struct {
		reason  string
		fault   wordpresstest.Fault
		want    string
		again   time.Duration // until the next look, 0 = never
		retests int
		writes  int
	}{
		"Outage":    {"it may pass", answer(http.StatusServiceUnavailable, ""), "Published=False/InReview", time.Minute, 1, 0},
		"Dropped":   {"it may pass", wordpresstest.Fault{Drop: true}, "Published=False/InReview", time.Minute, 1, 0},
		"Forbidden": {"a person has to help", answer(http.StatusForbidden, "forbidden"), "Published=Unknown/Forbidden", 0, 0, 1},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			h := newWaitingHarness(t, nil)
			h.clock.SetTime(itsTime.Add(time.Minute))
			h.site.RunCron()
			h.site.SetHook(func(*http.Request) wordpresstest.Fault { return tc.fault })
			writes := h.writes
			if got := h.call(); got.RequeueAfter != tc.again {
				t.Errorf("%s: reconciled again in %s, want %s", tc.reason, got.RequeueAfter, tc.again)
			}
			h.expect("Ready=True/Published", "Synced=True/Succeeded", tc.want)
			if h.retests != tc.retests || h.writes-writes != tc.writes {
				t.Errorf("%s: %d retests, %d writes; want %d, %d", tc.reason, h.retests, h.writes-writes, tc.retests, tc.writes)
			}
			h.site.SetHook(nil)
			if tc.again == 0 {
				h.clock.Step(phase.LongestWait)
				h.quiet("it is not asked again")
				h.retitle("Other")
			}
			h.clock.Step(tc.again)
			h.call()
			h.expect("Ready=True/Published", "Published=True/Published")
		})
	}
}

// TestAnAttemptThatIsPlannedTells: a site that just failed is not asked in between.
func TestAnAttemptThatIsPlannedTells(t *testing.T) {
	h := newWaitingHarness(t, nil)
	h.clock.SetTime(itsTime.Add(time.Minute))
	h.site.SetHook(func(*http.Request) wordpresstest.Fault {
		return wordpresstest.Fault{Answer: &wordpresstest.Answer{Status: http.StatusServiceUnavailable}}
	})
	h.retitle("Other")
	wait := h.call().RequeueAfter
	if wait < 2*time.Second {
		t.Fatalf("reconciled again in %s, want when the next attempt is due", wait)
	}
	h.clock.Step(time.Second)
	h.quiet("the next attempt is to come")
	h.site.SetHook(nil)
	h.clock.Step(wait)
	h.call()
	h.expect("Ready=True/Published", "Published=True/Published")
	if h.looks() != 0 {
		t.Errorf("%d looks, want none", h.looks())
	}
}

// TestALookThatFailsForLong: the longer the site has failed, the later it is asked.
func TestALookThatFailsForLong(t *testing.T) {
	h := newWaitingHarness(t, nil)
	h.site.SetHook(func(*http.Request) wordpresstest.Fault { return wordpresstest.Fault{Drop: true} })
	for _, after := range []struct{ late, wait time.Duration }{{time.Minute, time.Minute}, {11 * time.Minute, 10 * time.Minute}, {9 * time.Hour, maxLookDelay}} {
		h.clock.SetTime(itsTime.Add(after.late))
		h.Release("uid-blog")
		if got := h.call(); got.RequeueAfter != after.wait {
			t.Errorf("%s after its time: asked again in %s, want %s", after.late, got.RequeueAfter, after.wait)
		}
	}
}

// TestAPostThatIsGoneAtItsTime: missingPolicy says what becomes of it, as with any
// other answer.
func TestAPostThatIsGoneAtItsTime(t *testing.T) {
	for policy, want := range map[v1alpha1.MissingPolicy]string{
		v1alpha1.MissingPolicyRecreate: "Published=True/Published",
		v1alpha1.MissingPolicyLeave:    "Published=False/PostDeleted",
	} {
		t.Run(string(policy), func(t *testing.T) {
			h := newWaitingHarness(t, func(p *v1alpha1.PublishRequest) { p.Spec.MissingPolicy = policy })
			h.site.Delete(1)
			h.clock.SetTime(itsTime.Add(time.Minute))
			h.call()
			h.expect("Published=False/PostDeleted", "Synced=False/PostDeleted")
			h.converge()
			h.expect(want)
			h.quiet("nothing is left to do")
		})
	}
}

// TestALookByAStatusOfYesterday: the cache has not seen yet that the site was asked.
func TestALookByAStatusOfYesterday(t *testing.T) {
	h := newWaitingHarness(t, nil)
	h.clock.SetTime(itsTime.Add(time.Minute))
	h.site.RunCron()
	h.reconcile() // leaves a ticket by the status as it was
	h.awaitCall()
	stale := h.get()
	h.reconcile()
	s := newScope(stale, h.clock.Now())
	s.integration = h.integration()
	h.look(s, itsTime.Add(time.Minute))
	h.awaitCall()
	h.quiet("it was seen")
	if h.looks() != 1 {
		t.Errorf("%d looks, want one", h.looks())
	}
}

// TestAPostWithAnotherIDAtItsTime: the site's database was restored.
func TestAPostWithAnotherIDAtItsTime(t *testing.T) {
	h := newWaitingHarness(t, nil)
	h.site.Delete(1)
	h.publishAs("team/blog", "uid-1", "Hello")
	h.clock.SetTime(itsTime.Add(time.Minute))
	h.call()
	h.converge()
	request := h.expect("Ready=True/Published", "Published=True/Published", "Synced=True/Succeeded")
	if posts := h.site.Posts(); len(posts) != 1 || request.Status.Post.ID != posts[0].ID {
		t.Errorf("post %d of %+v, want the only one", request.Status.Post.ID, posts)
	}
	h.quiet("nothing is left to do")
}

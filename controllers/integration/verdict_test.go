// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/syncevent"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

func TestHistoryTellsOfEachNewVerdict(t *testing.T) {
	site := wordpresstest.New(t)
	h := newHarness(t, blog(site.URL(), nil), keySecret(site.Key()))
	h.test()
	for range 3 {
		h.clock.Step(DefaultIntervals().Healthy)
		h.test()
	}
	site.SetKey(strings.Repeat("new", 20))
	h.clock.Step(DefaultIntervals().Healthy)
	h.test()
	refused := h.clock.Now()
	h.clock.Step(DefaultIntervals().Healthy)
	h.test()
	want := []v1alpha1.SyncEvent{
		{
			EventType: v1alpha1.SyncEventTypeSync, Action: "ConnectionTest", Description: "tested the connection to " + site.URL(),
			Details:     []v1alpha1.NamedValue{{Name: "reason", Value: v1alpha1.ReasonCredentialsRefused}},
			CreatedTime: metav1.NewTime(refused), ErrorMessage: h.get().Status.Conditions[0].Message,
		},
		{
			EventType: v1alpha1.SyncEventTypeSync, Action: "ConnectionTest", Description: "tested the connection to " + site.URL(), Success: true,
			Details:     []v1alpha1.NamedValue{{Name: "reason", Value: v1alpha1.ReasonConnected}},
			CreatedTime: metav1.NewTime(start),
		},
	}
	if diff := cmp.Diff(want, h.get().Status.History); diff != "" {
		t.Errorf("history of six tests and two verdicts (-want +got):\n%s", diff)
	}
	if len(h.recorder.Events) != len(want) {
		t.Errorf("%d Events, want as many as there are verdicts", len(h.recorder.Events))
	}
}

func TestHistoryKeepsTheNewest(t *testing.T) {
	site := wordpresstest.New(t)
	h := newHarness(t, blog(site.URL(), nil), keySecret(site.Key()))
	for n := range 2 * syncevent.MaxHistory {
		if n%2 == 0 {
			site.SetKey(wordpresstest.DefaultKey)
		} else {
			site.SetKey(strings.Repeat("new", 20))
		}
		h.test()
		h.clock.Step(DefaultIntervals().Healthy)
	}
	history := h.get().Status.History
	if len(history) != syncevent.MaxHistory || history[0].Success || !history[1].Success {
		t.Errorf("%d events, the newest %+v", len(history), history[0])
	}
}

func TestWhatIsMissingIsInTheHistory(t *testing.T) {
	h := newHarness(t, blog("https://blog.example.com", nil))
	h.reconcile()
	h.quiet("still missing")
	history := h.get().Status.History
	if len(history) != 1 || history[0].Success || !strings.Contains(history[0].ErrorMessage, `Secret "key" does not exist`) {
		t.Errorf("history %+v", history)
	}
}

// A site that was well is down when it fails twice in a row, where the failure is
// one of the way there; what it says itself counts at once.
func TestWhenASiteThatWasWellCountsAsDown(t *testing.T) {
	cases := map[string]struct {
		fault wordpresstest.Fault
		tests int
	}{
		"Drop":    {wordpresstest.Fault{Drop: true}, 2},
		"Gateway": {wordpresstest.Fault{Answer: &wordpresstest.Answer{Status: http.StatusBadGateway}}, 2},
		"Refused": {wordpresstest.Fault{Answer: wordpresstest.Problem(http.StatusUnauthorized, "key-unknown", "No.")}, 1},
		"Parked":  {wordpresstest.Fault{Answer: html(http.StatusOK, "<html><body>parked</body></html>")}, 1},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			site := wordpresstest.New(t)
			h := newHarness(t, blog(site.URL(), nil), keySecret(site.Key()))
			h.test()
			fault(tc.fault)(site)
			h.clock.Step(DefaultIntervals().Healthy)
			for n := 1; n < tc.tests; n++ {
				writes := h.writes
				h.test()
				if h.expect("Ready=True/Connected"); h.writes != writes {
					t.Error("a failure that may be over at once was written down")
				}
				h.clock.Step(DefaultIntervals().FailingMin)
			}
			h.test()
			if ready := h.get().Status.Conditions; ready[0].Status != metav1.ConditionFalse {
				t.Errorf("%d failures in a row leave %+v", tc.tests, ready[0])
			}
		})
	}
}

func TestASiteThatFailsNowAndThenDoesNotFlap(t *testing.T) {
	site := wordpresstest.New(t)
	h := newHarness(t, blog(site.URL(), nil), keySecret(site.Key()))
	h.test()
	writes := h.writes
	for range 5 {
		fault(wordpresstest.Fault{Drop: true})(site)
		h.clock.Step(DefaultIntervals().Healthy)
		h.test()
		mended(site)
		h.clock.Step(DefaultIntervals().FailingMin)
		h.test()
	}
	if h.writes != writes || len(h.get().Status.History) != 1 {
		t.Errorf("%d writes and %d events, want nothing new", h.writes-writes, len(h.get().Status.History))
	}
}

func TestAFailureThatSomebodyAskedForCountsAtOnce(t *testing.T) {
	site := wordpresstest.New(t)
	h := newHarness(t, blog(site.URL(), nil), keySecret(site.Key()))
	h.test()
	fault(wordpresstest.Fault{Drop: true})(site)
	h.annotate(v1alpha1.AnnotationTestRequestedAt, "now")
	h.test()
	i := h.expect("Connected=False/ConnectionFailed")
	if got := v1alpha1.LookUp(i.Status.LastHandled, v1alpha1.AnnotationTestRequestedAt); got != "now" {
		t.Errorf("handled %q, want now", got)
	}
}

func TestLastContactGoesAlongWithOtherNews(t *testing.T) {
	site := wordpresstest.New(t)
	h := newHarness(t, blog(site.URL(), nil), keySecret(site.Key()))
	h.test()
	writes := h.writes
	h.clock.Step(DefaultIntervals().Healthy)
	h.test()
	contact := h.clock.Now()
	if h.writes != writes {
		t.Fatal("the last contact was a reason for a write")
	}
	fault(wordpresstest.Fault{Drop: true})(site)
	h.clock.Step(DefaultIntervals().Healthy)
	h.test()
	h.clock.Step(DefaultIntervals().FailingMin)
	h.test()
	i := h.expect("Connected=False/ConnectionFailed")
	if got := i.Status.LastContactTime; !got.Time.Equal(contact) {
		t.Errorf("last contact %s, want %s: the last time it answered", got, contact)
	}
	fault(wordpresstest.Fault{Answer: wordpresstest.Problem(http.StatusUnauthorized, "key-unknown", "No.")})(site)
	h.clock.Step(time.Minute)
	h.test()
	if got := h.get().Status.LastContactTime; !got.Time.Equal(h.clock.Now()) {
		t.Errorf("last contact %s, want %s: a refusal is an answer", got, h.clock.Now())
	}
}

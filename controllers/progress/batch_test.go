// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package progress

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

func TestBatchOf(t *testing.T) {
	owned := func(kind, name string, controller bool) func(*v1alpha1.PublishRequest) {
		return func(p *v1alpha1.PublishRequest) {
			p.OwnerReferences = append(p.OwnerReferences, metav1.OwnerReference{Kind: kind, Name: name, Controller: ptr.To(controller)})
		}
	}
	unlabelled := func(p *v1alpha1.PublishRequest) { p.Labels = nil }
	long := strings.Repeat("n", 100)
	cases := map[string]struct {
		reason  string
		request *v1alpha1.PublishRequest
		want    string
	}{
		"Label":      {"what somebody wrote", request(1), "spring"},
		"LabelWins":  {"over who made it", request(1, owned("Job", "import", true)), "spring"},
		"Controller": {"who made it", request(1, unlabelled, owned("Job", "import", true)), "Job/import"},
		"Owner":      {"an owner that does not control it groups nothing", request(1, unlabelled, owned("Job", "import", false)), ""},
		"Nobody":     {"one on its own", request(1, unlabelled), ""},
		"Longest":    {"63 characters are as long as a name may be", request(1, unlabelled, owned("Job", long[:59], true)), "Job/" + long[:59]},
		"Long":       {"a longer one is cut", request(1, unlabelled, owned("Job", long, true)), "Job/" + long[:50] + "-206dfa80"},
		"OtherLong":  {"and stays another one", request(1, unlabelled, owned("Job", long+"x", true)), "Job/" + long[:50] + "-bffdec1a"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := batchOf(tc.request); got != tc.want || len(got) > 63 {
				t.Errorf("%s: batch %q, want %q", tc.reason, got, tc.want)
			}
		})
	}
}

func TestStateOf(t *testing.T) {
	ready := saying(v1alpha1.ConditionReady, metav1.ConditionTrue, v1alpha1.ReasonPublished)
	notReady := saying(v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonTimeout)
	unpublished := func(reason string) func(*v1alpha1.PublishRequest) {
		return saying(v1alpha1.ConditionPublished, metav1.ConditionFalse, reason)
	}
	cases := map[string]struct {
		reason  string
		request *v1alpha1.PublishRequest
		want    state
	}{
		"New":        {"nobody has looked at it", request(1), statePending},
		"Published":  {"it is there", request(1, ready, done), statePublished},
		"Updating":   {"it is there, in another version", request(1, notReady, done), statePublished},
		"Draft":      {"a draft is what was wanted", request(1, ready, unpublished(v1alpha1.ReasonDraft)), statePublished},
		"Scheduled":  {"the site will publish it", request(1, ready, unpublished(v1alpha1.ReasonInReview)), statePublished},
		"Missed":     {"a person has to help, though it is there", request(1, ready, unpublished(v1alpha1.ReasonScheduleMissed)), stateFailed},
		"Unseen":     {"it is there", request(1, ready, saying(v1alpha1.ConditionPublished, metav1.ConditionUnknown, v1alpha1.ReasonForbidden)), statePublished},
		"Trashed":    {"and that is to be mended", request(1, notReady, unpublished(v1alpha1.ReasonDraft)), statePending},
		"Gone":       {"it was there", request(1, ready, unpublished(v1alpha1.ReasonPostDeleted)), statePending},
		"Held":       {"it waits for approval", request(1, ready, unpublished(v1alpha1.ReasonAwaitingApproval)), statePending},
		"Retrying":   {"it goes on by itself", request(1, notReady), statePending},
		"Stalled":    {"a person has to help", request(1, notReady, stalled), stateFailed},
		"Conflicted": {"a person has to help, though it is there", request(1, notReady, done, stalled), stateFailed},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := stateOf(tc.request); got != tc.want {
				t.Errorf("%s: state %d, want %d", tc.reason, got, tc.want)
			}
		})
	}
}

func TestABatchIsFollowedToItsEnd(t *testing.T) {
	h := newHarness(t, blog(nil))
	h.see(request(1), request(2), request(3))
	if !h.queue.added["blog"] {
		t.Fatal("nobody looks")
	}
	h.reconcile()
	h.see(request(1, done), request(2, done), request(3, stalled))
	if wait := h.reconcile().RequeueAfter; wait != reportInterval || h.writes != 1 {
		t.Errorf("look again after %s with %d writes, want 10 s and one", wait, h.writes)
	}
	h.clock.Step(reportInterval)
	h.reconcile()
	want := []v1alpha1.BatchStatus{{
		Name: "spring", Total: 3, Published: 2, Failed: 1,
		StartTime: metav1.NewTime(start.Add(time.Second)), CompletionTime: metav1.NewTime(start.Add(reportInterval)),
	}}
	if diff := cmp.Diff(want, h.status().Batches); diff != "" {
		t.Errorf("batches (-want +got):\n%s", diff)
	}
	h.clock.Step(reportInterval)
	h.see(request(3)) // somebody has mended it
	h.reconcile()
	if b := h.status().Batches[0]; b.Pending != 1 || !b.CompletionTime.IsZero() {
		t.Errorf("batch %+v, want one pending, and no end", b)
	}
}

// TestARestartWithEverythingSettled writes nothing, though some are gone that the
// batch began with.
func TestARestartWithEverythingSettled(t *testing.T) {
	h := newHarness(t, blog(nil))
	h.see(request(1, done), request(2, done), request(3, stalled))
	h.lose(request(1))
	h.reconcile()
	if want := []string{"spring 0/1/1"}; cmp.Diff(want, h.batches()) != "" {
		t.Errorf("batches %v, want %v", h.batches(), want)
	}
	writes := h.writes
	h.clock.Step(time.Hour)
	h.restart()
	h.see(request(2, done), request(3, stalled))
	h.reconcile()
	if h.writes > writes {
		t.Errorf("written again: %+v", h.status())
	}
}

func TestOnlyTheNewestBatchesAreTold(t *testing.T) {
	h := newHarness(t, blog(nil))
	for n := range 12 {
		h.see(request(n, inBatch(fmt.Sprintf("b%02d", n))))
	}
	h.reconcile()
	want := []string{}
	for n := 11; n >= 2; n-- {
		want = append(want, fmt.Sprintf("b%02d 1/0/0", n))
	}
	if diff := cmp.Diff(want, h.batches()); diff != "" {
		t.Errorf("batches (-want +got):\n%s", diff)
	}
	h.lose(request(11, inBatch("b11")))
	h.clock.Step(reportInterval)
	h.reconcile()
	if got := h.batches(); len(got) != 10 || got[9] != "b01 1/0/0" {
		t.Errorf("batches %v: one that is gone makes room for another", got)
	}
}

// TestWhatIsNotCountedIsNotLookedAt: thousands of requests change all the time.
func TestWhatIsNotCountedIsNotLookedAt(t *testing.T) {
	h := newHarness(t, blog(nil))
	alone := request(1, func(p *v1alpha1.PublishRequest) { p.Labels = nil })
	h.see(alone, alone)
	h.lose(alone)
	h.see(request(2))
	h.queue.added = map[string]bool{}
	h.see(request(2, func(p *v1alpha1.PublishRequest) { p.Spec.Title = "Another" }))
	if len(h.queue.added) > 0 {
		t.Errorf("%v are looked at for nothing", h.queue.added)
	}
}

// TestARequestThatMoves is counted where it is now: another batch, another
// integration, none.
func TestARequestThatMoves(t *testing.T) {
	h := newHarness(t, blog(nil))
	h.see(request(1), request(2), request(3))
	elsewhere := request(3, func(p *v1alpha1.PublishRequest) { p.Spec.IntegrationRef.Name = "other" })
	h.see(request(2, inBatch("autumn")), elsewhere)
	if !h.queue.added["blog"] || !h.queue.added["other"] {
		t.Errorf("%v are looked at, want where it was and where it is", h.queue.added)
	}
	h.reconcile()
	if diff := cmp.Diff([]string{"autumn 1/0/0", "spring 1/0/0"}, h.batches()); diff != "" {
		t.Errorf("batches (-want +got):\n%s", diff)
	}
	h.lose(request(1), request(2), elsewhere)
	if len(h.ledger.places) > 0 || len(h.ledger.groups) > 0 {
		t.Errorf("the ledger keeps %v, %v", h.ledger.places, h.ledger.groups)
	}
}

// TestRequestsThatNameTheSite count for the only integration that has it.
func TestRequestsThatNameTheSite(t *testing.T) {
	bySite := func(p *v1alpha1.PublishRequest) { p.Spec.IntegrationRef.Name, p.Spec.SiteID = "", 5 }
	site := func(i *v1alpha1.WordPressIntegration) { i.Spec.SiteID = 5 }
	other := blog(site)
	other.Name, other.UID = "other", "uid-other"
	h := newHarness(t, blog(site), other)
	h.see(request(1), request(2, bySite))
	if diff := cmp.Diff(map[string]bool{"blog": true, "other": true}, h.queue.added); diff != "" {
		t.Errorf("looked at (-want +got):\n%s", diff)
	}
	h.reconcile()
	if diff := cmp.Diff([]string{"spring 1/0/0"}, h.batches()); diff != "" {
		t.Errorf("two have the site (-want +got):\n%s", diff)
	}
	if err := h.client.Delete(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	if got := h.ofSameSite(t.Context(), other); len(got) != 2 || got[1].Name != "blog" {
		t.Errorf("%v are looked at when another of the site goes, want blog", got)
	}
	h.clock.Step(reportInterval)
	h.reconcile()
	if diff := cmp.Diff([]string{"spring 2/0/0"}, h.batches()); diff != "" {
		t.Errorf("one has the site (-want +got):\n%s", diff)
	}
}

// BenchmarkLedger counts a request that changes among ten thousand.
func BenchmarkLedger(b *testing.B) {
	l := newLedger()
	for n := range 10000 {
		l.note(request(n))
	}
	pending, published := request(1), request(1, done)
	for b.Loop() {
		l.note(published)
		l.note(pending)
	}
}

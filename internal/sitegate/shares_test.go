// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package sitegate

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/types"
)

// TestSlotsLeftByNamespacesThatTakeAllTheyGet counts what each gets, and what is
// left for who comes next.
func TestSlotsLeftByNamespacesThatTakeAllTheyGet(t *testing.T) {
	cases := map[string]struct {
		limit, namespaces int
		want              []int // of each namespace, and what is free
	}{
		"One":       {128, 1, []int{96, 32}},
		"Two":       {128, 2, []int{55, 55, 18}},
		"Five":      {128, 5, []int{24, 24, 24, 24, 24, 8}},
		"OneOfFour": {4, 1, []int{3, 1}},
		"OneSlot":   {1, 1, []int{1, 0}},
		"Crowd":     {2, 3, []int{1, 1, 0, 0}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			s := newShares(tc.limit)
			for range tc.limit {
				for n := range tc.namespaces {
					if s.allow(fmt.Sprint(n)) {
						s.take(fmt.Sprint(n))
					}
				}
			}
			var got []int
			for n := range tc.namespaces {
				got = append(got, s.held[fmt.Sprint(n)])
			}
			if diff := cmp.Diff(tc.want, append(got, s.limit-s.inFlight)); diff != "" {
				t.Errorf("slots (-want +got):\n%s", diff)
			}
		})
	}
}

// TestANamespaceWhoseSitesHangLeavesSlots: another one's calls start at once, and
// what was given back can be had again.
func TestANamespaceWhoseSitesHangLeavesSlots(t *testing.T) {
	h := newHarness(t, 8)
	for i := range 20 {
		h.leave(fmt.Sprint("hung", i), fmt.Sprint("h", i), "1", i, 2)
	}
	h.run()
	hung := h.expectAny(6)
	h.quiet()
	other := h.ticket("fine", "f", "1", 99, 2)
	other.Object = types.NamespacedName{Namespace: "other", Name: "f"}
	h.Leave(other)
	h.expect("f@1")[0].answer <- "ok"
	<-h.woken
	for _, c := range hung {
		c.answer <- "timeout"
		<-h.woken
	}
	if next := h.expectAny(6); len(next) != 6 {
		t.Errorf("%d calls follow, want 6", len(next))
	}
	h.quiet()
}

// TestASiteThatMovesIsAnotherSite: what the old place asked for, or failed to do,
// says nothing about the new one.
func TestASiteThatMovesIsAnotherSite(t *testing.T) {
	h := newHarness(t, 10)
	h.opts.Pause = func(outcome string) Pause {
		if outcome == "pause" {
			return Pause{h.clock.Now().Add(time.Hour), true}
		}
		return Pause{}
	}
	leave := func(object, address string) {
		ticket := h.ticket("a", object, "1", 0, 1)
		ticket.Address = address
		h.Leave(ticket)
	}
	h.run()
	leave("x", "https://old")
	h.expect("x@1")[0].answer <- "pause"
	<-h.woken
	leave("y", "https://old")
	h.quiet()
	leave("z", "https://new")
	for range 2 { // the first finds out for itself that its site has moved
		(<-h.started).answer <- "ok"
		<-h.woken
	}
}

// TestACallThatWasUnderWayWhenItsSiteMoved keeps its outcome, and tells nothing
// about the new place.
func TestACallThatWasUnderWayWhenItsSiteMoved(t *testing.T) {
	h := newHarness(t, 10)
	h.opts.Pause = func(string) Pause { return Pause{h.clock.Now().Add(time.Hour), true} }
	leave := func(object, address string) {
		ticket := h.ticket("a", object, "1", 0, 1)
		ticket.Address = address
		h.Leave(ticket)
	}
	h.run()
	leave("x", "https://old")
	running := h.expect("x@1")
	leave("z", "https://new")
	running[0].answer <- "pause"
	<-h.woken
	h.expect("z@1")
	if got, _ := h.Outcome(named("x"), "1"); got != "pause" {
		t.Errorf("Outcome = %q, want it kept", got)
	}
}

func TestRefusalsSayWhatKeptACall(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	later := now.Add(time.Minute)
	cases := map[string]struct {
		site site[string]
		want Refusals
	}{
		"Open":    {site[string]{}, Refusals{}},
		"Breaker": {site[string]{breaker: breaker{opened: 1, until: later}, heldUntil: later}, Refusals{Breaker: 1}},
		"Probing": {site[string]{breaker: breaker{opened: 1, probing: true}}, Refusals{Breaker: 1}},
		"Held":    {site[string]{heldUntil: later}, Refusals{Pause: 1}},
		"Paused":  {site[string]{pausedUntil: later}, Refusals{Pause: 1}},
		"Spaced":  {site[string]{nextStart: later, inFlight: 2}, Refusals{Rate: 1}},
		"Busy":    {site[string]{inFlight: 2}, Refusals{Busy: 1}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var got Refusals
			tc.site.maxConcurrent = 2
			got.note(tc.site.state(now))
			if got != tc.want {
				t.Errorf("refusals %+v, want %+v", got, tc.want)
			}
		})
	}
}

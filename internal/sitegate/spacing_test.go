// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package sitegate

import (
	"fmt"
	"testing"
	"time"
)

// Outcomes of calls, as spacingHarness judges them; any other is an answer.
const (
	unchanged = "unchanged"
	cancelled = "canceled"
	failure   = "failed"
	panicked  = "recovered: bad payload"
)

func newSpacingHarness(t *testing.T) *harness {
	t.Helper()
	h := newHarness(t, 10)
	h.opts.Judge = func(outcome string) Verdict {
		switch outcome {
		case unchanged:
			return VerdictNotCalled
		case cancelled, panicked:
			return VerdictNone
		case failure:
			return VerdictFailed
		}
		return VerdictAnswered
	}
	return h
}

// leaveSpaced leaves a ticket of a site that takes one call a minute.
func (h *harness) leaveSpaced(object string, due, maxBatch int) {
	ticket := h.ticket("a", object, "1", due, 2)
	ticket.Spacing, ticket.MaxBatch, ticket.Item = time.Minute, maxBatch, object
	h.Leave(ticket)
}

// turn begins the next turn of a dispatcher that does not run; nil if none may
// begin.
func (h *harness) turn() *batch[string] {
	b := h.next()
	if b != nil {
		h.shares.take(b.namespace())
		h.begin(b.entries)
	}
	return b
}

// TestTurnsWithoutACallAreNotSpaced: what is behind them goes at once, and at the
// site's rate from then on.
func TestTurnsWithoutACallAreNotSpaced(t *testing.T) {
	h := newSpacingHarness(t)
	const turns = 1000
	for i := range turns {
		h.leaveSpaced(fmt.Sprint(i), i, 1)
	}
	h.leaveSpaced("post", turns, 1)
	h.leaveSpaced("behind", turns+1, 1)
	h.run()
	for i := range turns {
		h.expect(fmt.Sprintf("%d@1", i))[0].answer <- unchanged
		<-h.woken
	}
	h.expect("post@1")[0].answer <- "ok"
	<-h.woken
	h.leave("b", "other", "1", 0, 1) // the loop has been round once more
	h.expect("other@1")[0].answer <- "ok"
	<-h.woken
	h.quiet()
	h.stepWhenWaiting(time.Minute)
	h.expect("behind@1")
}

func TestWhatATurnTakesOfTheRate(t *testing.T) {
	answer := func(outcome string, fate Fate) Answer[string] { return Answer[string]{outcome, fate} }
	cases := map[string]struct {
		reason  string
		answers []Answer[string]
		spaced  bool
	}{
		"Called":          {"it was a call", []Answer[string]{answer("ok", Settled)}, true},
		"Failed":          {"the site was called, or its address", []Answer[string]{answer(failure, Settled)}, true},
		"Cancelled":       {"the site may have it", []Answer[string]{answer(cancelled, Settled)}, true},
		"Panic":           {"nobody knows whether that was before the call", []Answer[string]{answer(panicked, Settled)}, true},
		"NotCalled":       {"there was nothing to write", []Answer[string]{answer(unchanged, Settled)}, false},
		"Batch":           {"nothing to write for any", []Answer[string]{answer(unchanged, Settled), answer(unchanged, Settled)}, false},
		"MixedBatch":      {"one of them was written", []Answer[string]{answer(unchanged, Settled), answer("ok", Settled), answer(unchanged, Settled)}, true},
		"CancelledBatch":  {"one of them may have been written", []Answer[string]{answer(unchanged, Settled), answer(cancelled, Settled)}, true},
		"BatchThatFailed": {"it was sent, and goes apart next", []Answer[string]{answer(failure, Alone), answer(failure, Alone)}, true},
		"PanicOfABatch":   {"nobody knows whether that was before the call", []Answer[string]{answer(panicked, Alone), answer(panicked, Alone)}, true},
		"NoneBelonged":    {"each goes by itself next, and is charged then", []Answer[string]{answer("", Apart), answer("", Apart)}, false},
		"RestWaits":       {"what was left for another turn was not called", []Answer[string]{answer(unchanged, Settled), answer("", Again)}, false},
		"RestWasNotSent":  {"the first was", []Answer[string]{answer("ok", Settled), answer("", Again), answer("", Apart)}, true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			h := newSpacingHarness(t)
			for i := range 2 * len(tc.answers) { // for two slots
				h.leaveSpaced(fmt.Sprint(i), i, 20)
			}
			b := h.turn()
			if len(b.entries) != len(tc.answers) {
				t.Fatalf("%d tickets share the turn, want %d", len(b.entries), len(tc.answers))
			}
			if h.turn() != nil {
				t.Fatal("another turn begins before anybody knows whether this one needs a call")
			}
			h.finish(b, Batch[string]{Answers: tc.answers})
			if spaced := h.turn() == nil; spaced != tc.spaced {
				t.Errorf("%s: the next turn waits: %t, want %t", tc.reason, spaced, tc.spaced)
			}
		})
	}
}

// TestATurnGivesBackNoMoreThanItTook: the first turn begins at 0:00, the second at
// 1:00, and neither has ended by then.
func TestATurnGivesBackNoMoreThanItTook(t *testing.T) {
	const first, second = 0, 1
	cases := map[string]struct {
		reason   string
		outcomes [2]string
		ends     []int
		wait     time.Duration // from 1:00 to the third
	}{
		"FirstNotCalled":   {"the second is a call", [2]string{unchanged, "ok"}, []int{first, second}, time.Minute},
		"FirstEndsLast":    {"the second was a call", [2]string{unchanged, "ok"}, []int{second, first}, time.Minute},
		"FirstEnds":        {"the second may be a call", [2]string{unchanged, ""}, []int{first}, time.Minute},
		"SecondNotCalled":  {"the first has been for a minute", [2]string{"ok", unchanged}, []int{second, first}, 0},
		"SecondEnds":       {"the first has been for a minute", [2]string{"", unchanged}, []int{second}, 0},
		"NoneCalled":       {"no call was made", [2]string{unchanged, unchanged}, []int{first, second}, 0},
		"NoneCalledBackTo": {"in whatever order they end", [2]string{unchanged, unchanged}, []int{second, first}, 0},
		"BothCalled":       {"two calls", [2]string{"ok", "ok"}, []int{first, second}, time.Minute},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			h := newSpacingHarness(t)
			for i := range 3 {
				h.leaveSpaced(fmt.Sprint(i), i, 1)
			}
			turns := []*batch[string]{h.turn(), nil}
			h.clock.Step(time.Minute)
			turns[second] = h.turn()
			for _, i := range tc.ends {
				h.finish(turns[i], Batch[string]{Answers: []Answer[string]{{Outcome: tc.outcomes[i]}}})
			}
			if wait := max(0, turns[first].site.nextStart.Sub(h.clock.Now())); wait != tc.wait {
				t.Errorf("%s: the third waits for %s, want %s", tc.reason, wait, tc.wait)
			}
			h.clock.Step(tc.wait)
			if h.turn() == nil {
				t.Errorf("%s: the third does not begin after %s", tc.reason, tc.wait)
			}
		})
	}
}

// TestATurnWithoutACallKeepsThePace of the calls before it.
func TestATurnWithoutACallKeepsThePace(t *testing.T) {
	h := newSpacingHarness(t)
	for i := range 3 {
		h.leaveSpaced(fmt.Sprint(i), i, 1)
	}
	for i, outcome := range []string{"ok", unchanged, "ok"} {
		b := h.turn()
		if b == nil {
			t.Fatalf("turn %d does not begin", i)
		}
		h.finish(b, Batch[string]{Answers: []Answer[string]{{Outcome: outcome}}})
		if outcome == "ok" {
			h.leaveSpaced(fmt.Sprint("behind", i), -1, 1)
			if h.turn() != nil {
				t.Fatalf("a turn begins at once behind call %d", i)
			}
			h.clock.Step(time.Minute)
		}
	}
}

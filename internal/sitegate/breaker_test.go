// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package sitegate

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func middle() float64 { return 0.5 }

func TestBreakerOpensAndCloses(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	type step struct {
		after   time.Duration
		verdict Verdict
		want    BreakerState
	}
	failed := func(n int, last BreakerState) []step {
		steps := make([]step, n)
		for i := range steps {
			steps[i] = step{0, VerdictFailed, BreakerClosed}
		}
		steps[n-1].want = last
		return steps
	}
	opened := failed(breakerFailures, BreakerOpen)
	cases := map[string]struct {
		reason string
		steps  []step
	}{
		"FourIsNotEnough":    {"a few failures are the requests' own matter", failed(breakerFailures-1, BreakerClosed)},
		"FiveInARow":         {"the site does not answer", opened},
		"NotInARow":          {"one answer shows that the site works", append(failed(4, BreakerClosed), append([]step{{0, VerdictAnswered, BreakerClosed}}, failed(4, BreakerClosed)...)...)},
		"NoneIsNoAnswer":     {"a call that did not take place says nothing", append(failed(4, BreakerClosed), step{0, VerdictNone, BreakerClosed}, step{0, VerdictFailed, BreakerOpen})},
		"NotCalledIsNeither": {"nor does a turn that called nothing", append(failed(4, BreakerClosed), step{0, VerdictNotCalled, BreakerClosed}, step{0, VerdictFailed, BreakerOpen})},
		"ProbeSucceeds":      {"the site is back", append(opened[:breakerFailures:breakerFailures], step{40 * time.Second, VerdictAnswered, BreakerClosed})},
		"ProbeFails":         {"open again, for longer", append(opened[:breakerFailures:breakerFailures], step{40 * time.Second, VerdictFailed, BreakerOpen}, step{40 * time.Second, VerdictNone, BreakerOpen})},
		"ProbeSaysNothing":   {"the next one is a probe as well", append(opened[:breakerFailures:breakerFailures], step{40 * time.Second, VerdictNone, BreakerHalfOpen})},
		"LateFailuresCount":  {"not: they were under way when it opened", append(opened[:breakerFailures:breakerFailures], step{time.Second, VerdictFailed, BreakerOpen}, step{33 * time.Second, VerdictNone, BreakerHalfOpen})},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			b, now := breaker{}, start
			for i, s := range tc.steps {
				now = now.Add(s.after)
				b.end(b.start(now), s.verdict, now, middle)
				if got := b.state(now); got != s.want {
					t.Fatalf("%s: after step %d the breaker is %s, want %s", tc.reason, i+1, got, s.want)
				}
			}
		})
	}
}

func TestProbesGetRarer(t *testing.T) {
	var got []time.Duration
	for opened := 1; opened <= 7; opened++ {
		got = append(got, breakerDelay(opened))
	}
	want := []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 10 * time.Minute, 10 * time.Minute}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("delays (-want +got):\n%s", diff)
	}
}

// A site that does not answer, with a thousand tickets, sees its breaker's
// probes; when it is back they drain through its slots.
func TestASiteThatFailsSeesOnlyProbes(t *testing.T) {
	h := newHarness(t, 100)
	h.opts.Judge = func(outcome string) Verdict {
		if outcome == "failed" {
			return VerdictFailed
		}
		return VerdictAnswered
	}
	const tickets = 1000
	for i := range tickets {
		h.leave("a", fmt.Sprint(i), "1", i, 1)
	}
	h.run()
	for range breakerFailures {
		(<-h.started).answer <- "failed"
		<-h.woken
	}
	for _, delay := range []time.Duration{34 * time.Second, 68 * time.Second, 135 * time.Second} {
		h.quiet()
		if got := h.Queue("a"); got.Breaker != BreakerOpen || got.NextProbeTime.IsZero() {
			t.Fatalf("Queue = %+v, want an open breaker and the time of its probe", got)
		}
		h.stepWhenWaiting(delay)
		(<-h.started).answer <- "failed"
		<-h.woken
	}
	h.quiet()
	h.Release("a") // its connection was found well
	probe := <-h.started
	h.quiet()
	probe.answer <- "ok"
	<-h.woken
	for range tickets - breakerFailures - 4 {
		(<-h.started).answer <- "ok"
		<-h.woken
	}
	if got := h.Stats(); got != (Stats{}) {
		t.Errorf("Stats = %+v, want none", got)
	}
}

func TestCallsAreSpacedByTheSitesRate(t *testing.T) {
	h := newHarness(t, 10)
	for i := range 3 {
		ticket := h.ticket("a", fmt.Sprint(i), "1", i, 10)
		ticket.Spacing = 20 * time.Second // three a minute
		h.Leave(ticket)
	}
	h.run()
	for i := range 3 {
		h.expect(fmt.Sprintf("%d@1", i))[0].answer <- "ok"
		<-h.woken
		h.quiet()
		if i < 2 {
			h.stepWhenWaiting(19 * time.Second)
			h.leave("b", fmt.Sprint("other", i), "1", 0, 1) // the loop has been round once more
			h.expect(fmt.Sprintf("other%d@1", i))[0].answer <- "ok"
			<-h.woken
			h.quiet()
			h.stepWhenWaiting(time.Second)
		}
	}
}

// A site that nobody calls any more is forgotten, with its breaker, its pause and
// its rate: its integration may be gone.
func TestASiteThatIsNotCalledAnyMoreIsForgotten(t *testing.T) {
	const failed, paused = "failed", "paused"
	cases := map[string]struct {
		reason, outcome string
		calls           int
		spacing         time.Duration
	}{
		"Broken": {"its breaker has been ready for a probe for long", failed, breakerFailures, 0},
		"Paused": {"its pause is over", paused, 1, 0},
		"Slowed": {"its rate permits a call", "ok", 1, time.Second},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, 10)
			h.opts.Judge = func(outcome string) Verdict {
				if outcome == failed {
					return VerdictFailed
				}
				return VerdictNone
			}
			h.opts.Pause = func(outcome string) Pause {
				if outcome == paused {
					return Pause{h.clock.Now().Add(time.Minute), true}
				}
				return Pause{}
			}
			h.run()
			for i := range tc.calls {
				ticket := h.ticket("gone", fmt.Sprint(i), "1", i, 1)
				ticket.Spacing = tc.spacing
				h.Leave(ticket)
				(<-h.started).answer <- tc.outcome
				<-h.woken
			}
			h.clock.Step(time.Minute)
			if tc.outcome == failed && h.Stats().Open != 1 {
				t.Fatalf("%s: Stats = %+v, want the open breaker to be remembered for a while", tc.reason, h.Stats())
			}
			h.clock.Step(2 * breakerLongest)
			if got := h.Stats(); got != (Stats{}) {
				t.Errorf("%s: Stats = %+v, want none", tc.reason, got)
			}
			if n := h.known(); n != 0 {
				t.Errorf("%s: %d sites are remembered, want none", tc.reason, n)
			}
		})
	}
}

func (h *harness) known() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.sites)
}

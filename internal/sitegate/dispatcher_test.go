// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package sitegate

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/types"
	testclock "k8s.io/utils/clock/testing"
)

// harness runs a Dispatcher whose calls stay open until the test answers them.
type harness struct {
	*Dispatcher[string]
	t       *testing.T
	clock   *testclock.FakeClock
	started chan call
	woken   chan types.NamespacedName
}

type call struct {
	name   string
	answer chan string
}

func newHarness(t *testing.T, maxInFlight int) *harness {
	t.Helper()
	h := &harness{
		t:       t,
		clock:   testclock.NewFakeClock(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)),
		started: make(chan call, 1000),
		woken:   make(chan types.NamespacedName, 1000),
	}
	h.Dispatcher = New(Options[string]{
		MaxInFlight: maxInFlight,
		Wake:        func(_ context.Context, o types.NamespacedName) { h.woken <- o },
		Recover:     func(r any) string { return fmt.Sprint("recovered: ", r) },
		Clock:       h.clock,
	})
	return h
}

// run starts the dispatcher; the test's end stops it and waits for it.
func (h *harness) run() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.Start(ctx) }()
	h.t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			h.t.Errorf("Start: %v", err)
		}
	})
}

func (h *harness) leave(site, object, revision string, due int, concurrent int) {
	h.Leave(h.ticket(site, object, revision, due, concurrent))
}

func (h *harness) ticket(site, object, revision string, due int, concurrent int) Ticket[string] {
	return Ticket[string]{
		Site: site, Object: named(object), Revision: revision, MaxConcurrent: concurrent,
		Due: h.clock.Now().Add(time.Duration(due) * time.Second),
		Do: func(ctx context.Context) string {
			c := call{name: object + "@" + revision, answer: make(chan string)}
			h.started <- c
			select {
			case a := <-c.answer:
				if a == "panic" {
					panic("bad payload")
				}
				return a
			case <-ctx.Done():
				return "canceled"
			}
		},
	}
}

// expect returns the next n calls, in the order in which they started.
func (h *harness) expect(names ...string) []call {
	h.t.Helper()
	var calls []call
	for _, name := range names {
		c := <-h.started
		if c.name != name {
			h.t.Fatalf("call %q started, want %q", c.name, name)
		}
		calls = append(calls, c)
	}
	return calls
}

// quiet checks that nothing more has started. Every call that could start does
// so in dispatch, under the lock that Stats takes too.
func (h *harness) quiet() {
	h.t.Helper()
	select {
	case c := <-h.started:
		h.t.Fatalf("call %q started, want none", c.name)
	default:
	}
}

func named(name string) types.NamespacedName {
	return types.NamespacedName{Namespace: "default", Name: name}
}

func TestOldestDueFirstWithinASite(t *testing.T) {
	h := newHarness(t, 10)
	h.leave("a", "late", "1", 30, 1)
	h.leave("a", "early", "1", 10, 1)
	h.leave("a", "early-but-left-later", "1", 10, 1)
	h.run()
	for _, name := range []string{"early@1", "early-but-left-later@1", "late@1"} {
		h.expect(name)[0].answer <- "ok"
		<-h.woken
	}
}

func TestASiteThatHangsHoldsOnlyItsOwnSlots(t *testing.T) {
	h := newHarness(t, 10)
	for i := range 5 {
		h.leave("hung", fmt.Sprint("h", i), "1", 0, 2)
	}
	h.leave("fine", "f0", "1", 60, 2)
	h.leave("fine", "f1", "1", 60, 2)
	h.leave("fine", "f2", "1", 60, 2)
	h.run()
	calls := h.expectAny(4)
	want := map[string]bool{"h0@1": true, "h1@1": true, "f0@1": true, "f1@1": true}
	if diff := cmp.Diff(want, keys(calls)); diff != "" {
		t.Fatalf("running (-want +got):\n%s", diff)
	}
	calls["f0@1"].answer <- "ok"
	h.expect("f2@1")
	h.quiet()
	if got := h.Stats(); got.Waiting != 3 || got.InFlight != 4 {
		t.Errorf("Stats = %+v, want 3 waiting, 4 in flight", got)
	}
}

func TestSitesTakeTurnsUnderTheGlobalLimit(t *testing.T) {
	h := newHarness(t, 1)
	for i := range 3 {
		h.leave("big", fmt.Sprint("b", i), "1", i, 2)
	}
	h.leave("small", "s0", "1", 99, 2)
	h.run()
	for _, name := range []string{"b0@1", "s0@1", "b1@1", "b2@1"} {
		h.expect(name)[0].answer <- "ok"
	}
}

func TestOutcomeIsForItsRevisionAndStays(t *testing.T) {
	h := newHarness(t, 10)
	h.leave("a", "x", "1", 0, 1)
	h.run()
	h.expect("x@1")[0].answer <- "done"
	if got := <-h.woken; got != named("x") {
		t.Fatalf("woken %v, want x", got)
	}
	for range 2 {
		if got, ok := h.Outcome(named("x"), "1"); !ok || got != "done" {
			t.Fatalf("Outcome = %q, %v; want done, true", got, ok)
		}
	}
	if _, ok := h.Outcome(named("x"), "2"); ok {
		t.Error("Outcome of another revision was handed out")
	}
	if got, revision, ok := h.Latest(named("x")); !ok || got != "done" || revision != "1" {
		t.Errorf("Latest = %q of %q, %v; want done of 1, true", got, revision, ok)
	}
	h.Forget(named("x"))
	if _, ok := h.Outcome(named("x"), "1"); ok {
		t.Error("Outcome is there after Forget")
	}
	if _, _, ok := h.Latest(named("x")); ok {
		t.Error("Latest is there after Forget")
	}
}

func TestRunningIsWhatWillHaveAnOutcome(t *testing.T) {
	h := newHarness(t, 10)
	check := func(when, want string) {
		t.Helper()
		if got, ok := h.Running(named("x")); got != want || ok != (want != "") {
			t.Errorf("%s: Running = %q, %v; want %q", when, got, ok, want)
		}
	}
	h.leave("a", "x", "1", 0, 1)
	check("waits", "")
	h.run()
	running := h.expect("x@1")
	check("runs", "1")
	h.Forget(named("x"))
	check("disowned", "")
	last := h.ticket("a", "x", "2", 0, 1)
	last.Last = true
	h.Leave(last)
	check("behind", "")
	running[0].answer <- "old"
	running = h.expect("x@2")
	check("runs after that", "2")
	running[0].answer <- "new"
	<-h.woken
	check("ended", "")
}

func TestTheSameRevisionIsNotCalledTwice(t *testing.T) {
	h := newHarness(t, 10)
	h.leave("a", "x", "1", 0, 5)
	h.run()
	running := h.expect("x@1")
	h.leave("a", "x", "1", 0, 5) // runs already
	h.leave("a", "x", "2", 0, 5) // disowns the running one
	next := h.expect("x@2")
	running[0].answer <- "old"
	next[0].answer <- "new"
	<-h.woken
	if got, ok := h.Outcome(named("x"), "2"); !ok || got != "new" {
		t.Errorf("Outcome = %q, %v; want new, true", got, ok)
	}
	h.quiet()
}

func TestTheLastCallWaitsForTheOneUnderWay(t *testing.T) {
	h := newHarness(t, 10)
	last := func(site, revision string) {
		ticket := h.ticket(site, "x", revision, 0, 5)
		ticket.Last = true
		h.Leave(ticket)
	}
	h.leave("a", "x", "1", 0, 5)
	h.run()
	running := h.expect("x@1")
	last("a", "2")
	last("b", "3") // replaces the one that waits, for another site
	if got := h.Stats(); got.Waiting != 1 || got.InFlight != 1 {
		t.Errorf("Stats = %+v, want one that waits and one under way", got)
	}
	h.quiet()
	running[0].answer <- "old"
	h.expect("x@3")[0].answer <- "new"
	<-h.woken
	if got, ok := h.Outcome(named("x"), "3"); !ok || got != "new" {
		t.Errorf("Outcome = %q, %v; want new, true", got, ok)
	}
	t.Run("Forgotten", func(t *testing.T) {
		h.leave("a", "x", "4", 0, 1)
		running := h.expect("x@4")
		last("a", "5")
		h.Forget(named("x"))
		running[0].answer <- "old"
		h.leave("a", "x", "6", 0, 1)
		h.expect("x@6")[0].answer <- "new"
		<-h.woken
		h.quiet()
		if got := h.Stats(); got != (Stats{}) {
			t.Errorf("Stats = %+v, want none", got)
		}
	})
}

func TestForgetWithdrawsAWaitingTicket(t *testing.T) {
	h := newHarness(t, 10)
	h.leave("a", "x", "1", 0, 1)
	h.leave("a", "y", "1", 1, 1)
	h.Forget(named("x"))
	h.run()
	h.expect("y@1")[0].answer <- "ok"
	<-h.woken
	h.quiet()
	if got := h.Stats(); got != (Stats{}) {
		t.Errorf("Stats = %+v, want none", got)
	}
}

func TestAPauseKeepsASiteUntilItsTimeOrRelease(t *testing.T) {
	cases := map[string]struct {
		reason  string
		pause   func(now time.Time) Pause
		release bool
		step    time.Duration
		want    bool
	}{
		"FirmUntilItsTime":  {"time ends it", func(n time.Time) Pause { return Pause{n.Add(time.Minute), true} }, false, time.Minute, true},
		"FirmNotByRelease":  {"the site asked for the time", func(n time.Time) Pause { return Pause{n.Add(time.Minute), true} }, true, 0, false},
		"SoftByRelease":     {"what was wrong is over", func(n time.Time) Pause { return Pause{n.Add(time.Minute), false} }, true, 0, true},
		"SoftUntilItsTime":  {"time ends it as well", func(n time.Time) Pause { return Pause{n.Add(time.Minute), false} }, false, time.Minute, true},
		"NotBeforeItsTime":  {"a part of the time is not enough", func(n time.Time) Pause { return Pause{n.Add(time.Minute), false} }, false, time.Second, false},
		"NoPauseIsNoPause":  {"most outcomes pause nothing", func(time.Time) Pause { return Pause{} }, false, 0, true},
		"PastPauseIsNoMore": {"a pause that is over", func(n time.Time) Pause { return Pause{n.Add(-time.Minute), true} }, false, 0, true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, 10)
			h.opts.Pause = func(outcome string) Pause {
				if outcome == "pause" {
					return tc.pause(h.clock.Now())
				}
				return Pause{}
			}
			h.leave("a", "first", "1", 0, 1)
			h.leave("a", "second", "1", 1, 1)
			h.leave("b", "other", "1", 2, 1)
			h.run()
			calls := h.expectAny(2)
			calls["first@1"].answer <- "pause"
			<-h.woken
			if tc.release {
				h.Release("a")
			}
			if tc.step > 0 {
				h.stepWhenWaiting(tc.step)
			}
			if tc.want {
				h.expect("second@1")
				return
			}
			calls["other@1"].answer <- "ok" // the loop has been round once more
			<-h.woken
			h.quiet()
			if got := h.Stats(); got.Waiting != 1 || got.Paused != 1 {
				t.Errorf("%s: Stats = %+v, want 1 waiting, 1 paused", tc.reason, got)
			}
		})
	}
}

func TestAPanicIsAnOutcome(t *testing.T) {
	h := newHarness(t, 10)
	h.leave("a", "x", "1", 0, 1)
	h.run()
	h.expect("x@1")[0].answer <- "panic"
	<-h.woken
	if got, _ := h.Outcome(named("x"), "1"); got != "recovered: bad payload" {
		t.Errorf("Outcome = %q, want the recovered panic", got)
	}
}

func TestOutcomesAreBounded(t *testing.T) {
	o := newOutcomes[int](2)
	for i := range 3 {
		o.put(named(fmt.Sprint(i)), "1", i)
	}
	if _, ok := o.get(named("0"), "1"); ok {
		t.Error("the oldest outcome is still kept")
	}
	if _, ok := o.get(named("2"), "1"); !ok {
		t.Error("the newest outcome is gone")
	}
	if o.order.Len() != 2 || len(o.byKey) != 2 {
		t.Errorf("kept %d in order, %d by key; want 2", o.order.Len(), len(o.byKey))
	}
}

// expectAny returns the next n calls in whatever order they came.
func (h *harness) expectAny(n int) map[string]call {
	calls := map[string]call{}
	for range n {
		c := <-h.started
		calls[c.name] = c
	}
	return calls
}

func keys(calls map[string]call) map[string]bool {
	names := map[string]bool{}
	for name := range calls {
		names[name] = true
	}
	return names
}

// stepWhenWaiting advances the clock once the dispatcher has set its timer.
func (h *harness) stepWhenWaiting(by time.Duration) {
	for !h.clock.HasWaiters() {
		h.signal()
	}
	h.clock.Step(by)
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package sitegate

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// batching makes the harness answer batches by f and note their items.
func (h *harness) batching(f func(items []string) Batch[string]) *[][]string {
	var batches [][]string
	h.opts.DoBatch = func(_ context.Context, items []any) Batch[string] {
		names := make([]string, len(items))
		for i, item := range items {
			names[i] = item.(string)
		}
		batches = append(batches, names) // one call at a time
		return f(names)
	}
	return &batches
}

// done answers each item.
func done(items []string) Batch[string] { return fated(items, Settled) }

func fated(items []string, fate Fate) Batch[string] {
	var b Batch[string]
	for _, item := range items {
		b.Answers = append(b.Answers, Answer[string]{"done " + item, fate})
	}
	return b
}

func (h *harness) leaveBatchable(object string, due, maxBatch int) {
	ticket := h.ticket("a", object, "1", due, 1)
	ticket.MaxBatch, ticket.Item = maxBatch, object
	h.Leave(ticket)
}

func TestADeepQueueGoesInBatches(t *testing.T) {
	h := newHarness(t, 10)
	batches := h.batching(done)
	for i := range 5 {
		h.leaveBatchable(fmt.Sprint(i), i, 3)
	}
	h.run()
	for range 5 {
		<-h.woken
	}
	if diff := cmp.Diff([][]string{{"0", "1", "2"}, {"3", "4"}}, *batches); diff != "" {
		t.Errorf("batches (-want +got):\n%s", diff)
	}
	if got, _ := h.Outcome(named("4"), "1"); got != "done 4" {
		t.Errorf("the outcome of 4 is %q", got)
	}
}

func TestWhatWaitsIsSpreadOverTheSlots(t *testing.T) {
	s := &site[string]{maxConcurrent: 4, sizer: sizer{size: 20}}
	var sizes []int
	for i := range 10 {
		e := &entry[string]{ticket: Ticket[string]{MaxBatch: 20}, sequence: int64(i)}
		s.waiting.Push(e)
	}
	for len(s.waiting) > 0 {
		entries, _ := s.take(s.heldUntil)
		sizes = append(sizes, len(entries))
	}
	if diff := cmp.Diff([]int{3, 3, 2, 2}, sizes); diff != "" {
		t.Errorf("sizes of the batches (-want +got):\n%s", diff)
	}
}

func TestWhatABatchDoesNotTellGoesAlone(t *testing.T) {
	cases := map[string]func([]string) Batch[string]{
		"Failed": func(items []string) Batch[string] { return fated(items, Alone) },
		"Panic":  func([]string) Batch[string] { panic("bad payload") },
		"TooFew": func([]string) Batch[string] { return done([]string{"one of two"}) },
	}
	for name, answer := range cases {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, 10)
			batches := h.batching(answer)
			h.leaveBatchable("x", 0, 20)
			h.leaveBatchable("y", 1, 20)
			h.run()
			for _, object := range []string{"x", "y"} {
				h.expect(object + "@1")[0].answer <- "ok"
				<-h.woken
				if got, _ := h.Outcome(named(object), "1"); got != "ok" {
					t.Errorf("the outcome of %s is %q, want that of its own call", object, got)
				}
			}
			if len(*batches) != 1 {
				t.Errorf("batches %v, want one", *batches)
			}
		})
	}
}

// TestEachTicketHasItsFate: one is answered, one is tried alone, one did not fit.
func TestEachTicketHasItsFate(t *testing.T) {
	h := newHarness(t, 10)
	batches := h.batching(func(items []string) Batch[string] {
		b := done(items)
		if len(items) == 4 {
			b.Answers[1].Fate, b.Answers[2].Fate, b.Answers[3].Fate = Alone, Again, Again
		}
		return b
	})
	for i, object := range []string{"x", "y", "z", "last"} {
		h.leaveBatchable(object, i, 20)
	}
	h.run()
	if woken := <-h.woken; woken.Name != "x" {
		t.Fatalf("%s was woken, want x", woken.Name)
	}
	h.expect("y@1")[0].answer <- "ok"
	for range 3 {
		<-h.woken
	}
	if diff := cmp.Diff([][]string{{"x", "y", "z", "last"}, {"z", "last"}}, *batches); diff != "" {
		t.Errorf("batches (-want +got):\n%s", diff)
	}
}

// TestOneThatDoesNotBelongIsNoFailure: what turns out to be for itself does not
// make the next batch smaller.
func TestOneThatDoesNotBelongIsNoFailure(t *testing.T) {
	h := newHarness(t, 10)
	h.batching(func(items []string) Batch[string] {
		b := done(items)
		b.Answers[1].Fate = Apart
		return b
	})
	for i := range 5 {
		h.leaveBatchable(fmt.Sprint(i), i, 20)
	}
	h.leave("a", "other", "1", 99, 1)
	h.run()
	for range 4 {
		<-h.woken
	}
	alone := h.expect("1@1")
	h.mu.Lock()
	if size := h.sites["a"].sizer.size; size != 8 {
		t.Errorf("the next batch may have %d, want twice the four", size)
	}
	h.mu.Unlock()
	alone[0].answer <- "ok"
	<-h.woken
}

func TestATicketReplacedDuringItsBatchKeepsNoOutcome(t *testing.T) {
	h := newHarness(t, 10)
	h.batching(func(items []string) Batch[string] {
		if slices.Contains(items, "x") {
			h.Forget(named("x"))
		}
		return done(items)
	})
	h.leaveBatchable("x", 0, 20)
	h.leaveBatchable("y", 1, 20)
	h.run()
	if woken := <-h.woken; woken.Name != "y" {
		t.Errorf("%s was woken, want y", woken.Name)
	}
	if _, ok := h.Outcome(named("x"), "1"); ok {
		t.Error("x has an outcome though it was forgotten")
	}
}

// TestABatchIsOneCallForTheRate: what a host limits is requests.
func TestABatchIsOneCallForTheRate(t *testing.T) {
	h := newHarness(t, 10)
	batches := h.batching(done)
	for i := range 10 {
		ticket := h.ticket("a", fmt.Sprint(i), "1", i, 1)
		ticket.MaxBatch, ticket.Item, ticket.Spacing = 20, fmt.Sprint(i), time.Minute
		h.Leave(ticket)
	}
	h.run()
	for range 5 {
		<-h.woken
	}
	h.stepWhenWaiting(time.Minute)
	for range 5 {
		<-h.woken
	}
	if len(*batches) != 2 {
		t.Errorf("batches %v, want two within a minute", *batches)
	}
}

// TestOnlyAFirmPauseFollowsFromABatchThatFailed: what a site refuses to all is
// heard of by who goes alone.
func TestOnlyAFirmPauseFollowsFromABatchThatFailed(t *testing.T) {
	for name, firm := range map[string]bool{"Firm": true, "Soft": false} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, 10)
			h.opts.Pause = func(string) Pause { return Pause{h.clock.Now().Add(time.Minute), firm} }
			h.batching(func(items []string) Batch[string] { return fated(items, Alone) })
			h.leaveBatchable("x", 0, 20)
			h.leaveBatchable("y", 1, 20)
			h.run()
			if firm {
				h.stepWhenWaiting(time.Minute)
			}
			h.expect("x@1")[0].answer <- "ok"
			<-h.woken
		})
	}
}

func TestSizesOfBatches(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	const mayTake = 15 * time.Second
	answered := func(n int, took time.Duration) func(*sizer) {
		return func(z *sizer) { z.grow(n, took, mayTake, start) }
	}
	broken := func(n int) func(*sizer) { return func(z *sizer) { z.shrink(n, start) } }
	cases := map[string]struct {
		reason string
		calls  []func(*sizer)
		after  time.Duration
		want   int
	}{
		"Unknown":        {"a careful beginning", nil, 0, 5},
		"Fast":           {"it doubles", []func(*sizer){answered(5, time.Second)}, 0, 10},
		"TwiceFast":      {"and again", []func(*sizer){answered(5, time.Second), answered(10, 2*time.Second)}, 0, 20},
		"FewWereLeft":    {"a small batch says nothing against a large one", []func(*sizer){answered(20, time.Second), answered(2, 100*time.Millisecond)}, 0, 80},
		"Slow":           {"2 s each: seven fit into 15 s", []func(*sizer){answered(5, 10*time.Second)}, 0, 7},
		"NoTime":         {"a clock that stands still measures nothing", []func(*sizer){answered(5, 0)}, 0, 10},
		"TooSlow":        {"two do not fit", []func(*sizer){answered(5, 50*time.Second)}, 0, 1},
		"TooSlowLater":   {"it may have been busy", []func(*sizer){answered(5, 50*time.Second)}, 10 * time.Minute, 2},
		"BrokenOnce":     {"half as many", []func(*sizer){broken(20)}, 0, 10},
		"BrokenTwice":    {"half of that", []func(*sizer){broken(20), broken(10)}, 0, 5},
		"BrokenToOne":    {"alone for a while", []func(*sizer){broken(20), broken(3)}, 0, 1},
		"Unsupported":    {"alone for a while", []func(*sizer){func(z *sizer) { z.rest(start) }}, 9 * time.Minute, 1},
		"SupportedLater": {"the plugin may have been updated", []func(*sizer){func(z *sizer) { z.rest(start) }}, 10 * time.Minute, 2},
		"NoOverflow":     {"growth ends", slices.Repeat([]func(*sizer){answered(1000, time.Second)}, 100), 0, mostBatch},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			z := &sizer{}
			for _, call := range tc.calls {
				call(z)
			}
			if got := z.limit(start.Add(tc.after)); got != tc.want {
				t.Errorf("%s: limit %d, want %d", tc.reason, got, tc.want)
			}
		})
	}
}

// TestASiteThatDoesNotKnowBatchesIsRemembered although nothing waits meanwhile.
func TestASiteThatDoesNotKnowBatchesIsRemembered(t *testing.T) {
	h := newHarness(t, 10)
	batches := h.batching(func(items []string) Batch[string] {
		b := fated(items, Alone)
		b.Unsupported = true
		return b
	})
	h.run()
	for round := range 2 {
		for i := range 3 {
			h.leaveBatchable(fmt.Sprint(round, i), i, 20)
		}
		for range 3 {
			(<-h.started).answer <- "ok"
			<-h.woken
		}
	}
	if len(*batches) != 1 {
		t.Errorf("batches %v, want one", *batches)
	}
}

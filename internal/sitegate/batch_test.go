// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package sitegate

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// batching makes the harness answer batches by f and note their items.
func (h *harness) batching(f func(items []string) ([]string, string)) *[][]string {
	var batches [][]string
	h.opts.DoBatch = func(_ context.Context, items []any) ([]string, string) {
		names := make([]string, len(items))
		for i, item := range items {
			names[i] = item.(string)
		}
		batches = append(batches, names) // one call at a time
		return f(names)
	}
	return &batches
}

func (h *harness) leaveBatchable(object string, due, maxBatch int) {
	ticket := h.ticket("a", object, "1", due, 1)
	ticket.MaxBatch, ticket.Item = maxBatch, object
	h.Leave(ticket)
}

func TestADeepQueueGoesInBatches(t *testing.T) {
	h := newHarness(t, 10)
	batches := h.batching(func(items []string) ([]string, string) {
		each := make([]string, len(items))
		for i, item := range items {
			each[i] = "done " + item
		}
		return each, ""
	})
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
	s := &site[string]{maxConcurrent: 4}
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

func TestABatchThatFailsAsAWholeGoesAlone(t *testing.T) {
	cases := map[string]func([]string) ([]string, string){
		"Failed": func([]string) ([]string, string) { return nil, "too large" },
		"Panic":  func([]string) ([]string, string) { panic("bad payload") },
		"TooFew": func([]string) ([]string, string) { return []string{"one of two"}, "" },
	}
	for name, answer := range cases {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, 10)
			h.batching(answer)
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
		})
	}
}

func TestATicketReplacedDuringItsBatchKeepsNoOutcome(t *testing.T) {
	h := newHarness(t, 10)
	h.batching(func(items []string) ([]string, string) {
		if slices.Contains(items, "x") {
			h.Forget(named("x"))
		}
		return items, ""
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

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package sitegate

import (
	"context"
	"time"
)

// Fate is what becomes of a ticket that shared a call.
type Fate int

const (
	// Settled keeps the outcome and wakes the object.
	Settled Fate = iota
	// Alone has the ticket go next, by itself: what became of it is not known.
	// The outcome is heard about the site alone, for pauses and its breaker.
	Alone
	// Apart has the ticket go next, by itself: it turned out to be none that shares
	// a call, and was no part of this one. It has no outcome.
	Apart
	// Again leaves the ticket where it was in the queue: it was no part of the
	// call. It has no outcome.
	Again
)

// Answer is what came of one ticket of a batch.
type Answer[O any] struct {
	Outcome O
	Fate    Fate
}

// Batch is what came of a call for several tickets.
type Batch[O any] struct {
	// Answers are in the order of the items, and as many. Not all of them may be
	// Again.
	Answers []Answer[O]
	// Unsupported says that the site does not know such calls: its tickets go
	// alone for a while.
	Unsupported bool
}

// batch is one call and the tickets it is for, mostly one.
type batch[O any] struct {
	site *site[O]
	// address is where the site was when the call started.
	address string
	entries []*entry[O]
	probe   bool
	start   time.Time
	charged charge
}

// namespace is whose slot the call holds.
func (b *batch[O]) namespace() string { return b.entries[0].ticket.Object.Namespace }

// call makes the call. A panic of a batch is one payload's: its tickets go alone.
func (d *Dispatcher[O]) call(ctx context.Context, entries []*entry[O]) (result Batch[O]) {
	defer func() {
		if r := recover(); r != nil {
			fate := Alone
			if len(entries) == 1 {
				fate = Settled
			}
			result = d.all(entries, Answer[O]{d.opts.Recover(r), fate})
		}
	}()
	if len(entries) == 1 {
		return Batch[O]{Answers: []Answer[O]{{Outcome: entries[0].ticket.Do(ctx)}}}
	}
	items := make([]any, len(entries))
	for i, e := range entries {
		items[i] = e.ticket.Item
	}
	result = d.opts.DoBatch(ctx, items)
	if len(result.Answers) != len(entries) {
		panic("the answers of a batch are not as many as its tickets") // which is whose?
	}
	return result
}

func (d *Dispatcher[O]) all(entries []*entry[O], answer Answer[O]) Batch[O] {
	answers := make([]Answer[O], len(entries))
	for i := range answers {
		answers[i] = answer
	}
	return Batch[O]{Answers: answers}
}

// learn has the site's next batches be of a size that it is up to.
func (b *batch[O]) learn(result Batch[O], now time.Time) {
	settled, whole := 0, true
	for _, a := range result.Answers {
		switch a.Fate {
		case Settled:
			settled++
		case Alone:
			whole = false
		case Apart, Again:
		}
	}
	switch {
	case len(b.entries) == 1, settled == 0 && whole: // there was no shared call
	case result.Unsupported:
		b.site.sizer.rest(now)
	case !whole:
		b.site.sizer.shrink(len(b.entries), now)
	default:
		b.site.sizer.grow(settled, now.Sub(b.start), b.entries[0].ticket.BatchTime, now)
	}
}

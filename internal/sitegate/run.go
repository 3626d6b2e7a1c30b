// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package sitegate

import (
	"container/heap"
	"context"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/types"
)

// dispatch starts what may run and returns when the first closed site opens.
func (d *Dispatcher[O]) dispatch(ctx context.Context, calls *sync.WaitGroup) time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.opts.Clock.Now().Before(d.nextSweep) {
		d.sweep()
	}
	for {
		b := d.next()
		if b == nil {
			break
		}
		d.shares.take(b.namespace())
		d.begin(b.entries)
		calls.Go(func() { d.run(ctx, b) })
	}
	return d.firstOpening()
}

// run makes the call, keeps its outcomes and wakes their objects.
func (d *Dispatcher[O]) run(ctx context.Context, b *batch[O]) {
	result := d.call(ctx, b.entries)
	for _, object := range d.finish(b, result) {
		d.opts.Wake(ctx, object)
	}
}

// finish frees the call's slot and returns the objects to wake. Tickets whose
// outcome is not known go back into the queue.
func (d *Dispatcher[O]) finish(b *batch[O], result Batch[O]) []types.NamespacedName {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.shares.give(b.namespace())
	b.site.inFlight--
	b.site.lastEnd = d.opts.Clock.Now()
	if !d.called(result.Answers) {
		b.site.giveBack(b.charged)
	}
	if b.address == b.site.address { // else it says nothing about where the site is now
		d.judge(b, result.Answers)
		b.learn(result, b.site.lastEnd)
	}
	var woken []types.NamespacedName
	for i, e := range b.entries {
		held := d.held[e.ticket.Object] == e // else withdrawn or replaced meanwhile
		if held && d.settle(b.site, e, result.Answers[i]) {
			woken = append(woken, e.ticket.Object)
		}
		d.end(e.ticket.Object)
	}
	d.takeTurn(b.site)
	d.collect(b.site)
	d.signal()
	return woken
}

// settle keeps the outcome of a ticket, or puts it back, and says whether there
// is an outcome.
func (d *Dispatcher[O]) settle(s *site[O], e *entry[O], a Answer[O]) bool {
	if a.Fate != Settled {
		e.alone = e.alone || a.Fate != Again
		heap.Push(&s.waiting, e)
		return false
	}
	delete(d.held, e.ticket.Object)
	d.outcomes.put(e.ticket.Object, e.ticket.Revision, a.Outcome)
	return true
}

// judge has pauses and breaker take note of one call, by what came of it. A pause
// that is not firm waits for what a ticket that goes alone finds out: whoever has
// to do with the site hears of that, and of this nobody does.
func (d *Dispatcher[O]) judge(b *batch[O], answers []Answer[O]) {
	verdict := VerdictNone
	for _, a := range answers {
		if a.Fate == Again || a.Fate == Apart {
			continue
		}
		if p := d.opts.Pause(a.Outcome); p.Firm || a.Fate == Settled {
			b.site.pause(p)
		}
		switch d.opts.Judge(a.Outcome) {
		case VerdictAnswered:
			verdict = VerdictAnswered
		case VerdictFailed:
			if verdict == VerdictNone {
				verdict = VerdictFailed
			}
		case VerdictNone, VerdictNotCalled:
		}
	}
	b.site.breaker.end(b.probe, verdict, d.opts.Clock.Now(), d.opts.Random)
}

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

// batch is one call and the tickets it is for, mostly one.
type batch[O any] struct {
	site    *site[O]
	entries []*entry[O]
	probe   bool
}

// dispatch starts what may run and returns when the first closed site opens.
func (d *Dispatcher[O]) dispatch(ctx context.Context, calls *sync.WaitGroup) time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.opts.Clock.Now().Before(d.nextSweep) {
		d.sweep()
	}
	for d.inFlight < d.opts.MaxInFlight {
		b := d.next()
		if b == nil {
			break
		}
		d.inFlight++
		calls.Go(func() { d.run(ctx, b) })
	}
	return d.firstOpening()
}

// run makes the call, keeps its outcomes and wakes their objects.
func (d *Dispatcher[O]) run(ctx context.Context, b *batch[O]) {
	each, whole := d.call(ctx, b.entries)
	for _, object := range d.finish(b, each, whole) {
		d.opts.Wake(ctx, object)
	}
}

// finish frees the call's slot and returns the objects to wake. A batch that
// failed as a whole goes back into the queue, each ticket to go alone.
func (d *Dispatcher[O]) finish(b *batch[O], each []O, whole O) []types.NamespacedName {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.inFlight--
	b.site.inFlight--
	b.site.lastEnd = d.opts.Clock.Now()
	d.judge(b, append(each, whole)[:max(1, len(each))])
	var woken []types.NamespacedName
	for i, e := range b.entries {
		switch {
		case d.held[e.ticket.Object] != e: // withdrawn or replaced meanwhile
		case each == nil:
			e.alone = true
			heap.Push(&b.site.waiting, e)
		default:
			delete(d.held, e.ticket.Object)
			d.outcomes.put(e.ticket.Object, e.ticket.Revision, each[i])
			woken = append(woken, e.ticket.Object)
		}
	}
	d.takeTurn(b.site)
	d.collect(b.site)
	d.signal()
	return woken
}

// judge has pauses and breaker take note of one call, by what came of it.
func (d *Dispatcher[O]) judge(b *batch[O], outcomes []O) {
	verdict := VerdictNone
	for _, o := range outcomes {
		b.site.pause(d.opts.Pause(o))
		switch d.opts.Judge(o) {
		case VerdictAnswered:
			verdict = VerdictAnswered
		case VerdictFailed:
			if verdict == VerdictNone {
				verdict = VerdictFailed
			}
		case VerdictNone:
		}
	}
	b.site.breaker.end(b.probe, verdict, d.opts.Clock.Now(), d.opts.Random)
}

// call makes the call. It returns the outcome of each ticket, or nil and that of
// the whole if they are to be tried alone: a panic of a batch is one payload's.
func (d *Dispatcher[O]) call(ctx context.Context, entries []*entry[O]) (each []O, whole O) {
	defer func() {
		if r := recover(); r != nil {
			each, whole = nil, d.opts.Recover(r)
			if len(entries) == 1 {
				each = []O{whole}
			}
		}
	}()
	if len(entries) == 1 {
		return []O{entries[0].ticket.Do(ctx)}, whole
	}
	items := make([]any, len(entries))
	for i, e := range entries {
		items[i] = e.ticket.Item
	}
	if each, whole = d.opts.DoBatch(ctx, items); len(each) != len(entries) {
		each = nil // an outcome cannot be told from another's
	}
	return each, whole
}

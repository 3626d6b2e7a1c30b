// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package sitegate

import (
	"container/heap"
	"slices"
	"time"
)

// entry is a ticket in the queue of its site, or running.
type entry[O any] struct {
	ticket   Ticket[O]
	sequence int64
	index    int // in the heap, -1 when it runs
}

// site is the gate of one site. It exists while something waits, runs or pauses.
type site[O any] struct {
	waiting       queue[O]
	inFlight      int
	maxConcurrent int
	// heldUntil is a firm pause, pausedUntil one that Release ends.
	heldUntil, pausedUntil time.Time
	inRing                 bool
}

func (s *site[O]) open(now time.Time) bool {
	return s.inFlight < s.maxConcurrent && !now.Before(s.closedUntil())
}

// closedUntil is when all pauses are over.
func (s *site[O]) closedUntil() time.Time {
	if s.pausedUntil.After(s.heldUntil) {
		return s.pausedUntil
	}
	return s.heldUntil
}

// pause begins a pause, unless a longer one of its sort is on.
func (s *site[O]) pause(p Pause) {
	until := &s.pausedUntil
	if p.Firm {
		until = &s.heldUntil
	}
	if p.Until.After(*until) {
		*until = p.Until
	}
}

func (d *Dispatcher[O]) site(name string) *site[O] {
	s, ok := d.sites[name]
	if !ok {
		s = &site[O]{maxConcurrent: 1}
		d.sites[name] = s
	}
	return s
}

// takeTurn puts the site at the end of the ring if something waits for it.
func (d *Dispatcher[O]) takeTurn(name string, s *site[O]) {
	if s.inRing || len(s.waiting) == 0 {
		return
	}
	s.inRing = true
	d.ring = append(d.ring, name)
}

// next takes the oldest ticket of the first open site of the ring and sends the
// site to its end: sites take turns, however long their queues are.
func (d *Dispatcher[O]) next() *entry[O] {
	now := d.opts.Clock.Now()
	for i, name := range d.ring {
		s := d.sites[name]
		if !s.open(now) {
			continue
		}
		d.ring = slices.Delete(d.ring, i, i+1)
		s.inRing = false
		e := heap.Pop(&s.waiting).(*entry[O])
		s.inFlight++
		d.takeTurn(name, s)
		return e
	}
	return nil
}

// firstOpening returns when the first pause of a waiting site ends, zero if none.
func (d *Dispatcher[O]) firstOpening() time.Time {
	var first time.Time
	now := d.opts.Clock.Now()
	for _, name := range d.ring {
		until := d.sites[name].closedUntil()
		if until.After(now) && (first.IsZero() || until.Before(first)) {
			first = until
		}
	}
	return first
}

// withdraw takes back what the object holds: a waiting ticket leaves the queue,
// a running one is disowned.
func (d *Dispatcher[O]) withdraw(e *entry[O]) {
	delete(d.held, e.ticket.Object)
	if e.index < 0 {
		return
	}
	s := d.sites[e.ticket.Site]
	heap.Remove(&s.waiting, e.index)
	if len(s.waiting) == 0 && s.inRing {
		s.inRing = false
		d.ring = slices.DeleteFunc(d.ring, func(name string) bool { return name == e.ticket.Site })
	}
	d.collect(e.ticket.Site, s)
}

// collect forgets a site for which nothing waits, runs or pauses.
func (d *Dispatcher[O]) collect(name string, s *site[O]) {
	if len(s.waiting) == 0 && s.inFlight == 0 && !s.closedUntil().After(d.opts.Clock.Now()) {
		delete(d.sites, name)
	}
}

// queue is a heap of the tickets of one site, the oldest due first; what was
// left first goes first among equals.
type queue[O any] []*entry[O]

func (q queue[O]) Len() int { return len(q) }

func (q queue[O]) Less(i, j int) bool {
	if !q[i].ticket.Due.Equal(q[j].ticket.Due) {
		return q[i].ticket.Due.Before(q[j].ticket.Due)
	}
	return q[i].sequence < q[j].sequence
}

func (q queue[O]) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].index, q[j].index = i, j
}

// Push implements heap.Interface.
func (q *queue[O]) Push(x any) {
	e := x.(*entry[O])
	e.index = len(*q)
	*q = append(*q, e)
}

// Pop implements heap.Interface.
func (q *queue[O]) Pop() any {
	last := len(*q) - 1
	e := (*q)[last]
	(*q)[last] = nil
	*q = (*q)[:last]
	e.index = -1
	return e
}

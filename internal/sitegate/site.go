// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package sitegate

import (
	"container/heap"
	"time"
)

// site is the gate of one site. It exists while something waits or runs, or
// keeps calls from it.
type site[O any] struct {
	name string
	// address is that of the newest ticket.
	address       string
	waiting       queue[O]
	inFlight      int
	maxConcurrent int
	// heldUntil is a firm pause, pausedUntil one that Release ends.
	heldUntil, pausedUntil time.Time
	// nextStart is when its rate permits the next call.
	nextStart time.Time
	breaker   breaker
	sizer     sizer
	// lastEnd is when a call last ended.
	lastEnd time.Time
	inRing  bool
}

// moveTo forgets what is remembered of the site if it is elsewhere now: nothing of
// that is about the place it has moved to.
func (s *site[O]) moveTo(address string) {
	if s.address == address {
		return
	}
	s.address = address
	s.heldUntil, s.pausedUntil = time.Time{}, time.Time{}
	s.breaker, s.sizer = breaker{}, sizer{}
}

// gateState is whether another call to a site may start, or what keeps it.
type gateState int

const (
	gateOpen gateState = iota
	gateBreaker
	gatePaused
	gateSpaced
	gateBusy
)

// state says whether a ticket that is left now would start at once.
func (s *site[O]) state(now time.Time) gateState {
	switch {
	case !s.breaker.allows(now):
		return gateBreaker
	case latest(s.pausedUntil, s.heldUntil).After(now):
		return gatePaused
	case s.nextStart.After(now):
		return gateSpaced
	case s.inFlight+len(s.waiting) >= s.maxConcurrent:
		return gateBusy
	}
	return gateOpen
}

func (s *site[O]) open(now time.Time) bool {
	return s.inFlight < s.maxConcurrent && !now.Before(s.closedUntil()) && s.breaker.allows(now)
}

// closedUntil is when pauses, rate and breaker have let go.
func (s *site[O]) closedUntil() time.Time {
	return latest(s.pausedUntil, s.heldUntil, s.nextStart, s.breaker.until)
}

// paused says that the site is kept from being called for a reason of its own.
func (s *site[O]) paused(now time.Time) bool {
	return latest(s.pausedUntil, s.heldUntil, s.breaker.until).After(now)
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

// take takes the tickets of the next call: the oldest, and as many behind it as
// share its call. What waits is spread over the free slots, so that a batch is
// never larger than it has to be, nor than what fits in its time. A probe goes
// alone.
func (s *site[O]) take(now time.Time) (entries []*entry[O], probe bool) {
	free := max(1, s.maxConcurrent-s.inFlight)
	share := (len(s.waiting) + free - 1) / free
	entries = []*entry[O]{heap.Pop(&s.waiting).(*entry[O])}
	ticket := &entries[0].ticket
	probe = s.breaker.start(now)
	if !probe && entries[0].batchable() {
		limit := min(share, ticket.MaxBatch, s.sizer.limit(now))
		for len(entries) < limit && len(s.waiting) > 0 && s.waiting[0].batchable() {
			entries = append(entries, heap.Pop(&s.waiting).(*entry[O]))
		}
	}
	s.inFlight++
	return entries, probe
}

func latest(times ...time.Time) time.Time {
	var last time.Time
	for _, t := range times {
		if t.After(last) {
			last = t
		}
	}
	return last
}

func (d *Dispatcher[O]) site(name string) *site[O] {
	s, ok := d.sites[name]
	if !ok {
		s = &site[O]{name: name, maxConcurrent: 1}
		d.sites[name] = s
	}
	return s
}

// takeTurn puts the site at the end of the ring if something waits for it.
func (d *Dispatcher[O]) takeTurn(s *site[O]) {
	if s.inRing || len(s.waiting) == 0 {
		return
	}
	s.inRing = true
	d.ring.add(s.waiting[0].ticket.Object.Namespace, s.name)
}

// next takes the tickets of the next call: sites take turns, however long their
// queues are. Nil means that nothing can start now.
func (d *Dispatcher[O]) next() *batch[O] {
	now := d.opts.Clock.Now()
	name, ok := d.ring.take(func(namespace, name string) bool {
		return d.shares.allow(namespace) && d.sites[name].open(now)
	})
	if !ok {
		return nil
	}
	s := d.sites[name]
	s.inRing = false
	entries, probe := s.take(now)
	d.takeTurn(s)
	charged := s.charge(entries[0].ticket.Spacing, now)
	return &batch[O]{site: s, address: s.address, entries: entries, probe: probe, start: now, charged: charged}
}

// firstOpening returns when the first of the waiting sites that are closed for a
// time opens, zero if none.
func (d *Dispatcher[O]) firstOpening() time.Time {
	var first time.Time
	now := d.opts.Clock.Now()
	d.ring.each(func(name string) {
		until := d.sites[name].closedUntil()
		if until.After(now) && (first.IsZero() || until.Before(first)) {
			first = until
		}
	})
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
		d.ring.remove(s.name)
	}
	d.collect(s)
}

// idle says that nothing waits or runs.
func (s *site[O]) idle() bool { return len(s.waiting) == 0 && s.inFlight == 0 }

// rememberedUntil is how long it matters what the site's last calls came to: they
// may have come one at a time, each after the other was done.
func (s *site[O]) rememberedUntil() time.Time {
	until := latest(s.closedUntil(), s.sizer.restUntil)
	if s.breaker.failures == 0 {
		return until
	}
	return latest(until, s.lastEnd.Add(breakerLongest), s.closedUntil().Add(breakerLongest))
}

// collect forgets a site for which nothing waits or runs, and of which nothing
// is to be remembered.
func (d *Dispatcher[O]) collect(s *site[O]) {
	if s.idle() && !s.rememberedUntil().After(d.opts.Clock.Now()) {
		delete(d.sites, s.name)
	}
}

// sweep forgets the sites that had something to be remembered when their last
// call ended, and have not any more: nobody may ever call them again.
func (d *Dispatcher[O]) sweep() {
	for _, s := range d.sites {
		d.collect(s)
	}
	d.nextSweep = d.opts.Clock.Now().Add(breakerLongest)
}

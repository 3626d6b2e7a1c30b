// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package sitegate calls sites on behalf of the controllers, so that no worker
// ever waits for one. A reconcile leaves a ticket and returns; the dispatcher
// runs it when the site's gate allows, keeps the outcome, and wakes the object.
// A site that hangs occupies its own slots and nothing else.
package sitegate

import (
	"container/heap"
	"context"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/clock"
)

const (
	// DefaultMaxInFlight bounds the calls to all sites together. A call is
	// mostly waiting: what it costs is a connection and one rendered body.
	DefaultMaxInFlight = 128

	// maxOutcomes bounds what is kept for objects that did not come to fetch
	// it. The oldest is dropped: its object asks the site again, which is safe
	// because a site answers a repeated publish with the post it already has.
	maxOutcomes = 16384
)

// Ticket asks for one call to a site.
type Ticket[O any] struct {
	// Site names the gate the call goes through.
	Site string
	// Object is woken when the outcome is there. It holds one ticket at a time.
	Object types.NamespacedName
	// Revision names everything the call depends on. An outcome is only handed
	// out for the revision it was obtained for.
	Revision string
	// Due orders the tickets of one site, the oldest first.
	Due time.Time
	// MaxConcurrent is the number of calls the site takes at once, at least 1.
	MaxConcurrent int
	// Do makes the call. It must return when its context ends.
	Do func(ctx context.Context) O
}

// Options of a Dispatcher. Wake and Recover are required.
type Options[O any] struct {
	// MaxInFlight bounds the calls to all sites together; DefaultMaxInFlight if 0.
	MaxInFlight int
	// Wake is called with the object whose outcome has arrived. It may block
	// until its context ends.
	Wake func(context.Context, types.NamespacedName)
	// Recover turns a panic of a call into its outcome: one bad payload must
	// not take the process, and with it every other site, down.
	Recover func(recovered any) O
	// Pause says of an outcome whether it keeps the site from being called for
	// a time. It is asked before the next call starts. Nil means never.
	Pause func(O) Pause
	// Clock is the real one if nil.
	Clock clock.Clock
}

// Pause keeps a site from being called until a time; the zero value does not.
type Pause struct {
	Until time.Time
	// Firm says that only time ends it (the site asked for it by Retry-After);
	// one that is not firm ends with Release as well.
	Firm bool
}

// Dispatcher runs tickets. It is a manager.Runnable; tickets may be left before
// it is started.
type Dispatcher[O any] struct {
	opts Options[O]
	kick chan struct{}

	mu       sync.Mutex
	sites    map[string]*site[O]
	ring     []string // sites with something waiting, in the order of their turns
	held     map[types.NamespacedName]*entry[O]
	outcomes outcomes[O]
	inFlight int
	sequence int64
}

// New returns a Dispatcher that does nothing until Start.
func New[O any](opts Options[O]) *Dispatcher[O] {
	if opts.MaxInFlight == 0 {
		opts.MaxInFlight = DefaultMaxInFlight
	}
	if opts.Clock == nil {
		opts.Clock = clock.RealClock{}
	}
	if opts.Pause == nil {
		opts.Pause = func(O) Pause { return Pause{} }
	}
	return &Dispatcher[O]{
		opts:     opts,
		kick:     make(chan struct{}, 1),
		sites:    map[string]*site[O]{},
		held:     map[types.NamespacedName]*entry[O]{},
		outcomes: newOutcomes[O](maxOutcomes),
	}
}

// Leave queues a ticket. A ticket of the same object and revision that waits or
// runs already makes it a no-op. One of another revision is replaced; if its call
// runs, its outcome is dropped.
func (d *Dispatcher[O]) Leave(t Ticket[O]) {
	d.mu.Lock()
	defer d.mu.Unlock()
	e := d.held[t.Object]
	if e != nil && e.ticket.Revision == t.Revision {
		return
	}
	if e != nil {
		d.withdraw(e)
	}
	d.sequence++
	e = &entry[O]{ticket: t, sequence: d.sequence}
	d.held[t.Object] = e
	s := d.site(t.Site)
	s.maxConcurrent = max(1, t.MaxConcurrent)
	heap.Push(&s.waiting, e)
	d.takeTurn(t.Site, s)
	d.signal()
}

// Outcome returns what the call of this revision came to, and whether it is
// there. It stays until Forget: a status write that fails is tried again with
// the same outcome.
func (d *Dispatcher[O]) Outcome(object types.NamespacedName, revision string) (O, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.outcomes.get(object, revision)
}

// Forget drops the object's outcome and a ticket that still waits. A call that
// runs is not interrupted; its outcome is dropped.
func (d *Dispatcher[O]) Forget(object types.NamespacedName) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.outcomes.drop(object)
	if e := d.held[object]; e != nil {
		d.withdraw(e)
	}
}

// Release ends the pauses of a site that are not firm.
func (d *Dispatcher[O]) Release(siteName string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if s, ok := d.sites[siteName]; ok {
		s.pausedUntil = time.Time{}
		d.collect(siteName, s)
	}
	d.signal()
}

// Start dispatches tickets until the context ends, and returns when every call
// it started has returned.
func (d *Dispatcher[O]) Start(ctx context.Context) error {
	var calls sync.WaitGroup
	defer calls.Wait()
	for {
		next := d.dispatch(ctx, &calls)
		if !d.wait(ctx, next) {
			return nil
		}
	}
}

// wait returns when there may be something to dispatch, false when the context
// has ended. A zero time means that no pause is due to end.
func (d *Dispatcher[O]) wait(ctx context.Context, next time.Time) bool {
	var due <-chan time.Time
	if !next.IsZero() {
		timer := d.opts.Clock.NewTimer(next.Sub(d.opts.Clock.Now()))
		defer timer.Stop()
		due = timer.C()
	}
	select {
	case <-ctx.Done():
		return false
	case <-d.kick:
	case <-due:
	}
	return true
}

// dispatch starts what may run and returns when the first pause ends.
func (d *Dispatcher[O]) dispatch(ctx context.Context, calls *sync.WaitGroup) time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	for d.inFlight < d.opts.MaxInFlight {
		e := d.next()
		if e == nil {
			break
		}
		d.inFlight++
		calls.Go(func() { d.run(ctx, e) })
	}
	return d.firstOpening()
}

// run makes the call and keeps its outcome.
func (d *Dispatcher[O]) run(ctx context.Context, e *entry[O]) {
	outcome := d.call(ctx, e)
	d.mu.Lock()
	d.inFlight--
	s := d.sites[e.ticket.Site]
	s.inFlight--
	s.pause(d.opts.Pause(outcome))
	wanted := d.held[e.ticket.Object] == e
	if wanted {
		delete(d.held, e.ticket.Object)
		d.outcomes.put(e.ticket.Object, e.ticket.Revision, outcome)
	}
	d.takeTurn(e.ticket.Site, s)
	d.collect(e.ticket.Site, s)
	d.signal()
	d.mu.Unlock()
	if wanted {
		d.opts.Wake(ctx, e.ticket.Object)
	}
}

func (d *Dispatcher[O]) call(ctx context.Context, e *entry[O]) (outcome O) {
	defer func() {
		if r := recover(); r != nil {
			outcome = d.opts.Recover(r)
		}
	}()
	return e.ticket.Do(ctx)
}

// signal wakes the loop; one pending signal is enough.
func (d *Dispatcher[O]) signal() {
	select {
	case d.kick <- struct{}{}:
	default:
	}
}

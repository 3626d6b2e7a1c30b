// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package sitegate calls sites on behalf of the controllers, so that no worker
// ever waits for one. A reconcile leaves a ticket and returns; the dispatcher
// runs it when the site's gate allows, keeps the outcome, and wakes the object.
// A site that hangs occupies its own slots and nothing else.
package sitegate

import (
	"context"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/clock"

	"github.com/igny8/wordpress-operator/internal/jitter"
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
	// Address is where the site is. A ticket with another one than the tickets
	// before ends what is remembered of the site: pauses, breaker, size of batches.
	Address string
	// Object is woken when the outcome is there. It holds one ticket at a time.
	Object types.NamespacedName
	// Revision names everything the call depends on. An outcome is only handed
	// out for the revision it was obtained for.
	Revision string
	// Due orders the tickets of one site, the oldest first.
	Due time.Time
	// MaxConcurrent is the number of calls the site takes at once, at least 1.
	MaxConcurrent int
	// Spacing is the least time between the starts of two calls to the site, 0
	// for none. A turn that ends with VerdictNotCalled does not count.
	Spacing time.Duration
	// Do makes the call. It must return when its context ends.
	Do func(ctx context.Context) O
	// Last has the call wait for one of the same object that is under way and was
	// disowned: whatever that does at the site is done by then.
	Last bool
	// MaxBatch is how many tickets of the site may share one call of
	// Options.DoBatch when more of them wait than there are slots; 0 and 1 mean
	// that the ticket goes alone.
	MaxBatch int
	// BatchTime is how long a shared call should take at most: it gets as many
	// tickets as the ones before have shown to fit. 0 means any time.
	BatchTime time.Duration
	// Item is what DoBatch is given of the ticket.
	Item any
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
	// DoBatch makes one call for several tickets of a site, given their items. It
	// must return when its context ends. Required where a ticket has a MaxBatch
	// above 1.
	DoBatch func(ctx context.Context, items []any) Batch[O]
	// Judge says what an outcome tells about the site: several failures in a row
	// open its breaker, and calls that were not made are not spaced. Nil means
	// nothing.
	Judge func(O) Verdict
	// Random spreads the probes of sites whose breaker is open; the middle of the
	// range if nil.
	Random jitter.Random
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
	ring     ring
	shares   shares
	refusals Refusals
	held     map[types.NamespacedName]*entry[O]
	running  map[types.NamespacedName]int // calls under way, disowned ones too
	outcomes outcomes[O]
	sequence int64
	// nextSweep is when sites that are not called any more are forgotten.
	nextSweep time.Time
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
	if opts.Judge == nil {
		opts.Judge = func(O) Verdict { return VerdictNone }
	}
	if opts.Random == nil {
		opts.Random = func() float64 { return 0.5 }
	}
	return &Dispatcher[O]{
		opts:     opts,
		kick:     make(chan struct{}, 1),
		shares:   newShares(opts.MaxInFlight),
		sites:    map[string]*site[O]{},
		held:     map[types.NamespacedName]*entry[O]{},
		running:  map[types.NamespacedName]int{},
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
	d.admit(e)
}

// Outcome returns what the call of this revision came to, and whether it is
// there. It stays until Forget: a status write that fails is tried again with
// the same outcome.
func (d *Dispatcher[O]) Outcome(object types.NamespacedName, revision string) (O, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.outcomes.get(object, revision)
}

// Latest returns the outcome that is kept of the object, and the revision it was
// obtained for: for those to whom an outcome matters although things have changed.
func (d *Dispatcher[O]) Latest(object types.NamespacedName) (outcome O, revision string, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.outcomes.latest(object)
}

// Running returns the revision of the object's call that is under way. One that was
// disowned, whose outcome nobody will get, is none.
func (d *Dispatcher[O]) Running(object types.NamespacedName) (revision string, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if e := d.held[object]; e != nil && e.index == inFlight {
		return e.ticket.Revision, true
	}
	return "", false
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

// Release ends the pauses of a site that are not firm, and has its breaker try
// one call: the site was found well.
func (d *Dispatcher[O]) Release(siteName string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if s, ok := d.sites[siteName]; ok {
		s.pausedUntil = time.Time{}
		s.breaker.retry(d.opts.Clock.Now())
		if s.idle() {
			s.breaker = breaker{}
		}
		d.collect(s)
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

// signal wakes the loop; one pending signal is enough.
func (d *Dispatcher[O]) signal() {
	select {
	case d.kick <- struct{}{}:
	default:
	}
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/types"

	"github.com/igny8/wordpress-operator/internal/jitter"
)

// intervalJitter is the share by which an interval is shortened or lengthened.
const intervalJitter = 0.05

// Intervals say how often a site and its Secret are looked at.
type Intervals struct {
	// Healthy is the time between two tests of a site that is well.
	Healthy time.Duration
	// FailingMin and FailingMax bound the time between two tests of a site that
	// is not; it doubles with each failure.
	FailingMin, FailingMax time.Duration
	// Secret is how often a Secret is read again.
	Secret time.Duration
}

// DefaultIntervals notice a site that is back within half a minute and a changed
// Secret within 30 s, and cost a healthy site one small request every five minutes.
func DefaultIntervals() Intervals {
	return Intervals{Healthy: 5 * time.Minute, FailingMin: 10 * time.Second, FailingMax: 5 * time.Minute, Secret: 30 * time.Second}
}

// schedule remembers when each site is tested next. It is kept in memory: the
// status of an integration changes only when something about it does, and after
// a restart the tests are spread anew.
type schedule struct {
	intervals Intervals
	random    jitter.Random

	mu    sync.Mutex
	plans map[types.NamespacedName]*plan
}

type plan struct {
	revision string
	next     time.Time
	last     time.Time
	failures int
	// spread says that next lies at a random moment of the interval, so that
	// sites that came to be well together are not tested together.
	spread bool
}

func newSchedule(intervals Intervals, random jitter.Random) *schedule {
	return &schedule{intervals: intervals, random: random, plans: map[types.NamespacedName]*plan{}}
}

// due returns when the site is to be tested. A revision that was not tested yet
// is due at first, now or, where it is known to be well (after a restart), at a
// random moment of the interval.
func (c *schedule) due(name types.NamespacedName, revision string, now time.Time, knownWell bool) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	p, ok := c.plans[name]
	if ok && p.revision == revision {
		return p.next
	}
	p = &plan{revision: revision, next: now}
	if !ok && knownWell {
		p.next, p.spread = now.Add(c.random.Within(c.intervals.Healthy)), true
	}
	c.plans[name] = p
	return p.next
}

// tested notes a test's outcome and plans the next one, not before the site wants
// to be asked again.
func (c *schedule) tested(name types.NamespacedName, revision string, now time.Time, well bool, retryAfter time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := &plan{revision: revision, last: now}
	old, ok := c.plans[name]
	if ok && old.revision == revision && old.last.Equal(now) {
		return // recorded already; the status write had failed
	}
	if !ok || old.revision != revision {
		old = &plan{}
	}
	if !well {
		p.failures = old.failures + 1
	}
	p.spread = well
	p.next = c.base(old, well, now).Add(max(c.wait(p.failures, old.spread), retryAfter))
	c.plans[name] = p
}

// failures is how many tests in a row the site has failed.
func (c *schedule) failures(name types.NamespacedName, revision string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if p, ok := c.plans[name]; ok && p.revision == revision {
		return p.failures
	}
	return 0
}

// base is from when on the next interval counts. For a site that stays well it is
// when the test was due, not when it was made: a process that stood still for a
// while makes all that was due together, and would do so from then on.
func (c *schedule) base(old *plan, well bool, now time.Time) time.Time {
	late := now.Sub(old.next)
	if well && old.spread && late > 0 && late < c.intervals.Healthy/2 {
		return old.next
	}
	return now
}

// wait returns the time until the next test. The first one after a site came to
// be well is at a random moment of the interval: the small jitter of the later
// ones would keep a herd (a thousand sites applied at once, or back after one
// outage) together for hours.
func (c *schedule) wait(failures int, spread bool) time.Duration {
	if failures == 0 && !spread {
		return c.random.Within(c.intervals.Healthy)
	}
	return c.random.Around(c.interval(failures), intervalJitter)
}

func (c *schedule) interval(failures int) time.Duration {
	if failures == 0 {
		return c.intervals.Healthy
	}
	delay := c.intervals.FailingMin
	for range failures - 1 {
		if delay *= 2; delay >= c.intervals.FailingMax {
			return c.intervals.FailingMax
		}
	}
	return delay
}

// hurry makes the next test due now, but not sooner than FailingMin after the
// last one: many failing requests are one reason to look, not many.
func (c *schedule) hurry(name types.NamespacedName, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p, ok := c.plans[name]
	if !ok {
		return
	}
	soonest := p.last.Add(c.intervals.FailingMin)
	if soonest.Before(now) {
		soonest = now
	}
	if p.next.After(soonest) {
		p.next = soonest
	}
}

func (c *schedule) forget(name types.NamespacedName) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.plans, name)
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/types"

	"github.com/igny8/wordpress-operator/internal/jitter"
)

// readingKind says how much of a site's structure is read.
type readingKind string

const (
	// readingSync reads what one answer has: counts, post types, taxonomies and
	// the first categories and tags.
	readingSync readingKind = "Sync"
	// readingUpdate reads all categories and tags besides.
	readingUpdate readingKind = "StructureUpdate"
)

// readingIntervals are the times between two syncs and two updates.
type readingIntervals struct{ sync, update time.Duration }

// readingFacts is what decides when a structure is read, and how much of it.
type readingFacts struct {
	intervals            readingIntervals
	lastSync, lastUpdate time.Time
	// off says that only annotations have anything read.
	off bool
	// unknown says that the structure was never read, or not in full; resumed that
	// it was not since sync is on; failing that the last reading failed.
	unknown, resumed, failing      bool
	hasConfigMap                   bool
	syncRequested, updateRequested bool
}

// readings remembers when the structure of each site is read next. What the
// status has of it is enough to go on after a restart: a sync that found nothing
// new is not written down, so that an overdue one is spread at random, and an
// overdue update takes its place.
type readings struct {
	random jitter.Random
	// retry is the time until the next reading after a number of failures, and
	// maxRetry the longest.
	retry    func(failures int) time.Duration
	maxRetry time.Duration

	mu    sync.Mutex
	plans map[types.NamespacedName]*readingPlan
}

type readingPlan struct {
	intervals    readingIntervals
	sync, update time.Time
	// notBefore keeps a site that fails from being asked too often.
	notBefore time.Time
	failures  int
	// parted says that the readings of a herd that was created at once are spread
	// already.
	parted bool
	// lost says that the ConfigMap was deleted.
	lost bool
}

func newReadings(random jitter.Random, retry func(int) time.Duration, maxRetry time.Duration) *readings {
	return &readings{random: random, retry: retry, maxRetry: maxRetry, plans: map[types.NamespacedName]*readingPlan{}}
}

// next returns when to read the structure, and how much of it; not ok means not
// until something changes.
func (c *readings) next(name types.NamespacedName, f readingFacts, now time.Time) (due time.Time, kind readingKind, ok bool) {
	switch {
	case f.updateRequested, f.syncRequested && f.unknown:
		return now, readingUpdate, true
	case f.syncRequested:
		return now, readingSync, true
	case f.off:
		return time.Time{}, "", false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.plan(name, f, now)
	if f.unknown || f.resumed || p.lost && f.hasConfigMap {
		p.update = earlier(p.update, now)
	}
	p.lost = false
	due, kind = p.sync, readingSync
	if !p.update.After(later(p.sync, now)) {
		due, kind = p.update, readingUpdate
	}
	return later(due, p.notBefore), kind, true
}

// plan returns the plan of a site, a new one where there is none for these
// intervals.
func (c *readings) plan(name types.NamespacedName, f readingFacts, now time.Time) *readingPlan {
	if p, ok := c.plans[name]; ok && p.intervals == f.intervals {
		return p
	}
	p := &readingPlan{intervals: f.intervals, parted: !f.lastSync.IsZero()}
	p.sync = c.resume(f.lastSync, f.intervals.sync, now, now.Add(c.random.Within(f.intervals.sync)))
	p.update = c.resume(f.lastUpdate, f.intervals.update, now, p.sync)
	if f.failing { // how often it failed is not known any more
		p.update, p.notBefore = now, now.Add(c.random.Within(c.maxRetry))
	}
	c.plans[name] = p
	return p
}

// resume returns when to read again what was read last at a time: what is
// overdue, at the time given for that.
func (c *readings) resume(last time.Time, interval time.Duration, now, overdue time.Time) time.Time {
	due := last.Add(c.random.Around(interval, intervalJitter))
	if due.Before(now) || last.After(now) {
		return overdue
	}
	return due
}

// succeeded plans the next reading after one that ended at a time.
func (c *readings) succeeded(name types.NamespacedName, kind readingKind, end time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p, ok := c.plans[name]
	if !ok {
		return // it was asked for while sync is off
	}
	p.sync = end.Add(c.wait(p.intervals.sync, p.parted))
	if kind == readingUpdate {
		p.update = end.Add(c.wait(p.intervals.update, p.parted))
	}
	p.failures, p.notBefore, p.parted, p.lost = 0, time.Time{}, true, false
}

func (c *readings) wait(interval time.Duration, parted bool) time.Duration {
	if !parted {
		return c.random.Within(interval)
	}
	return c.random.Around(interval, intervalJitter)
}

// failed has the same tried again, not before the site wants to be asked.
func (c *readings) failed(name types.NamespacedName, kind readingKind, end time.Time, retryAfter time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p, ok := c.plans[name]
	if !ok {
		return
	}
	if kind == readingUpdate {
		p.update = earlier(p.update, end)
	} else {
		p.sync = earlier(p.sync, end)
	}
	p.failures++
	p.notBefore = end.Add(max(c.random.Around(c.retry(p.failures), intervalJitter), retryAfter))
}

// lose notes that the ConfigMap with the whole lists was deleted.
func (c *readings) lose(name types.NamespacedName) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if p, ok := c.plans[name]; ok {
		p.lost = true
	}
}

func (c *readings) forget(name types.NamespacedName) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.plans, name)
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

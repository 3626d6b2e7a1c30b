// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package sitegate

import (
	"time"

	"github.com/igny8/wordpress-operator/internal/jitter"
)

const (
	// breakerFailures in a row open a site's breaker. With two calls at a time
	// the site has had two chances to answer each of them by then.
	breakerFailures = 5
	// breakerShortest and breakerLongest bound the time until the next probe of a site;
	// it doubles with each probe that fails.
	breakerShortest = 30 * time.Second
	breakerLongest  = 10 * time.Minute
	// breakerJitter lengthens it by up to this share: what failed together must
	// not come back together.
	breakerJitter = 0.25
)

// BreakerState is the state of a site's circuit breaker.
type BreakerState string

const (
	// BreakerClosed lets calls through.
	BreakerClosed BreakerState = "Closed"
	// BreakerOpen lets none through until its time.
	BreakerOpen BreakerState = "Open"
	// BreakerHalfOpen lets one through, to see.
	BreakerHalfOpen BreakerState = "HalfOpen"
)

// Verdict is what the outcome of a call says about the site.
type Verdict int

const (
	// VerdictNone says nothing: the call was cancelled, or nobody knows whether the
	// site was called.
	VerdictNone Verdict = iota
	// VerdictAnswered says that the site answered, whatever it said.
	VerdictAnswered
	// VerdictFailed says that no answer came, or none that the site made itself.
	VerdictFailed
	// VerdictNotCalled says that the site was certainly not called, because there was
	// nothing to do: the turn does not count for its rate.
	VerdictNotCalled
)

// breaker keeps calls from a site that does not answer: each of them would hold
// a slot until its timeout. The zero value is closed.
type breaker struct {
	// failures in a row, while closed.
	failures int
	// opened counts how often it opened since it was last closed.
	opened  int
	until   time.Time
	probing bool
}

func (b *breaker) state(now time.Time) BreakerState {
	switch {
	case b.opened == 0:
		return BreakerClosed
	case now.Before(b.until):
		return BreakerOpen
	default:
		return BreakerHalfOpen
	}
}

// allows says whether a call may start.
func (b *breaker) allows(now time.Time) bool {
	switch b.state(now) {
	case BreakerClosed:
		return true
	case BreakerHalfOpen:
		return !b.probing
	default:
		return false
	}
}

// start notes that a call starts, and says whether it is a probe.
func (b *breaker) start(now time.Time) bool {
	probe := b.state(now) == BreakerHalfOpen
	b.probing = b.probing || probe
	return probe
}

// end notes what a call came to. Only the probe counts once the breaker is open:
// the calls that were under way then say nothing new.
func (b *breaker) end(probe bool, verdict Verdict, now time.Time, random jitter.Random) {
	if probe {
		b.probing = false
	}
	switch {
	case verdict == VerdictNone, verdict == VerdictNotCalled, b.opened > 0 && !probe:
		return
	case verdict == VerdictAnswered:
		*b = breaker{}
		return
	}
	if b.failures++; !probe && b.failures < breakerFailures {
		return
	}
	b.opened++
	b.until = now.Add(random.Extend(breakerDelay(b.opened), breakerJitter))
}

// retry lets the next call through as a probe: the site was found well.
func (b *breaker) retry(now time.Time) {
	if b.until.After(now) {
		b.until = now
	}
}

func breakerDelay(opened int) time.Duration {
	delay := breakerShortest
	for range opened - 1 {
		if delay *= 2; delay >= breakerLongest {
			return breakerLongest
		}
	}
	return delay
}

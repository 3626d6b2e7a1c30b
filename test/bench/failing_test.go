// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"testing"
	"time"
)

const (
	// failuresToOpen is how many calls in a row open a site's breaker
	// (internal/sitegate).
	failuresToOpen = 5
	// firstProbe is when at the earliest the breaker tries the site again; the time
	// doubles from then on.
	firstProbe = 30 * time.Second
)

// TestOneSiteFails: a site that fails with a queue sees its breaker's probes. Once
// it is back the queue drains through its slots, as if nothing had been. Its
// breaker's schedule over minutes has a test with a clock of its own
// (internal/sitegate, TestASiteThatFailsSeesOnlyProbes).
func TestOneSiteFails(t *testing.T) {
	queued, failing, retry := 50, 2*time.Second, time.Second
	if *full {
		queued, failing, retry = 1000, 5*time.Minute, 5*time.Second
	}
	c := newCrowd(t, 1, 1, "--connection-retry-max="+retry.String())
	c.sites.takePublishes()
	c.sites.fail(c.bad())
	start := time.Now()
	c.queue(queued)
	<-time.After(failing - time.Since(start))
	// Those under way when it opens are calls that began before.
	probes := 0
	for at := firstProbe; at < failing; at = 2*at + firstProbe {
		probes++
	}
	count(t, "failing_publish_calls", float64(c.sites.published(c.bad())), float64(failuresToOpen+overloadSlots-1+probes))
	note("failing_site_calls_in_all", float64(c.sites.total()))
	c.sites.takePublishes()
	c.sites.fail("")
	back := time.Now()
	c.seen.await(t, queued)
	calls := c.sites.takePublishes()
	note("recovery_seconds_to_first_call", calls.arrivals[0].at.Sub(back).Seconds())
	note("recovery_posts_per_second", float64(queued)/c.seen.end().Sub(calls.arrivals[0].at).Seconds())
	count(t, "recovery_calls_in_flight_most", float64(calls.most[c.bad()]), overloadSlots)
	// A slot begins a call each time the one before it is over.
	count(t, "recovery_calls_in_a_second_most", float64(calls.worstSecond()), float64(overloadSlots*(int(time.Second/overloadDelay)+1)))
	count(t, "recovery_calls_each", float64(len(calls.arrivals))/float64(queued), 1)
	count(t, "recovery_posts_lost", float64(queued-c.sites.posts()), 0)
	c.clear()
	c.fleet.remove()
}

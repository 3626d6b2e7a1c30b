// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/hack/stack"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

const (
	// overloadSlots is how many calls a site takes at a time, the default.
	overloadSlots = 2
	// overloadDelay is how long a publish takes at a site that is well.
	overloadDelay = 50 * time.Millisecond
	// overloadBody is the length of an article, in bytes.
	overloadBody = 1 << 10
	// slower and scarcer are how much a site that hangs may cost the others: their
	// 99th percentile, and their throughput.
	slower, scarcer = 1.2, 0.95
	// soloTimes is how many times as long as alone the sites with little to do may
	// take beside one with a long queue.
	soloTimes = 2
)

// crowd is many sites, the first of which is up to no good.
type crowd struct {
	t       *testing.T
	sites   *sites
	fleet   *fleet
	manager *stack.Program
	seen    *observer
	runs    int
}

func newCrowd(t *testing.T, n int, batchSize int32, flags ...string) *crowd {
	t.Helper()
	s := newBlogs(t, n)
	s.delayAll(overloadDelay)
	c := &crowd{t: t, sites: s, manager: startManager(t, quiet(), flags...)}
	c.fleet = newPublishingFleet(t, s.fake.Key(), s.hosts, v1alpha1.Publishing{
		MaxConcurrent: overloadSlots, BatchSize: batchSize, Retry: v1alpha1.Retry{MaxAttempts: 10, InitialDelaySeconds: 1},
	})
	c.fleet.settle(n)
	c.seen = observe(t, c.fleet.namespace)
	return c
}

// bad is the host of the first site.
func (c *crowd) bad() string { return c.sites.hosts[0] }

// others publishes some posts at each of the other sites.
func (c *crowd) others(each int) sample {
	c.t.Helper()
	c.runs++
	prefix, n := fmt.Sprintf("others-%d", c.runs), each*(len(c.sites.hosts)-1)
	c.seen.reset()
	start := time.Now()
	sideBySide(c.t, n, func(i int) error {
		return shared.Client.Create(c.t.Context(), c.fleet.requestOf(1+i%(len(c.sites.hosts)-1), requestName(prefix, i), article(overloadBody)))
	})
	awaitSoon(c.t, "the other sites' posts", func() bool { return len(c.seen.latencies(prefix)) == n })
	took := slices.Sorted(slices.Values(c.seen.latencies(prefix)))
	return sample{p99: took[len(took)*99/100].Seconds(), seconds: time.Since(start).Seconds()}
}

// sample is what the others saw.
type sample struct{ p99, seconds float64 }

// queue has the first site get n requests.
func (c *crowd) queue(n int) {
	c.t.Helper()
	c.runs++
	c.fleet.request(fmt.Sprintf("queue-%d", c.runs), n, 1, article(overloadBody))
}

// clear removes all requests.
func (c *crowd) clear() {
	c.t.Helper()
	c.fleet.clear()
	awaitIdle(c.t, c.manager)
}

// TestOneSiteHangs: a site that hangs holds its own slots, no worker, and the
// others do not notice.
func TestOneSiteHangs(t *testing.T) {
	blogs, queued, each, watched := 10, 100, 2, time.Second
	if *full {
		blogs, queued, each, watched = 100, 1000, 5, hangs+5*time.Second
	}
	c := newCrowd(t, blogs, wordpress.MaxBatchItems)
	c.hangingSlots(queued, each, watched)
	if !*full {
		return
	}
	with := map[bool][]sample{}
	measure := func(hang bool) func() float64 {
		return func() float64 {
			if hang {
				defer c.hang(queued)()
			}
			r := c.others(each)
			with[hang] = append(with[hang], r)
			c.clear()
			return r.p99
		}
	}
	measure(false)() // warms up
	delete(with, false)
	p99 := paired(pairs, measure(true), measure(false))
	var rates []float64
	for i := range pairs {
		rates = append(rates, with[false][i].seconds/with[true][i].seconds)
	}
	atMost("hanging_others_p99_to_without", p99, slower)
	noLess("hanging_others_throughput_to_without", rates, scarcer)
	c.fleet.remove()
}

// hang has the first site hang with a queue, and returns how to end that.
func (c *crowd) hang(queued int) (end func()) {
	c.t.Helper()
	release := c.sites.hang(c.bad())
	c.queue(queued)
	awaitSoon(c.t, "a site to hang", func() bool { now, _ := c.sites.underWay(c.bad()); return now == overloadSlots })
	awaitIdle(c.t, c.manager)
	return func() {
		c.fleet.clear()
		release()
		awaitSoon(c.t, "a site to be left alone", func() bool { now, _ := c.sites.underWay(c.bad()); return now == 0 })
		awaitIdle(c.t, c.manager)
	}
}

// hangingSlots counts what a site that hangs holds.
func (c *crowd) hangingSlots(queued, each int, watched time.Duration) {
	c.t.Helper()
	c.sites.takePublishes()
	end := c.hang(queued)
	busy := metricsOf(c.t, c.manager).sum("controller_runtime_active_workers", ofRequests)
	count(c.t, "hanging_site_workers_held", busy, 0)
	c.others(each)
	<-time.After(watched)
	_, most := c.sites.underWay(c.bad())
	count(c.t, "hanging_site_calls_in_flight_most", float64(most), overloadSlots)
	// Each slot makes one call in 30 s, and the next once that is over.
	count(c.t, "hanging_site_calls", float64(c.sites.published(c.bad())), overloadSlots*(1+float64(watched/hangs)))
	end()
	c.clear()
}

// TestOneSiteHasALongQueue: sites with one post each do not wait for it.
func TestOneSiteHasALongQueue(t *testing.T) {
	blogs, queued := 10, 100
	if *full {
		blogs, queued = 100, 10000
	}
	c := newCrowd(t, blogs, 1) // a queue that goes in batches would be gone too soon
	solo := func(n int) (seconds []float64) {
		for range n {
			seconds = append(seconds, c.others(1).seconds)
		}
		return seconds
	}
	c.others(1)
	if !*full {
		c.queue(queued)
		c.others(1)
		c.countQueue(queued)
		return
	}
	// The queue takes minutes to make: it is there for all the runs in the middle.
	alone := solo(pairs / 2)
	c.sites.takePublishes()
	c.queue(queued)
	beside := solo(pairs)
	c.countQueue(queued)
	c.clear()
	alone = append(alone, solo(pairs-pairs/2)...)
	ratios := make([]float64, pairs)
	for i := range ratios {
		ratios[i] = beside[i] / alone[i]
	}
	note("long_queue_others_alone_seconds", median(alone))
	atMost("long_queue_others_to_alone", ratios, soloTimes)
	c.fleet.remove()
}

// countQueue shows that the queue was there to the end.
func (c *crowd) countQueue(queued int) {
	c.t.Helper()
	_, most := c.sites.underWay(c.bad())
	count(c.t, "long_queue_calls_in_flight_most", float64(most), overloadSlots)
	atLeast(c.t, "long_queue_left_when_others_finished", float64(queued-c.sites.published(c.bad())), 1)
}

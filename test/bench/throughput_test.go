// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"fmt"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/hack/stack"
)

const (
	// throughputGoal is the manager's rate by that of the bare client.
	throughputGoal = 0.75
	// throughputSlots is how many calls a site takes at a time.
	throughputSlots = 4
	// throughputBody is the length of an article, in bytes.
	throughputBody = 4 << 10
)

// race is the manager and the bare client, each with a namespace that the other
// does not see, and with the same sites.
type race struct {
	t       *testing.T
	sites   *sites
	manager *stack.Program
	fleet   *fleet
	seen    *observer
	bare    *bare
	// bareFleet has requests alone: the bare client looks at no integration.
	bareFleet *fleet
	bareSeen  *observer
	n, runs   int
	cpu       []float64
}

// TestThroughput: a queue is drained at nearly the rate of a client that does
// nothing but the calls and the writes.
func TestThroughput(t *testing.T) {
	if !*full {
		t.Log("rates are measured at full size alone")
		return
	}
	// Ten sites that take 4 calls at a time of 50 ms could take 800 posts a second,
	// which is more than the machine has to give; at 400 ms the sites are the limit.
	r := newRace(t, 200, 10)
	r.compare("of_sites", 400*time.Millisecond)
	r.compare("of_cpu", 50*time.Millisecond)
	r.fleet.remove()
}

// compare prints the rate where the limit is that of the sites, or the machine's.
func (r *race) compare(name string, latency time.Duration) {
	r.t.Helper()
	r.sites.delayAll(latency)
	var rates [2][]float64
	r.cpu = nil
	way := func(i int, drain func() float64) func() float64 {
		return func() float64 {
			rates[i] = append(rates[i], drain())
			return rates[i][len(rates[i])-1]
		}
	}
	noLess("throughput_to_bare_at_limit_"+name, paired(pairs, way(0, r.drain), way(1, r.drainBare)), throughputGoal)
	note("throughput_per_second_at_limit_"+name, median(rates[0]))
	note("throughput_bare_per_second_at_limit_"+name, median(rates[1]))
	note("throughput_cpu_ms_each_at_limit_"+name, median(r.cpu))
}

func newRace(t *testing.T, n, blogs int) *race {
	t.Helper()
	s := newBlogs(t, blogs)
	r := &race{t: t, sites: s, n: n}
	r.fleet = newPublishingFleet(t, s.fake.Key(), s.hosts, v1alpha1.Publishing{MaxConcurrent: throughputSlots, BatchSize: 1})
	r.manager = startManager(t, quiet(), "--watch-namespace="+r.fleet.namespace)
	r.fleet.settle(blogs)
	r.seen = observe(t, r.fleet.namespace)
	r.drain() // warms up, and shows what a status looks like
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "bare-"}}
	if err := shared.Client.Create(t.Context(), namespace); err != nil {
		t.Fatal(err)
	}
	r.bareFleet = &fleet{t: t, namespace: namespace.Name}
	r.bareSeen = observe(t, namespace.Name)
	r.bare = newBare(t, s, namespace.Name, throughputSlots, r.statusOfOne())
	r.drainBare()
	return r
}

// statusOfOne is the status of a request that the manager has published.
func (r *race) statusOfOne() *v1alpha1.PublishRequestStatus {
	r.t.Helper()
	r.fleet.request("model", 1, 1, article(throughputBody))
	r.seen.await(r.t, 1)
	request := &v1alpha1.PublishRequest{}
	if err := shared.Client.Get(r.t.Context(), client.ObjectKey{Namespace: r.fleet.namespace, Name: requestName("model", 0)}, request); err != nil {
		r.t.Fatal(err)
	}
	r.fleet.clear()
	return &request.Status
}

// drain has the manager publish a queue that waits for its sites, and returns its
// rate in posts per second.
func (r *race) drain() float64 {
	r.t.Helper()
	r.fleet.suspend(len(r.sites.hosts), true)
	awaitIdle(r.t, r.manager)
	r.runs++
	r.fleet.request(fmt.Sprintf("run-%d", r.runs), r.n, len(r.sites.hosts), article(throughputBody))
	awaitIdle(r.t, r.manager)
	r.seen.reset()
	r.sites.takePublishes()
	busy := cpuSeconds(r.t, r.manager)
	r.fleet.suspend(len(r.sites.hosts), false)
	r.seen.await(r.t, r.n)
	r.cpu = append(r.cpu, 1000*(cpuSeconds(r.t, r.manager)-busy)/float64(r.n))
	rate := r.rate(r.seen)
	r.fleet.clear()
	awaitIdle(r.t, r.manager)
	r.seen.reset()
	return rate
}

// drainBare has the bare client do the same.
func (r *race) drainBare() float64 {
	r.t.Helper()
	r.runs++
	r.bareFleet.request(fmt.Sprintf("run-%d", r.runs), r.n, len(r.sites.hosts), article(throughputBody))
	r.bareSeen.reset()
	r.sites.takePublishes()
	if err := r.bare.drain(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
	r.bareSeen.await(r.t, r.n)
	rate := r.rate(r.bareSeen)
	r.bareFleet.clear()
	r.bareSeen.reset()
	return rate
}

// rate is from the first call to the last write, as others see it.
func (r *race) rate(seen *observer) float64 {
	r.t.Helper()
	calls := r.sites.takePublishes()
	if got := calls.count(""); got != r.n {
		r.t.Fatalf("%d calls, want %d", got, r.n)
	}
	return float64(r.n) / seen.end().Sub(calls.arrivals[0].at).Seconds()
}

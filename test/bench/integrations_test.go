// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/igny8/wordpress-operator/hack/stack"
)

// size is how large a run is.
type size struct {
	integrations         int
	interval, secretPoll time.Duration
	// steady is how long nothing happens.
	steady time.Duration
	// windows is into how many parts an interval is cut to look for bursts.
	windows int
}

// sizeOfRun: at full size an interval has ten windows, as 5 minutes have of 30 s,
// and ten minutes have ten rounds of tests.
func sizeOfRun() size {
	if *full {
		return size{integrations: 1000, interval: time.Minute, secretPoll: 30 * time.Second, steady: 10 * time.Minute, windows: 10}
	}
	return size{integrations: 40, interval: time.Second, secretPoll: time.Second, steady: 2 * time.Second, windows: 2}
}

const (
	// burst is how many times the mean a window may hold.
	burst = 1.6
	// maxPerHost is the client's bound of connections to one host.
	maxPerHost = 16
	// flat is by how much memory and goroutines may grow while nothing happens.
	flat = 1.15
)

func (z size) window() time.Duration { return z.interval / time.Duration(z.windows) }
func (z size) mean() float64         { return float64(z.integrations) / float64(z.windows) }

// round is a time in which every well site is tested at least once.
func (z size) round() time.Duration { return z.interval*11/10 + time.Second }

// TestManyIntegrations: what many sites cost that are well, over time, over a
// restart, beside one that is not, and on one host.
func TestManyIntegrations(t *testing.T) {
	z := sizeOfRun()
	note("integrations", float64(z.integrations))
	b := &bench{size: z, sites: newSites(t, z.integrations)}
	b.manager = startManager(t, z)
	b.fleet = newFleet(t, b.sites.fake.Key(), b.sites.hosts)
	b.fleet.settle(z.integrations)
	applied := b.fleet.writes()
	note("apply_status_writes_each", float64(applied.status+applied.updates)/float64(z.integrations))
	note("apply_events_each", float64(applied.events)/float64(z.integrations))
	t.Run("SteadyState", b.steadyState)
	t.Run("Restart", b.restart)
	t.Run("OneFails", b.oneFails)
	b.fleet.remove()
	if *full { // it has to wait for every call of many in turn
		t.Run("OneHost", b.oneHost)
	}
}

// round waits until all sites but the failing one, if any, have been tested. At
// full size a round's time is part of what is measured; the short variant waits
// as long as a busy machine takes.
func (b *bench) round(t *testing.T, start time.Time, failing string) []probe {
	t.Helper()
	tested := func() bool {
		counts := perHost(b.sites.probesSince(start))
		for _, host := range b.sites.hosts {
			if counts[host] == 0 && host != failing {
				return false
			}
		}
		return true
	}
	<-time.After(b.size.round())
	if !*full {
		await(t, "a round of tests", tested)
	}
	return b.sites.probesSince(start)
}

type bench struct {
	size    size
	sites   *sites
	fleet   *fleet
	manager *stack.Program
}

func (b *bench) steadyState(t *testing.T) {
	<-time.After(b.size.interval) // the first tests were made at once; from now on they are spread
	before, calls, start := b.fleet.writes(), b.sites.total(), time.Now()
	states := []state{stateOf(t, b.manager)}
	for range 2 {
		<-time.After(b.size.steady / 2)
		states = append(states, stateOf(t, b.manager))
	}
	probes := b.sites.probesSince(start)
	if !*full {
		probes = b.round(t, start, "")
	}
	after := b.fleet.writes()
	count(t, "steady_status_writes", float64(after.status-before.status), 0)
	count(t, "steady_writes", float64(after.total-before.total), 0)
	note("steady_daily_structure_updates", float64(after.updates-before.updates))
	atLeast(t, "steady_sites_tested", float64(len(perHost(probes))), float64(b.size.integrations))
	note("steady_probes", float64(len(probes)))
	note("steady_site_calls", float64(b.sites.total()-calls))
	note("steady_calls_per_probe", float64(b.sites.total()-calls)/float64(len(probes)))
	b.burst("steady_worst_window_to_mean", probes)
	printStates(states)
}

func printStates(states []state) {
	for i, name := range []string{"start", "middle", "end"} {
		note(fmt.Sprintf("heap_live_MiB_%s", name), states[i].heap/(1<<20))
		note(fmt.Sprintf("rss_MiB_%s", name), states[i].resident/(1<<20))
		note(fmt.Sprintf("goroutines_%s", name), states[i].goroutines)
	}
	first, last := states[0], states[len(states)-1]
	fullFigure("heap_end_to_start", last.heap/first.heap, flat)
	fullFigure("rss_end_to_start", last.resident/first.resident, flat)
	fullFigure("goroutines_end_to_start", last.goroutines/first.goroutines, flat)
}

// burst shows the worst window beside the mean. A machine that stalls for a part
// of a window makes one of its own; the schedule's own test, whose clock nobody
// waits for, holds the bound (controllers/integration, TestProbes…).
func (b *bench) burst(name string, probes []probe) {
	fullFigure(name, float64(worstWindow(probes, b.size.window()))/b.size.mean(), burst)
}

// restart: nothing is written, no Event is made, and the tests are spread from
// the first moment on.
func (b *bench) restart(t *testing.T) {
	if err := b.manager.Stop(); err != nil {
		t.Fatal(err)
	}
	before, start := b.fleet.writes(), time.Now()
	b.manager = startManager(t, b.size)
	probes := b.round(t, start, "")
	after := b.fleet.writes()
	count(t, "restart_status_writes", float64(after.status-before.status), 0)
	count(t, "restart_events", float64(after.events-before.events), 0)
	count(t, "restart_writes", float64(after.total-before.total), 0)
	atLeast(t, "restart_sites_tested", float64(len(perHost(probes))), float64(b.size.integrations))
	b.burst("restart_worst_window_to_mean", probes)
}

// oneFails: the others are tested as before, and not written to.
func (b *bench) oneFails(t *testing.T) {
	b.manager = startManager(t, b.size)
	failing := b.size.integrations / 2
	before := b.fleet.writes()
	b.sites.fail(b.sites.hosts[failing])
	await(t, "one site fails", func() bool { return b.fleet.connected() == b.size.integrations-1 })
	counts := perHost(b.round(t, time.Now(), b.sites.hosts[failing]))
	delete(counts, b.sites.hosts[failing])
	after := b.fleet.writes()
	count(t, "failing_status_writes", float64(after.status-before.status), 2) // Connected, and Synced
	count(t, "failing_writes_to_others", float64(b.othersWritten(before, after, failing)), 0)
	atLeast(t, "failing_others_tested", float64(len(counts)), float64(b.size.integrations-1))
	count(t, "failing_others_unconnected", float64(b.size.integrations-1-b.fleet.connected()), 0)
	b.sites.fail("")
	await(t, "it is well again", func() bool { return b.fleet.connected() == b.size.integrations })
}

// othersWritten counts the integrations besides one that were written to.
func (b *bench) othersWritten(before, after writes, failing int) int {
	n := 0
	for i := range b.size.integrations {
		if name := nameOf(i); i != failing && after.to[name] > before.to[name] {
			n++
		}
	}
	return n
}

// oneHost: all integrations are on one host, as with a provider of many small
// sites. It is not stormed when they are applied, nor at a restart.
func (b *bench) oneHost(t *testing.T) {
	b.manager = startManager(t, b.size)
	host := newSites(t, 1)
	fleet := newFleet(t, host.fake.Key(), slices.Repeat(host.hosts, b.size.integrations))
	fleet.settle(b.size.integrations)
	count(t, "host_calls_in_flight", float64(host.mostInFlight(host.hosts[0])), maxPerHost)
	if err := b.manager.Stop(); err != nil {
		t.Fatal(err)
	}
	before, start := fleet.writes(), time.Now()
	b.manager = startManager(t, b.size)
	<-time.After(b.size.round())
	probes := host.probesSince(start)
	count(t, "host_restart_writes", float64(fleet.writes().total-before.total), 0)
	atLeast(t, "host_restart_probes", float64(len(probes)), float64(b.size.integrations))
	b.burst("host_restart_worst_window_to_mean", probes)
	count(t, "host_restart_calls_in_flight", float64(host.mostInFlight(host.hosts[0])), maxPerHost)
}

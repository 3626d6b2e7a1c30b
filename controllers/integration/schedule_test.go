// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"container/heap"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/types"
)

const (
	fleetSize = 1000
	// fleetWindow and fleetBurst are the promise: no window of that length holds
	// more than fleetBurst times the mean of the probes.
	fleetWindow = 30 * time.Second
	fleetBurst  = 1.6
	fleetTime   = 6 * time.Hour
)

// TestProbesOfManySitesAreSpread drives the plan of 1,000 sites through hours
// that nobody waits for.
func TestProbesOfManySitesAreSpread(t *testing.T) {
	everyone := func(int, time.Duration) bool { return true }
	cases := map[string]struct {
		reason    string
		knownWell bool
		well      func(site int, since time.Duration) bool
		// stalls is until when nothing is done from an hour on.
		stalls time.Duration
		// from is when the promise begins to hold.
		from time.Duration
	}{
		"Restart": {reason: "all are known to be well: spread from the first moment", knownWell: true, well: everyone},
		"AppliedAtOnce": {reason: "the first probe of a new site is made at once, the next ones are spread", well: everyone,
			from: time.Nanosecond},
		"StoodStill": {reason: "what was due during two minutes is made at once, and not again", knownWell: true, well: everyone,
			stalls: time.Hour + 2*time.Minute, from: time.Hour + 2*time.Minute + time.Second},
		"OneFails": {reason: "one site that fails is tried more often, and moves no other", knownWell: true,
			well: func(site int, _ time.Duration) bool { return site != 7 }},
		"AppliedInAnOutage": {reason: "sites that fail together come back together, and part with the first success",
			from: time.Hour + 2*DefaultIntervals().FailingMax,
			well: func(_ int, since time.Duration) bool { return since > time.Hour }},
		"OutageWhileWell": {reason: "an outage leaves what was spread spread",
			knownWell: true, from: 2*time.Hour + 2*DefaultIntervals().FailingMax,
			well: func(_ int, since time.Duration) bool { return since < time.Hour || since > 2*time.Hour }},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFleet(tc.knownWell, tc.well)
			f.stallEnd = tc.stalls
			f.run(fleetTime)
			mean := float64(fleetSize) * float64(fleetWindow) / float64(DefaultIntervals().Healthy)
			worst, at := f.worstWindow(tc.from)
			t.Logf("%d probes in %s, mean %.0f in %s, at most %d (%.2f times)", len(f.probes), fleetTime, mean, fleetWindow, worst, float64(worst)/mean)
			if float64(worst) > fleetBurst*mean {
				t.Errorf("%d probes within %s at %s, %.2f times the mean; want at most %.1f: %s", worst, fleetWindow, at, float64(worst)/mean, fleetBurst, tc.reason)
			}
		})
	}
}

// fleet replays what reconciles do with the schedule: ask when a site is due,
// probe it then, note the outcome.
type fleet struct {
	schedule *schedule
	start    time.Time
	well     func(site int, since time.Duration) bool
	queue    dueQueue
	probes   []time.Duration
	// stallEnd is until when nothing is done from an hour on; 0 = no stall.
	stallEnd time.Duration
}

func newFleet(knownWell bool, well func(int, time.Duration) bool) *fleet {
	random := rand.New(rand.NewPCG(20261123, 0))
	f := &fleet{schedule: newSchedule(DefaultIntervals(), random.Float64), start: start, well: well}
	for site := range fleetSize {
		f.queue = append(f.queue, dueSite{site, f.schedule.due(siteName(site), "revision", start, knownWell)})
	}
	heap.Init(&f.queue)
	return f
}

func siteName(site int) types.NamespacedName {
	return types.NamespacedName{Namespace: "team", Name: fmt.Sprint(site)}
}

func (f *fleet) run(duration time.Duration) {
	for end := f.start.Add(duration); f.queue[0].due.Before(end); heap.Fix(&f.queue, 0) {
		next := &f.queue[0]
		since := next.due.Sub(f.start)
		if since > time.Hour {
			since = max(since, f.stallEnd)
		}
		now := f.start.Add(since)
		f.probes = append(f.probes, since)
		f.schedule.tested(siteName(next.site), "revision", now, f.well(next.site, since), 0)
		next.due = f.schedule.due(siteName(next.site), "revision", now, true)
	}
}

// worstWindow returns the most probes of any window, and where it begins. A
// window that is not over at the end is none.
func (f *fleet) worstWindow(from time.Duration) (most int, at time.Duration) {
	first := 0
	for last, probe := range f.probes {
		for f.probes[first] <= probe-fleetWindow || f.probes[first] < from {
			if first++; first > last {
				break
			}
		}
		if n := last - first + 1; n > most {
			most, at = n, f.probes[first]
		}
	}
	return most, at
}

type dueSite struct {
	site int
	due  time.Time
}

// dueQueue is a heap, the earliest in front.
type dueQueue []dueSite

func (q dueQueue) Len() int           { return len(q) }
func (q dueQueue) Less(i, j int) bool { return q[i].due.Before(q[j].due) }
func (q dueQueue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }

// Push implements heap.Interface.
func (q *dueQueue) Push(x any) { *q = append(*q, x.(dueSite)) }

// Pop implements heap.Interface.
func (q *dueQueue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

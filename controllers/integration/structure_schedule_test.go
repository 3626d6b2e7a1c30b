// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/types"
)

// halfway is a random number in the middle: no jitter, and half of each spread.
func halfway() float64 { return 0.5 }

func newTestReadings(random func() float64) *readings {
	return newReadings(random, newSchedule(DefaultIntervals(), random).interval, DefaultIntervals().FailingMax)
}

var hourly = readingIntervals{sync: time.Hour, update: 24 * time.Hour}

func TestNextReading(t *testing.T) {
	ago := func(d time.Duration) time.Time { return start.Add(-d) }
	cases := map[string]struct {
		reason string
		facts  readingFacts
		wait   time.Duration
		kind   readingKind
		never  bool
	}{
		"First":             {"nothing is known", readingFacts{unknown: true, resumed: true}, 0, readingUpdate, false},
		"Known":             {"what is left of the interval", readingFacts{lastSync: ago(10 * time.Minute), lastUpdate: ago(10 * time.Minute)}, 50 * time.Minute, readingSync, false},
		"UpdateFirst":       {"the update is due before the sync, and covers it", readingFacts{lastSync: ago(10 * time.Minute), lastUpdate: ago(23*time.Hour + 30*time.Minute)}, 30 * time.Minute, readingUpdate, false},
		"Overdue":           {"quiet syncs are not written down", readingFacts{lastSync: ago(9 * time.Hour), lastUpdate: ago(9 * time.Hour)}, 30 * time.Minute, readingSync, false},
		"UpdateOverdue":     {"the manager was away for days", readingFacts{lastSync: ago(72 * time.Hour), lastUpdate: ago(72 * time.Hour)}, 30 * time.Minute, readingUpdate, false},
		"ClockWentBack":     {"what is said to be read in the future was read some time", readingFacts{lastSync: ago(-72 * time.Hour), lastUpdate: ago(-72 * time.Hour)}, 30 * time.Minute, readingUpdate, false},
		"Off":               {"nobody asks", readingFacts{off: true, unknown: true, resumed: true}, 0, "", true},
		"OffAsked":          {"an annotation asks", readingFacts{off: true, resumed: true, syncRequested: true}, 0, readingSync, false},
		"OffAskedUnknown":   {"a sync of what was never read is an update", readingFacts{off: true, unknown: true, syncRequested: true}, 0, readingUpdate, false},
		"OnAgain":           {"what changed meanwhile is not known", readingFacts{resumed: true, lastSync: ago(time.Minute), lastUpdate: ago(time.Minute)}, 0, readingUpdate, false},
		"Asked":             {"whatever is due", readingFacts{syncRequested: true, lastSync: ago(time.Minute), lastUpdate: ago(time.Minute)}, 0, readingSync, false},
		"AskedForStructure": {"it is more than a sync", readingFacts{syncRequested: true, updateRequested: true}, 0, readingUpdate, false},
		"FailingAtStart":    {"how often it failed is not known any more", readingFacts{failing: true, lastSync: ago(time.Minute), lastUpdate: ago(time.Minute)}, 150 * time.Second, readingUpdate, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			tc.facts.intervals = hourly
			due, kind, ok := newTestReadings(halfway).next(blogName, tc.facts, start)
			if ok == tc.never || kind != tc.kind || !tc.never && due.Sub(start) != tc.wait {
				t.Errorf("%s: %s after %s, %t; want %s after %s", tc.reason, kind, due.Sub(start), ok, tc.kind, tc.wait)
			}
		})
	}
}

func TestFailingReadingsBackOff(t *testing.T) {
	c, facts, now := newTestReadings(halfway), readingFacts{intervals: hourly, unknown: true}, start
	for _, want := range []time.Duration{10 * time.Second, 20 * time.Second, 40 * time.Second} {
		due, kind, _ := c.next(blogName, facts, now)
		now = due
		c.failed(blogName, kind, now, 0)
		if due, kind, _ := c.next(blogName, facts, now); due.Sub(now) != want || kind != readingUpdate {
			t.Errorf("%s again after %s, want after %s", kind, due.Sub(now), want)
		}
	}
	c.failed(blogName, readingUpdate, now, time.Hour)
	if due, _, _ := c.next(blogName, facts, now); due.Sub(now) != time.Hour {
		t.Errorf("again after %s, want after the hour that the site asks for", due.Sub(now))
	}
	c.succeeded(blogName, readingUpdate, now)
	if due, kind, _ := c.next(blogName, readingFacts{intervals: hourly}, now); due.Sub(now) != time.Hour/2 || kind != readingSync {
		t.Errorf("after a success %s after %s, want a sync after half an hour", kind, due.Sub(now))
	}
}

func TestFailedSyncIsTriedAgainBeforeItsInterval(t *testing.T) {
	c, facts := newTestReadings(halfway), readingFacts{intervals: hourly, lastSync: start, lastUpdate: start}
	c.next(blogName, facts, start)
	c.failed(blogName, readingSync, start, 0)
	if due, kind, _ := c.next(blogName, facts, start); due.Sub(start) != 10*time.Second || kind != readingSync {
		t.Errorf("%s after %s, want a sync after 10s", kind, due.Sub(start))
	}
}

func TestChangedIntervalHoldsAtOnce(t *testing.T) {
	c, facts := newTestReadings(halfway), readingFacts{intervals: hourly, lastSync: start, lastUpdate: start}
	c.next(blogName, facts, start)
	facts.intervals.sync = time.Minute
	if due, _, _ := c.next(blogName, facts, start); due.Sub(start) != time.Minute {
		t.Errorf("due after %s, want after the new minute", due.Sub(start))
	}
}

// TestHerdParts: a thousand sites applied at once, and a manager that restarts
// with them, never read many more at a time than on average.
func TestHerdParts(t *testing.T) {
	const sites, window = 1000, 5 * time.Minute
	random := rand.New(rand.NewPCG(1, 2)).Float64
	facts := func(last time.Time) readingFacts {
		return readingFacts{intervals: hourly, lastSync: last, lastUpdate: last, unknown: last.IsZero()}
	}
	count := func(c *readings, last, from time.Time) []int {
		windows := make([]int, 12*time.Hour/window)
		for n := range sites {
			name, now := types.NamespacedName{Name: fmt.Sprint(n)}, from
			for {
				due, kind, _ := c.next(name, facts(last), now)
				if !due.Before(from.Add(12 * time.Hour)) {
					break
				}
				windows[due.Sub(from)/window]++
				c.succeeded(name, kind, due)
				now = due
			}
		}
		return windows
	}
	mean := float64(sites) * float64(window) / float64(time.Hour)
	c := newTestReadings(random)
	for n := range sites {
		name := types.NamespacedName{Name: fmt.Sprint(n)}
		c.next(name, facts(time.Time{}), start)
		c.succeeded(name, readingUpdate, start)
	}
	cases := map[string][]int{
		"Created":   count(c, start, start),
		"Restarted": count(newTestReadings(random), start, start.Add(100*time.Hour)),
	}
	for name, windows := range cases {
		if most := slices.Max(windows); float64(most) > 1.6*mean {
			t.Errorf("%s: %d readings in %s, the mean is %.0f", name, most, window, mean)
		}
	}
}

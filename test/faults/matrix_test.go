// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package faults

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// runs is how often a case is run until it comes to its crash point.
const runs = 4

// score adds up what the cases of a matrix came to.
type score struct {
	mu                sync.Mutex
	points, converged int
	tally             tally
}

func (c *score) add(t tally, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.points++
	c.tally.duplicates += t.duplicates
	c.tally.lost += t.lost
	if err == nil {
		c.converged++
	}
}

// String is the last line of the whole.
func (c *score) String() string {
	return fmt.Sprintf("crash points %d/%d converged, duplicates %d, lost %d", c.converged, c.points, c.tally.duplicates, c.tally.lost)
}

// TestCrashMatrix ends the operator before and after everything that it writes
// and every call that it makes, and has the next one go on.
func TestCrashMatrix(t *testing.T) {
	t.Parallel()
	began := time.Now()
	total := &score{}
	t.Run("Workloads", func(t *testing.T) {
		for _, w := range workloads() {
			t.Run(w.name, func(t *testing.T) {
				t.Parallel()
				w.matrix(t, total)
			})
		}
	})
	fmt.Printf("%s (%s)\n", total, time.Since(began).Round(time.Second))
	if *summary != "" {
		if err := os.WriteFile(*summary, []byte(total.String()+"\n"), 0o644); err != nil {
			t.Error(err)
		}
	}
}

func (w *workload) matrix(t *testing.T, total *score) {
	calm, err := w.calm(t)
	if err != nil {
		t.Fatalf("undisturbed: %v", err)
	}
	all := points(calm.effects)
	chosen := sample(w.name, all, crashShare)
	fmt.Printf("%-10s %3d effects, %3d crash points, %3d of them now: %s\n", w.name, len(calm.effects), len(all), len(chosen), count(calm.effects))
	w.crashAll(t, total, chosen, calm.ending)
}

// crashAll runs the workload once for each point.
func (w *workload) crashAll(t *testing.T, total *score, chosen []point, want ending) {
	for _, p := range chosen {
		t.Run(strings.ReplaceAll(p.String(), "/", "_"), func(t *testing.T) {
			t.Parallel()
			tally, err := w.crash(t, sabotage{}, p, want)
			total.add(tally, err)
			if err != nil {
				t.Error(err)
			}
		})
	}
}

// TestLateCalls has the calls of a process that was ended reach the site when the
// next one is at work already: a web server has queues as well.
func TestLateCalls(t *testing.T) {
	t.Parallel()
	total := &score{}
	t.Run("Workloads", func(t *testing.T) {
		for _, w := range workloads() {
			t.Run(w.name, func(t *testing.T) {
				t.Parallel()
				calm, err := w.calm(t)
				if err != nil {
					t.Fatalf("undisturbed: %v", err)
				}
				w.crashAll(t, total, sample(w.name+" late", lateCalls(calm.effects), lateShare), calm.ending)
			})
		}
	})
	fmt.Println("calls that arrive when their caller is dead:", total)
}

// lateCalls are the points at which a call outlives its caller.
func lateCalls(effects []effect) []point {
	var late []point
	for _, p := range points(effects) {
		if p.moment == before && p.effect.isCall() && !strings.HasPrefix(string(p.effect), http.MethodGet) {
			late = append(late, point{p.effect, p.nth, outlived})
		}
	}
	return late
}

// crash runs the workload with a crash.
func (w *workload) crash(t *testing.T, sabotage sabotage, p point, want ending) (tally, error) {
	var (
		o   outcome
		err error
	)
	for range runs {
		o, err = w.run(t, sabotage, &p, &want)
		if !errors.Is(err, errNotReached) {
			break
		}
	}
	return o.ending.against(want), err
}

// points are the crash points of a record: before and after each effect.
func points(effects []effect) []point {
	seen := map[effect]int{}
	var all []point
	for _, e := range effects {
		seen[e]++
		all = append(all, point{e, seen[e], before}, point{e, seen[e], after})
	}
	return all
}

// count says how often each effect is in a record.
func count(effects []effect) string {
	counts := map[effect]int{}
	var parts []string
	for _, e := range effects {
		counts[e]++
	}
	for _, e := range effects {
		if n := counts[e]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, e))
			delete(counts, e)
		}
	}
	return strings.Join(parts, ", ")
}

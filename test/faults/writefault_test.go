// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package faults

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
)

// fault is what happens to one write.
type fault struct {
	point
	strike strike
}

// TestWriteFaults has each write of each workload fail once, in each way.
func TestWriteFaults(t *testing.T) {
	t.Parallel()
	total := &score{}
	t.Run("Workloads", func(t *testing.T) {
		for _, w := range workloads() {
			t.Run(w.name, func(t *testing.T) {
				t.Parallel()
				w.writeFaults(t, total)
			})
		}
	})
	fmt.Println("writes that fail once:", total)
}

func (w *workload) writeFaults(t *testing.T, total *score) {
	calm, err := w.calm(t)
	if err != nil {
		t.Fatalf("undisturbed: %v", err)
	}
	for _, f := range sample(w.name+" faults", faultsOf(calm.effects), faultShare) {
		name := fmt.Sprintf("%s %s #%d", f.strike, f.effect, f.nth)
		t.Run(strings.ReplaceAll(name, "/", "_"), func(t *testing.T) {
			t.Parallel()
			tally, err := w.strike(t, f, calm.ending)
			total.add(tally, err)
			if err != nil {
				t.Error(err)
			}
		})
	}
}

// strike runs the workload with a fault, until there was one.
func (w *workload) strike(t *testing.T, f fault, want ending) (tally, error) {
	for range runs {
		var struck atomic.Bool
		tally, err := w.sabotaged(t, sabotage{obstruct: f.obstruct(&struck)}, nil, want)
		if err != nil || struck.Load() {
			return tally, err
		}
	}
	return tally{}, errNotReached
}

// faultsOf are the faults of the writes in a record.
func faultsOf(effects []effect) []fault {
	var faults []fault
	for _, p := range points(effects) {
		if p.moment != before || p.effect.isCall() {
			continue
		}
		for _, s := range strikes {
			faults = append(faults, fault{p, s})
		}
	}
	return faults
}

// obstruct has the write fail.
func (f fault) obstruct(struck *atomic.Bool) obstruction {
	return func(s *space, life int, next http.RoundTripper) http.RoundTripper {
		return roundTripper(func(r *http.Request) (*http.Response, error) {
			due := writeOf(r) == f.effect && s.done(life, f.effect) >= f.nth
			if due && struck.CompareAndSwap(false, true) {
				return f.strike.apply(r, next)
			}
			return next.RoundTrip(r)
		})
	}
}

// done counts what an operator has begun since the record began.
func (s *space) done(life int, e effect) int {
	s.mu.Lock()
	l := s.lives[life]
	s.mu.Unlock()
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.count(e)
}

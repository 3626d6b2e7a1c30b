// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package faults

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const (
	// lateness is by how much a late cache lags behind, many times what a
	// reconcile takes.
	lateness = 700 * time.Millisecond
	// pastLasts is how long an operator that was started anew sees the past.
	pastLasts = 1500 * time.Millisecond
)

// TestWatches goes through workloads with caches that do not show what is.
func TestWatches(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		// obstruct counts how often it did what it is for.
		obstruct func(*atomic.Int64) obstruction
		crash    bool
	}{
		"Stale": {"what is seen was so a while ago", func(used *atomic.Int64) obstruction {
			return throughGates(func() gate { return delayed(lateness, used) })
		}, false},
		"Unobserved": {"of several changes only the last is seen", func(used *atomic.Int64) obstruction {
			return throughGates(func() gate { return skipping(lateness, used) })
		}, false},
		"TimeTravel": {"who was started anew sees what was before all that was done", travel, true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			total, used := &score{}, &atomic.Int64{}
			t.Run("Workloads", func(t *testing.T) {
				for _, w := range watched(name, tc.crash) {
					t.Run(w.name, func(t *testing.T) {
						t.Parallel()
						w.watch(t, total, tc.crash, tc.obstruct(used))
					})
				}
			})
			fmt.Printf("%-10s %s, in %d times that %s\n", name, total, used.Load(), tc.reason)
			if used.Load() == 0 {
				t.Errorf("it never happened that %s", tc.reason)
			}
		})
	}
}

// watched chooses the workloads of a case; where crash points are drawn, all.
func watched(name string, crash bool) []*workload {
	if crash {
		return workloads()
	}
	return sample(name, workloads(), watchShare)
}

func throughGates(newGate func() gate) obstruction {
	return func(_ *space, _ int, next http.RoundTripper) http.RoundTripper { return gated(next, newGate) }
}

// watch compares a run with obstructed watches to one without. Who is to travel
// has to be started anew: at each of the chosen crash points.
func (w *workload) watch(t *testing.T, total *score, crash bool, obstruct obstruction) {
	calm, err := w.calm(t)
	if err != nil {
		t.Fatalf("undisturbed: %v", err)
	}
	chosen := []*point{nil}
	if crash {
		chosen = chosen[1:]
		for _, p := range sample(w.name, points(calm.effects), travelShare) {
			chosen = append(chosen, &p)
		}
	}
	for _, p := range chosen {
		t.Run(strings.ReplaceAll(fmt.Sprint("Run ", p), "/", "_"), func(t *testing.T) {
			t.Parallel()
			tally, err := w.sabotaged(t, sabotage{obstruct: obstruct}, p, calm.ending)
			total.add(tally, err)
			if err != nil {
				t.Error(err)
			}
		})
	}
}

// travel has the operators that come after the first begin in the past: they list
// what was when the record began, and what was since comes late.
func travel(used *atomic.Int64) obstruction {
	return func(s *space, life int, next http.RoundTripper) http.RoundTripper {
		if life == 0 {
			return next
		}
		began := time.Now()
		watches := gated(next, func() gate { return delayed(max(0, pastLasts-time.Since(began)), &atomic.Int64{}) })
		var lists atomic.Int64
		return roundTripper(func(r *http.Request) (*http.Response, error) {
			const kinds = 3
			switch {
			case !ours(r):
				return next.RoundTrip(r)
			case r.URL.Query().Get("sendInitialEvents") == "true":
				return refuseStreaming(r), nil
			case isList(r) && lists.Add(1) <= kinds:
				used.Add(1)
				return next.RoundTrip(s.inThePast(r))
			}
			return watches.RoundTrip(r)
		})
	}
}

// inThePast asks for a list as it was.
func (s *space) inThePast(r *http.Request) *http.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	r = r.Clone(r.Context())
	query := r.URL.Query()
	query.Set("resourceVersion", s.armedVersion)
	query.Set("resourceVersionMatch", string(metav1.ResourceVersionMatchExact))
	r.URL.RawQuery = query.Encode()
	return r
}

// refuseStreaming answers as an API server that cannot send a list as a watch;
// the client lists then.
func refuseStreaming(r *http.Request) *http.Response {
	return answer(r, http.StatusUnprocessableEntity, metav1.StatusReasonInvalid, "sendInitialEvents is forbidden")
}

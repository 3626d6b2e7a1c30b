// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package faults

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
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
	cases := map[string]struct {
		reason   string
		obstruct obstruction
	}{
		"Stale": {"what is seen was so a while ago", func(_ *space, _ int, next http.RoundTripper) http.RoundTripper {
			return gated(next, func() gate { return late(lateness) })
		}},
		"Unobserved": {"of several changes only the last is seen", func(_ *space, _ int, next http.RoundTripper) http.RoundTripper {
			return gated(next, func() gate { return skipping(lateness) })
		}},
		"TimeTravel": {"who was started anew sees what was before all that was done", travel},
	}
	total := &score{}
	t.Run("Workloads", func(t *testing.T) {
		for name, tc := range cases {
			for _, w := range workloads() {
				t.Run(name+"/"+w.name, func(t *testing.T) {
					t.Parallel()
					w.watched(t, total, name == "TimeTravel", tc.obstruct)
				})
			}
		}
	})
	fmt.Println("stale, unobserved and time-travelled states:", total)
}

// watched compares a run with obstructed watches to one without. Who is to travel
// has to be started anew: at each of the chosen crash points.
func (w *workload) watched(t *testing.T, total *score, crash bool, obstruct obstruction) {
	calm, err := w.run(t, sabotage{}, nil, nil)
	if err != nil {
		t.Fatalf("undisturbed: %v", err)
	}
	chosen := []*point{nil}
	if crash {
		chosen = chosen[1:]
		for _, p := range sample(w.name, points(calm.effects)) {
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
func travel(s *space, life int, next http.RoundTripper) http.RoundTripper {
	if life == 0 {
		return next
	}
	began := time.Now()
	watches := gated(next, func() gate { return late(max(0, pastLasts-time.Since(began))) })
	var lists atomic.Int64
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		const kinds = 3
		switch {
		case !ours(r):
			return next.RoundTrip(r)
		case r.URL.Query().Get("sendInitialEvents") == "true":
			return refuseStreaming(r), nil
		case isList(r) && lists.Add(1) <= kinds:
			return next.RoundTrip(s.inThePast(r))
		}
		return watches.RoundTrip(r)
	})
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

// answer is one of the API server's own errors.
func answer(r *http.Request, code int32, reason metav1.StatusReason, message string) *http.Response {
	body, err := json.Marshal(&metav1.Status{
		TypeMeta: metav1.TypeMeta{Kind: "Status", APIVersion: "v1"},
		Status:   metav1.StatusFailure, Code: code, Reason: reason, Message: message,
	})
	if err != nil {
		panic(err) // a struct of strings: cannot fail
	}
	return &http.Response{
		Status: http.StatusText(int(code)), StatusCode: int(code), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(bytes.NewReader(body)), Request: r,
	}
}

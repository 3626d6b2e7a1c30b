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
	"testing"
	"time"

	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

// sabotage takes away something that crashes are survived by; the zero value
// takes nothing.
type sabotage struct {
	site     []wordpresstest.Option
	obstruct obstruction
	// patience is how long is waited for what will not come.
	patience time.Duration
}

// teethPatience is enough for what needs no sabotage: a tenth of it, on an idle
// machine.
const teethPatience = 20 * time.Second

// TestMatrixHasTeeth takes away, one after the other, what exactly one post
// follows from, and shows that the matrix then fails: where a point is named,
// with a crash there, otherwise without any.
func TestMatrixHasTeeth(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason   string
		sabotage sabotage
		workload string
		point    *point
		want     string // part of what the matrix says
	}{
		"NoReservation": {
			"a post whose answer was lost is made again", broken(wordpresstest.PromiseOnePost), "create",
			&point{"POST publish", 1, after}, "duplicates 1, lost 0",
		},
		"NoReservationAtTheWrite": {
			"so is one that was never written down", broken(wordpresstest.PromiseOnePost), "create",
			&point{"patch publishrequests/status", 1, before}, "duplicates 1, lost 0",
		},
		"NoImageDigest": {
			"an image whose answer was lost is uploaded again, and so is one that two posts share", broken(wordpresstest.PromiseOneImage), "images",
			&point{"POST media", 1, after}, "duplicates 2, lost 0",
		},
		"NoAdoption": {
			"who is not told which post there is cannot go on", broken(wordpresstest.PromiseExistingPost), "create",
			&point{"POST publish", 1, after}, "crash points 0/1 converged",
		},
		"NoIfMatch": {
			"what a person wrote at the site is gone", broken(wordpresstest.PromiseIfMatch), "conflict",
			nil, "crash points 0/1 converged",
		},
		"AttemptsNotPersisted": {
			"the attempts do not end", sabotage{obstruct: forgetAttempts, patience: teethPatience}, "retry",
			nil, "crash points 0/1 converged",
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := named(t, tc.workload)
			calm, err := w.calm(t)
			if err != nil {
				t.Fatalf("undisturbed: %v", err)
			}
			result := &score{}
			result.add(w.sabotaged(t, tc.sabotage, tc.point, calm.ending))
			if !strings.Contains(result.String(), tc.want) {
				t.Errorf("%s, and the matrix does not notice: %s, want %s", tc.reason, result, tc.want)
			}
			fmt.Printf("%-24s %s\n", name, result)
		})
	}
}

func (w *workload) sabotaged(t *testing.T, sabotage sabotage, p *point, want ending) (tally, error) {
	if p == nil {
		o, err := w.run(t, sabotage, nil, &want)
		return o.ending.against(want), err
	}
	return w.crash(t, sabotage, *p, want)
}

func broken(promise wordpresstest.Promise) sabotage {
	return sabotage{site: []wordpresstest.Option{wordpresstest.WithBroken(promise)}, patience: teethPatience}
}

func named(t *testing.T, name string) *workload {
	t.Helper()
	for _, w := range workloads() {
		if w.name == name {
			return w
		}
	}
	t.Fatalf("there is no workload %q", name)
	return nil
}

// forgetAttempts takes the attempts out of every status that is written.
func forgetAttempts(_ *space, _ int, next http.RoundTripper) http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		if writeOf(r) != "patch publishrequests/status" {
			return next.RoundTrip(r)
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		var patch map[string]any
		if err := json.Unmarshal(body, &patch); err != nil {
			return nil, err
		}
		if status, ok := patch["status"].(map[string]any); ok {
			delete(status, "attempts")
		}
		if body, err = json.Marshal(patch); err != nil {
			return nil, err
		}
		r = r.Clone(r.Context())
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
		return next.RoundTrip(r)
	})
}

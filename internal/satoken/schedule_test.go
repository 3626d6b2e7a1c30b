// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package satoken

import (
	"testing"
	"time"
)

func TestRenewDelay(t *testing.T) {
	tests := map[string]struct {
		reason   string
		lifetime time.Duration
		random   float64
		want     time.Duration
	}{
		"Hour":       {reason: "80 % without jitter", lifetime: time.Hour, want: 48 * time.Minute},
		"Jitter":     {reason: "the jitter only shortens", lifetime: time.Hour, random: 1, want: 45 * time.Minute},
		"Shortest":   {reason: "two minutes stay for retries", lifetime: MinLifetime, want: 8 * time.Minute},
		"ClockAhead": {reason: "an expiry in the past must not become a busy loop", lifetime: -time.Hour, want: time.Minute},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got := renewDelay(start, start.Add(tc.lifetime), tc.random)
			if diff := (got - tc.want).Abs(); diff > time.Microsecond {
				t.Errorf("%s: renewDelay() = %v, want %v", tc.reason, got, tc.want)
			}
		})
	}
}

func TestBackoffIsBounded(t *testing.T) {
	backoff := newBackoff()
	for attempt := range 20 {
		delay := backoff.Step()
		if delay < time.Second || delay > 45*time.Second {
			t.Errorf("attempt %d: delay %v, want between 1 s and 30 s and a half more", attempt, delay)
		}
	}
}

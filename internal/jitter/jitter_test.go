// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package jitter

import (
	"testing"
	"time"
)

func TestBounds(t *testing.T) {
	cases := map[string]struct {
		delay     func(Random) time.Duration
		low, high time.Duration
	}{
		"Within": {func(r Random) time.Duration { return r.Within(100) }, 0, 100},
		"Extend": {func(r Random) time.Duration { return r.Extend(100, 0.25) }, 100, 125},
		"Around": {func(r Random) time.Duration { return r.Around(100, 0.05) }, 95, 105},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := tc.delay(func() float64 { return 0 }); got != tc.low {
				t.Errorf("at 0: %d, want %d", got, tc.low)
			}
			if got := tc.delay(func() float64 { return 1 }); got != tc.high {
				t.Errorf("at 1: %d, want %d", got, tc.high)
			}
		})
	}
}

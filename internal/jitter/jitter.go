// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package jitter spreads delays, so that what was started together does not
// come back together.
package jitter

import "time"

// Random returns a number in [0, 1), as math/rand/v2.Float64 does.
type Random func() float64

// Within returns a time between nothing and d.
func (r Random) Within(d time.Duration) time.Duration {
	return time.Duration(r() * float64(d))
}

// Extend returns d and at most the given share of it more.
func (r Random) Extend(d time.Duration, share float64) time.Duration {
	return d + time.Duration(r()*share*float64(d))
}

// Around returns d, give or take at most the given share of it.
func (r Random) Around(d time.Duration, share float64) time.Duration {
	return d + time.Duration((2*r()-1)*share*float64(d))
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package satoken

import (
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
)

const (
	// DefaultLifetime is asked for when Minter.Lifetime is zero: long enough for the
	// sidecar to outlast a manager that restarts for minutes, short enough that a stolen
	// token is soon worthless. Kubelet asks for the same (3607 s).
	DefaultLifetime = time.Hour

	// MinLifetime is the shortest lifetime that the API server grants
	// (k8s.io/kubernetes pkg/apis/authentication/validation: 10 minutes).
	MinLifetime = 10 * time.Minute

	// A token is renewed between 75 and 80 % of its lifetime. Kubelet renews its
	// projected tokens at 80 %; the jitter goes downwards because client-go may go on
	// using a file it has read for another minute, and at the shortest lifetime 20 %
	// leave just two.
	renewFraction = 0.80
	renewJitter   = 0.05

	// minDelay is for a clock that runs ahead of the API server's: every token then looks
	// as if it were over, and renewing without a pause would flood the API server.
	minDelay = time.Minute
)

// renewDelay returns how long after now a token that expires at expiry is to be
// renewed. random is in [0,1).
func renewDelay(now, expiry time.Time, random float64) time.Duration {
	left := float64(expiry.Sub(now))
	return max(time.Duration(left*(renewFraction-renewJitter*random)), minDelay)
}

// newBackoff returns the delays between failed attempts: 1 s, doubled up to 30 s, each
// up to half as long again. The cap keeps the renewal of even the shortest token (two
// minutes before its end) good for several attempts.
func newBackoff() wait.Backoff {
	return wait.Backoff{Duration: time.Second, Factor: 2, Jitter: 0.5, Steps: 10, Cap: 30 * time.Second}
}

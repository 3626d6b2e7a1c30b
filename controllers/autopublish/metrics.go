// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package autopublish

import "github.com/prometheus/client_golang/prometheus"

// newReleased returns the counter of released requests, registered. It has no
// label for the integration: their number is unbounded.
func newReleased(registry prometheus.Registerer) prometheus.Counter {
	released := prometheus.NewCounter(prometheus.CounterOpts{
		Name: "igny8_autopublish_released_total",
		Help: "Requests that runs of auto-publish have released.",
	})
	registry.MustRegister(released)
	return released
}

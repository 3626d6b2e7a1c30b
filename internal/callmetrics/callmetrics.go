// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package callmetrics counts and times the calls to sites.
package callmetrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/igny8/wordpress-operator/internal/outcome"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// succeeded is the result of a call that failed in no way.
const succeeded = "Succeeded"

// Calls is a histogram of how long calls to sites take, by what they are for and
// what they came to. It has no label for the site: their number is unbounded.
type Calls struct {
	seconds *prometheus.HistogramVec
}

// New returns Calls, registered.
func New(registry prometheus.Registerer) *Calls {
	seconds := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "igny8_site_call_duration_seconds",
		Help: "How long calls to sites took, in seconds, by purpose and by result: Succeeded, or the reason of the failure.",
		// From a fast answer of PHP to the longest transport.timeoutSeconds; 30 is
		// its default.
		Buckets: []float64{.025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 120, 300},
	}, []string{"purpose", "result"})
	registry.MustRegister(seconds)
	return &Calls{seconds: seconds}
}

// Observe takes one call; its result is nil or an error of the site's client. A
// call that was given up because the process stops says nothing about its site.
func (c *Calls) Observe(purpose string, err error, took time.Duration) {
	if wordpress.KindOf(err) == wordpress.KindCanceled {
		return
	}
	result := succeeded
	if err != nil {
		result = outcome.Of(err).Reason
	}
	c.seconds.WithLabelValues(purpose, result).Observe(took.Seconds())
}

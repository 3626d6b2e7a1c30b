// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package sitegate

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Stats counts what a Dispatcher holds at one moment.
type Stats struct {
	Waiting, InFlight, Paused int
	// Open counts the sites whose breaker is open or half open; they count as
	// paused while it is open.
	Open int
}

// Queue is the state of one site's gate at one moment.
type Queue struct {
	Waiting, InFlight int
	Breaker           BreakerState
	// NextProbeTime is when a site whose breaker is open is tried again.
	NextProbeTime time.Time
}

// Queue returns the state of one site's gate.
func (d *Dispatcher[O]) Queue(siteName string) Queue {
	d.mu.Lock()
	defer d.mu.Unlock()
	s, ok := d.sites[siteName]
	if !ok {
		return Queue{Breaker: BreakerClosed}
	}
	q := Queue{Waiting: len(s.waiting), InFlight: s.inFlight, Breaker: s.breaker.state(d.opts.Clock.Now())}
	if q.Breaker == BreakerOpen {
		q.NextProbeTime = s.breaker.until
	}
	return q
}

// Stats returns the present counts: tickets waiting, calls running, and sites
// that are paused.
func (d *Dispatcher[O]) Stats() Stats {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sweep()
	stats := Stats{InFlight: d.inFlight}
	now := d.opts.Clock.Now()
	for _, s := range d.sites {
		stats.Waiting += len(s.waiting)
		if s.paused(now) {
			stats.Paused++
		}
		if s.breaker.state(now) != BreakerClosed {
			stats.Open++
		}
	}
	return stats
}

// Collector exports the Stats of a Dispatcher. Its series are labelled with what
// the dispatcher is for, never with a site: the number of sites is unbounded.
func Collector(purpose string, stats func() Stats) prometheus.Collector {
	gauge := func(name, help string) *prometheus.Desc {
		return prometheus.NewDesc("igny8_sitegate_"+name, help, nil, prometheus.Labels{"purpose": purpose})
	}
	return &collector{
		stats:    stats,
		waiting:  gauge("waiting_tickets", "Calls to sites that wait for their turn."),
		inFlight: gauge("in_flight_calls", "Calls to sites that are under way."),
		paused:   gauge("paused_sites", "Sites that are not called for now (Retry-After, refused credentials, open breaker)."),
		open:     gauge("open_breakers", "Sites whose circuit breaker is open or half open."),
	}
}

type collector struct {
	stats                           func() Stats
	waiting, inFlight, paused, open *prometheus.Desc
}

// Describe implements prometheus.Collector.
func (c *collector) Describe(ch chan<- *prometheus.Desc) {
	ch <- c.waiting
	ch <- c.inFlight
	ch <- c.paused
	ch <- c.open
}

// Collect implements prometheus.Collector.
func (c *collector) Collect(ch chan<- prometheus.Metric) {
	s := c.stats()
	ch <- prometheus.MustNewConstMetric(c.waiting, prometheus.GaugeValue, float64(s.Waiting))
	ch <- prometheus.MustNewConstMetric(c.inFlight, prometheus.GaugeValue, float64(s.InFlight))
	ch <- prometheus.MustNewConstMetric(c.paused, prometheus.GaugeValue, float64(s.Paused))
	ch <- prometheus.MustNewConstMetric(c.open, prometheus.GaugeValue, float64(s.Open))
}

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
	return s.queue(d.opts.Clock.Now())
}

// Stats returns the present counts: tickets waiting, calls running, and sites
// that are paused.
func (d *Dispatcher[O]) Stats() Stats {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sweep()
	stats := Stats{InFlight: d.shares.inFlight, Waiting: d.behindOthers()}
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

// Refusals counts the tickets that had to wait when they were left, by the first
// of these that applied.
type Refusals struct {
	// Breaker: the site's breaker was open, or half open with its probe under way.
	Breaker int
	// Pause: the site asked for it, or refused the credentials.
	Pause int
	// Rate: its calls are spaced.
	Rate int
	// Busy: as many calls were under way, or waited, as it takes at once.
	Busy int
}

// note counts a ticket that is about to wait for the site.
func (r *Refusals) note(state gateState) {
	switch state {
	case gateBreaker:
		r.Breaker++
	case gatePaused:
		r.Pause++
	case gateSpaced:
		r.Rate++
	case gateBusy:
		r.Busy++
	case gateOpen:
	}
}

// Refusals returns the counts since the dispatcher was made.
func (d *Dispatcher[O]) Refusals() Refusals {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.refusals
}

// Queues returns the state of every gate at which something waits or runs, or
// whose breaker is not closed, by the name of the site.
func (d *Dispatcher[O]) Queues() map[string]Queue {
	d.mu.Lock()
	defer d.mu.Unlock()
	queues := map[string]Queue{}
	now := d.opts.Clock.Now()
	for name, s := range d.sites {
		if q := s.queue(now); !s.idle() || q.Breaker != BreakerClosed {
			queues[name] = q
		}
	}
	return queues
}

func (s *site[O]) queue(now time.Time) Queue {
	q := Queue{Waiting: len(s.waiting), InFlight: s.inFlight, Breaker: s.breaker.state(now)}
	if q.Breaker == BreakerOpen {
		q.NextProbeTime = s.breaker.until
	}
	return q
}

// Source is what a Collector exports; a Dispatcher is one.
type Source interface {
	Stats() Stats
	Refusals() Refusals
}

// Collector exports what a dispatcher holds and held back. Its series are
// labelled with what the dispatcher is for, never with a site: the number of
// sites is unbounded.
func Collector(purpose string, source Source) prometheus.Collector {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("igny8_sitegate_"+name, help, labels, prometheus.Labels{"purpose": purpose})
	}
	return &collector{
		source:   source,
		waiting:  desc("waiting_tickets", "Calls to sites that wait for their turn."),
		inFlight: desc("in_flight_calls", "Calls to sites that are under way."),
		paused:   desc("paused_sites", "Sites that are not called for now (Retry-After, refused credentials, open breaker)."),
		open:     desc("open_breakers", "Sites whose circuit breaker is open or half open."),
		refused:  desc("refused_total", "Calls to sites that could not start when they were asked for, by what kept them.", "reason"),
	}
}

type collector struct {
	source                                   Source
	waiting, inFlight, paused, open, refused *prometheus.Desc
}

// Describe implements prometheus.Collector.
func (c *collector) Describe(ch chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{c.waiting, c.inFlight, c.paused, c.open, c.refused} {
		ch <- desc
	}
}

// Collect implements prometheus.Collector.
func (c *collector) Collect(ch chan<- prometheus.Metric) {
	s := c.source.Stats()
	for desc, n := range map[*prometheus.Desc]int{c.waiting: s.Waiting, c.inFlight: s.InFlight, c.paused: s.Paused, c.open: s.Open} {
		ch <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, float64(n))
	}
	r := c.source.Refusals()
	for reason, n := range map[string]int{"Breaker": r.Breaker, "Pause": r.Pause, "Rate": r.Rate, "Busy": r.Busy} {
		ch <- prometheus.MustNewConstMetric(c.refused, prometheus.CounterValue, float64(n), reason)
	}
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package progress

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// seriesLife is how long the series of a batch stay after it was complete: long
// enough to be scraped at any interval, and to be seen on a dashboard.
const seriesLife = time.Hour

// Collector exports what the status of each integration says of queue and batches,
// at the time of the scrape. A queue that is not worth telling has no series, nor
// has a batch that is not among an integration's newest ten, or was complete for
// an hour: there are as many series as there is work, not as there ever was. Only
// the elected manager exports; its standbys have the same cache.
func Collector(cache client.Reader, elected <-chan struct{}, clock clock.PassiveClock) prometheus.Collector {
	gauge := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc(name, help, append([]string{"namespace", "name"}, labels...), nil)
	}
	return &collector{
		cache: cache, elected: elected, clock: clock,
		waiting:  gauge("igny8_integration_waiting_requests", "Requests that wait for a site, where some have for ten seconds or more."),
		inFlight: gauge("igny8_integration_in_flight_calls", "Calls to a site that are under way, where some have waited for ten seconds or more."),
		breaker:  gauge("igny8_integration_open_breaker", "1 where the circuit breaker of a site is open or half open.", "state"),
		batch:    gauge("igny8_batch_requests", "Requests of a batch by what became of them.", "batch", "state"),
	}
}

type collector struct {
	cache   client.Reader
	elected <-chan struct{}
	clock   clock.PassiveClock

	waiting, inFlight, breaker, batch *prometheus.Desc
}

// Describe implements prometheus.Collector.
func (c *collector) Describe(ch chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{c.waiting, c.inFlight, c.breaker, c.batch} {
		ch <- desc
	}
}

// Collect implements prometheus.Collector.
func (c *collector) Collect(ch chan<- prometheus.Metric) {
	select {
	case <-c.elected:
	default:
		return
	}
	list := &v1alpha1.WordPressIntegrationList{}
	// Nothing is changed: no need to copy a thousand objects at each scrape.
	if err := c.cache.List(context.Background(), list, client.UnsafeDisableDeepCopy); err != nil {
		ch <- prometheus.NewInvalidMetric(c.waiting, err)
		return
	}
	for i := range list.Items {
		c.collectQueue(ch, &list.Items[i])
		c.collectBatches(ch, &list.Items[i])
	}
}

func (c *collector) collectQueue(ch chan<- prometheus.Metric, integration *v1alpha1.WordPressIntegration) {
	q := integration.Status.Queue
	if q.Breaker == "" {
		return
	}
	export(ch, c.waiting, q.Waiting, integration)
	export(ch, c.inFlight, q.InFlight, integration)
	if q.Breaker != v1alpha1.BreakerClosed {
		export(ch, c.breaker, 1, integration, string(q.Breaker))
	}
}

func (c *collector) collectBatches(ch chan<- prometheus.Metric, integration *v1alpha1.WordPressIntegration) {
	for _, b := range integration.Status.Batches {
		if !b.CompletionTime.IsZero() && c.clock.Since(b.CompletionTime.Time) > seriesLife {
			continue
		}
		export(ch, c.batch, b.Pending, integration, b.Name, "Pending")
		export(ch, c.batch, b.Published, integration, b.Name, "Published")
		export(ch, c.batch, b.Failed, integration, b.Name, "Failed")
	}
}

func export(ch chan<- prometheus.Metric, desc *prometheus.Desc, n int32, integration *v1alpha1.WordPressIntegration, labels ...string) {
	labels = append([]string{integration.Namespace, integration.Name}, labels...)
	ch <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, float64(n), labels...)
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/sitegate"
)

// Collectors export what the controller knows: the calls that wait and run, by
// what they are for, and the integrations.
func (r *Reconciler) Collectors(cache client.Reader, elected <-chan struct{}) []prometheus.Collector {
	return []prometheus.Collector{
		sitegate.Collector("connection-test", r.tests),
		sitegate.Collector("rotate-key", r.rotations),
		sitegate.Collector("structure", r.structures),
		r.Collector(cache, elected),
	}
}

// Collector exports what the cache says of all integrations, at the time of the
// scrape: nothing is kept, so an integration that is gone leaves no series. Only
// the elected manager exports; its standbys have the same cache, and a sum would
// count each integration as often as there are replicas.
func (r *Reconciler) Collector(cache client.Reader, elected <-chan struct{}) prometheus.Collector {
	gauge := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc(name, help, labels, nil)
	}
	return &collector{
		cache: cache, elected: elected, contact: r.sightings.contact,
		conditions:  gauge("igny8_integrations", "Integrations by the type, status and reason of their conditions.", "condition", "status", "reason"),
		suspended:   gauge("igny8_integrations_suspended", "Integrations that are suspended; their conditions are those of before."),
		lastContact: gauge("igny8_integration_last_contact_timestamp_seconds", "When the plugin at the site last answered, as Unix time.", "namespace", "name"),
		lastSync:    gauge("igny8_integration_last_sync_timestamp_seconds", "When the site was last read in full, as Unix time.", "namespace", "name"),
		keySince:    gauge("igny8_integration_key_accepted_timestamp_seconds", "Since when the site accepts the present API key, as Unix time.", "namespace", "name"),
	}
}

type collector struct {
	cache   client.Reader
	elected <-chan struct{}
	contact func(*v1alpha1.WordPressIntegration) time.Time

	conditions, suspended, lastContact, lastSync, keySince *prometheus.Desc
}

// Describe implements prometheus.Collector.
func (c *collector) Describe(ch chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{c.conditions, c.suspended, c.lastContact, c.lastSync, c.keySince} {
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
		ch <- prometheus.NewInvalidMetric(c.conditions, err)
		return
	}
	c.collectCounts(ch, list.Items)
	for i := range list.Items {
		c.collectTimes(ch, &list.Items[i])
	}
}

// series is one combination of labels of the counts.
type series struct{ condition, status, reason string }

func (c *collector) collectCounts(ch chan<- prometheus.Metric, integrations []v1alpha1.WordPressIntegration) {
	counts, suspended := map[series]int{}, 0
	for i := range integrations {
		for _, condition := range integrations[i].Status.Conditions {
			counts[series{condition.Type, string(condition.Status), condition.Reason}]++
		}
		if integrations[i].Spec.Suspend {
			suspended++
		}
	}
	for s, n := range counts {
		ch <- prometheus.MustNewConstMetric(c.conditions, prometheus.GaugeValue, float64(n), s.condition, s.status, s.reason)
	}
	ch <- prometheus.MustNewConstMetric(c.suspended, prometheus.GaugeValue, float64(suspended))
}

func (c *collector) collectTimes(ch chan<- prometheus.Metric, integration *v1alpha1.WordPressIntegration) {
	times := map[*prometheus.Desc]time.Time{c.keySince: acceptedSince(integration.Status.Keys)}
	if !integration.Spec.Suspend { // whose silence is what somebody wants
		times[c.lastContact] = c.contact(integration)
		times[c.lastSync] = integration.Status.LastSyncTime.Time
	}
	for desc, at := range times {
		if !at.IsZero() {
			ch <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, float64(at.Unix()), integration.Namespace, integration.Name)
		}
	}
}

// acceptedSince is when the site came to accept the newest key it accepts.
func acceptedSince(keys []v1alpha1.APIKeyStatus) time.Time {
	var since time.Time
	for _, key := range keys {
		if key.State == v1alpha1.APIKeyStateAccepted && key.SinceTime.After(since) {
			since = key.SinceTime.Time
		}
	}
	return since
}

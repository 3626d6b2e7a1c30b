// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package webhookserver

import (
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

const (
	// noRoute is the route label of requests that no route took.
	noRoute = "none"
	// otherMethod is the method label of methods that HTTP does not define.
	otherMethod = "other"
)

type requestMetrics struct {
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
}

// newRequestMetrics registers the metrics of the site-facing listener.
func newRequestMetrics(registry prometheus.Registerer) (*requestMetrics, error) {
	m := &requestMetrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "igny8_webhookserver_requests_total",
			Help: "Requests answered on the site-facing listener, by route, method and status.",
		}, []string{"route", "method", "code"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "igny8_webhookserver_request_duration_seconds",
			Help: "Time from the end of a request's headers to the end of its answer, by route.",
		}, []string{"route"}),
	}
	for _, collector := range []prometheus.Collector{m.requests, m.duration} {
		if err := registry.Register(collector); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (m *requestMetrics) observe(route, method, code string, elapsed time.Duration) {
	m.requests.WithLabelValues(route, method, code).Inc()
	m.duration.WithLabelValues(route).Observe(elapsed.Seconds())
}

// routeLabel is the path of the route: as many values as there are routes.
func routeLabel(pattern string) string {
	path := strings.TrimSuffix(strings.TrimSuffix(pattern, exactly), "/")
	if path == "" {
		return noRoute
	}
	return path + "/"
}

// methodLabel keeps a caller from making a time series of each word it thinks of.
func methodLabel(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
		http.MethodDelete, http.MethodOptions, http.MethodConnect, http.MethodTrace:
		return method
	default:
		return otherMethod
	}
}

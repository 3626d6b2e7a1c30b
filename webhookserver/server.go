// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package webhookserver

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/go-logr/logr"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/certwatcher"
)

// Source is what the server answers from: it is kept fresh while the server runs, and
// the server is ready when it is. Integrations is one.
type Source interface {
	Start(ctx context.Context) error
	Ready(r *http.Request) error
}

// Registry takes the server's metrics and gives all there are to the metrics listener.
type Registry interface {
	prometheus.Registerer
	prometheus.Gatherer
}

// Options are what a Server is made of. All are required but TLS.
type Options struct {
	// SiteAddress, HealthAddress and MetricsAddress are host:port of the listeners.
	SiteAddress    string
	HealthAddress  string
	MetricsAddress string
	// TLS serves HTTPS on the site-facing listener.
	TLS TLSOptions
	// MaxConnections bounds the connections of the site-facing listener.
	MaxConnections int
	// DrainDelay is how long the server goes on serving after it has said that it is
	// not ready: the time endpoints and Ingress need to notice.
	DrainDelay time.Duration
	// ShutdownTimeout bounds the wait for requests in flight after that.
	ShutdownTimeout time.Duration
	// Source is what the routes answer from.
	Source Source
	// Registry holds the metrics.
	Registry Registry
	// Clock tells the time.
	Clock clock.Clock
	// Log is told about requests, starts and stops.
	Log logr.Logger
}

// Server is the webhookserver with its sockets open.
type Server struct {
	options      Options
	health       *health
	certificates *certwatcher.CertWatcher
	site         *listener
	probes       *listener
	metrics      *listener
}

// New opens the three sockets, so that a port that is taken is an error of the start.
func New(o Options) (*Server, error) {
	s := &Server{
		options: o,
		health:  newHealth(o.Source.Ready, o.Log),
	}
	if err := s.open(); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

func (s *Server) open() (err error) {
	if s.site, err = s.listenForSites(); err != nil {
		return err
	}
	if s.probes, err = listen("probes", s.options.HealthAddress, s.health.handler(), s.options.Log); err != nil {
		return err
	}
	s.metrics, err = listen("metrics", s.options.MetricsAddress, metricsHandler(s.options.Registry), s.options.Log)
	return err
}

func (s *Server) listenForSites() (*listener, error) {
	handler, err := s.siteHandler(routes())
	if err != nil {
		return nil, err
	}
	if s.certificates, err = s.options.TLS.newCertWatcher(); err != nil {
		return nil, err
	}
	site, err := listen("sites", s.options.SiteAddress, handler, s.options.Log)
	if err != nil {
		return nil, err
	}
	site.limitConnections(s.options.MaxConnections)
	if s.certificates != nil {
		site.useTLS(s.certificates)
	}
	return site, nil
}

// routes returns the routes of the site-facing listener: none so far, so that every path
// is answered with a 404.
func routes() []Route { return nil }

// siteHandler puts the routes behind what every request goes through.
func (s *Server) siteHandler(routes []Route) (http.Handler, error) {
	metrics, err := newRequestMetrics(s.options.Registry)
	if err != nil {
		return nil, fmt.Errorf("register metrics: %w", err)
	}
	log := s.options.Log
	handler := recoverPanics(newRouter(routes, log), log)
	return observer{metrics: metrics, clock: s.options.Clock, log: log}.wrap(handler), nil
}

func metricsHandler(registry Registry) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	return mux
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package faults

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"k8s.io/client-go/rest"
	"k8s.io/utils/ptr"
	ctrl "sigs.k8s.io/controller-runtime"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"

	"github.com/igny8/wordpress-operator/controllers"
	"github.com/igny8/wordpress-operator/controllers/integration"
	"github.com/igny8/wordpress-operator/internal/fetch"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

const (
	// startPatience bounds the start of a process: listing what there is.
	startPatience = time.Minute
	// endPatience bounds the end of one: nothing it does works any more.
	endPatience = 30 * time.Second
)

// intervals: a site that is well is not tested again within a case, one that is
// not is tested soon.
var intervals = integration.Intervals{Healthy: 24 * time.Hour, FailingMin: time.Second, FailingMax: 2 * time.Second, Secret: time.Hour}

// loopback is where sites, and images, are.
var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}

// process is an operator that runs in this process, in one namespace.
type process struct {
	*life
	cancel context.CancelFunc
	ended  chan error
}

// start starts an operator and returns when it knows what there is.
func (s *space) start(l *life) (*process, error) {
	ctx, cancel := context.WithCancel(context.Background())
	p := &process{life: l, cancel: cancel, ended: make(chan error, 1)}
	mgr, err := s.newManager(ctx, l)
	if err != nil {
		cancel()
		return nil, fmt.Errorf("start operator: %w", err)
	}
	go func() { p.ended <- mgr.Start(ctx) }()
	synced, done := context.WithTimeout(ctx, startPatience)
	defer done()
	if !mgr.GetCache().WaitForCacheSync(synced) && !l.isOver() {
		return nil, errors.Join(fmt.Errorf("caches did not sync within %s", startPatience), p.stop())
	}
	return p, nil
}

// stop ends the operator and waits until nothing of it runs any more.
func (p *process) stop() error {
	p.die()
	p.cancel()
	select {
	case err := <-p.ended:
		if err != nil && !errors.Is(err, context.Canceled) {
			return fmt.Errorf("operator: %w", err)
		}
		return nil
	case <-time.After(endPatience):
		return fmt.Errorf("the operator did not end within %s", endPatience)
	}
}

func (s *space) newManager(ctx context.Context, l *life) (ctrl.Manager, error) {
	n := s.bear(l)
	work := controllers.Options{
		WatchNamespace: s.name,
		AllowPlaintext: true,
		Intervals:      intervals,
		Transports:     newTransports(n),
		Fetch:          fetch.Options{AllowedAddresses: loopback},
		Registry:       prometheus.NewRegistry(),
		Log:            s.log.logger(),
	}
	options := controllers.ManagerOptions(work)
	options.Metrics = metricsserver.Options{BindAddress: "0"}
	options.GracefulShutdownTimeout = ptr.To(endPatience)
	options.Controller.SkipNameValidation = ptr.To(true) // several live in this process
	mgr, err := ctrl.NewManager(s.config(l, n), options)
	if err != nil {
		return nil, err
	}
	return mgr, controllers.Add(ctx, mgr, work)
}

// config leads to the API server through the process's own transports: its life,
// and behind that what a test puts in the way.
func (s *space) config(l *life, n int) *rest.Config {
	config := s.plane.Config()
	config.Wrap(func(next http.RoundTripper) http.RoundTripper {
		if s.obstruct != nil {
			next = s.obstruct(s, n, next)
		}
		return l.mortal(next)
	})
	return config
}

// newTransports are those of a process, whose name is in the User-Agent.
func newTransports(n int) *wordpress.Transports {
	return wordpress.NewTransports(wordpress.TransportOptions{
		AllowedPrefixes: loopback,
		Version:         nameOf(n),
	})
}

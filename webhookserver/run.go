// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package webhookserver

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"
)

// Run serves until ctx is done, then drains and returns nil. It returns an error when a
// listener or the source fails, or when requests had to be cut off.
func (s *Server) Run(ctx context.Context) error {
	// The work goes on while the server drains, so it does not end with ctx.
	base, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	group, work := errgroup.WithContext(base)
	for _, l := range s.listeners() {
		s.options.Log.Info("Listening", "for", l.name, "address", l.address())
		group.Go(l.serve)
	}
	group.Go(func() error { return s.options.Source.Start(work) })
	if s.certificates != nil {
		group.Go(func() error { return s.certificates.Start(work) })
	}
	group.Go(func() error {
		defer stop()
		return s.stopWhenDone(ctx, work)
	})
	return group.Wait()
}

// stopWhenDone waits until somebody asks for the end or a part of the server fails.
func (s *Server) stopWhenDone(ctx, work context.Context) error {
	select {
	case <-ctx.Done():
		s.drain(work)
	case <-work.Done():
	}
	return s.shutdown()
}

// drain turns readiness false and goes on serving for a while: requests are sent here
// until endpoints and Ingress have noticed.
func (s *Server) drain(work context.Context) {
	s.health.draining.Store(true)
	s.options.Log.Info("Draining", "delay", s.options.DrainDelay.String())
	if s.options.DrainDelay == 0 {
		return
	}
	timer := s.options.Clock.NewTimer(s.options.DrainDelay)
	defer timer.Stop()
	select {
	case <-timer.C():
	case <-work.Done():
	}
}

// shutdown lets requests in flight end, within bounds; probes and metrics go last.
func (s *Server) shutdown() error {
	ctx, cancel := context.WithTimeout(context.Background(), s.options.ShutdownTimeout)
	defer cancel()
	err := s.site.server.Shutdown(ctx)
	if err != nil {
		err = fmt.Errorf("wait for requests in flight: %w", err)
	}
	s.options.Log.Info("Stopped", "clean", err == nil)
	return errors.Join(err, s.close())
}

// close closes what is open, whatever is going on there.
func (s *Server) close() error {
	var errs []error
	for _, l := range s.listeners() {
		errs = append(errs, l.close())
	}
	return errors.Join(errs...)
}

// listeners returns those that are open.
func (s *Server) listeners() []*listener {
	var open []*listener
	for _, l := range []*listener{s.site, s.probes, s.metrics} {
		if l != nil {
			open = append(open, l)
		}
	}
	return open
}

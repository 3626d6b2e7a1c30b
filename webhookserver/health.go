// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package webhookserver

import (
	"errors"
	"net/http"
	"sync/atomic"

	"sigs.k8s.io/controller-runtime/pkg/healthz"
)

// errDraining is why a server that is about to stop is not ready.
var errDraining = errors.New("the server is shutting down")

// health answers the probes. Being alive needs nothing but an answer: a server that
// waits for its token or for the API server must not be restarted for it.
type health struct {
	draining atomic.Bool
	checks   map[string]healthz.Checker
}

// newHealth returns the health of a server that is ready when all checks pass and it is
// not draining.
func newHealth(checks map[string]healthz.Checker) *health {
	h := &health{checks: map[string]healthz.Checker{}}
	for name, check := range checks {
		h.checks[name] = check
	}
	h.checks["serving"] = h.serving
	return h
}

func (h *health) serving(*http.Request) error {
	if h.draining.Load() {
		return errDraining
	}
	return nil
}

// handler serves /healthz, /readyz and, for people, /readyz/<check>.
func (h *health) handler() http.Handler {
	mux := http.NewServeMux()
	alive := &healthz.Handler{}
	mux.Handle("/healthz", http.StripPrefix("/healthz", alive))
	mux.Handle("/healthz/", http.StripPrefix("/healthz/", alive))
	ready := &healthz.Handler{Checks: h.checks}
	mux.Handle("/readyz", http.StripPrefix("/readyz", ready))
	mux.Handle("/readyz/", http.StripPrefix("/readyz/", ready))
	return mux
}

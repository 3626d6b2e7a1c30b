// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package webhookserver

import (
	"errors"
	"io"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/go-logr/logr"
)

// errDraining is why a server that is about to stop is not ready.
var errDraining = errors.New("the server is shutting down")

// health answers the probes. Being alive needs nothing but an answer: a server that
// waits for its token or for the API server must not be restarted for it.
type health struct {
	draining atomic.Bool
	source   func(*http.Request) error
	log      logr.Logger

	mu sync.Mutex
	// told is the reason that was logged last: probes come every few seconds, and the
	// log is for what changes.
	told string
}

// newHealth returns the health of a server that is ready when its source is and it is
// not draining.
func newHealth(source func(*http.Request) error, log logr.Logger) *health {
	return &health{source: source, log: log}
}

// ready returns why the server should not be sent requests, or nil.
func (h *health) ready(r *http.Request) error {
	if h.draining.Load() {
		return errDraining
	}
	return h.source(r)
}

// handler serves /healthz and /readyz. The latter says why not: it is read by people in
// the cluster, where no secret is in a reason.
func (h *health) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { answerProbe(w, nil) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		err := h.ready(r)
		h.tell(err)
		answerProbe(w, err)
	})
	return mux
}

func answerProbe(w http.ResponseWriter, err error) {
	status, text := http.StatusOK, "ok"
	if err != nil {
		status, text = http.StatusServiceUnavailable, err.Error()
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	// A probe that has hung up does not want to know.
	_, _ = io.WriteString(w, text+"\n")
}

// tell logs a reason once, and that it is gone.
func (h *health) tell(err error) {
	reason := ""
	if err != nil {
		reason = err.Error()
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if reason == h.told {
		return
	}
	h.told = reason
	if err != nil {
		h.log.Info("Not ready", "reason", reason)
		return
	}
	h.log.Info("Ready")
}

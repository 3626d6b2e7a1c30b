// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package webhookserver

import (
	stdlog "log"
	"net/http"
	"strings"
	"time"

	"github.com/go-logr/logr"
)

// Limits of the site-facing listener. Deliveries and check-ups are small JSON documents
// from servers with good connections; Flux's receiver, which takes pushes of whole
// commit lists, allows roughly ten times as much.
const (
	// MaxBodyBytes bounds the body of a request.
	MaxBodyBytes = 256 << 10

	// MaxHeaderBytes bounds request line and headers; net/http adds 4 KiB of slack.
	MaxHeaderBytes = 16 << 10

	// DefaultMaxConnections bounds what idle and slow callers can hold: about 64 MiB at
	// the 32 KiB that net/http needs for a connection.
	DefaultMaxConnections = 2048

	readHeaderTimeout = 5 * time.Second
	readTimeout       = 15 * time.Second
	writeTimeout      = 30 * time.Second
	idleTimeout       = 60 * time.Second
)

// limitBody refuses a body that says it is too large before a byte of it is read, and
// stops reading one that turns out to be.
func limitBody(w http.ResponseWriter, r *http.Request) error {
	if r.ContentLength > MaxBodyBytes {
		return tooLarge()
	}
	r.Body = http.MaxBytesReader(w, r.Body, MaxBodyBytes)
	return nil
}

// debugLog takes what net/http has to say about callers that break the protocol or go
// away: noise of the internet, except to somebody who is looking for it.
type debugLog struct{ log logr.Logger }

// Write implements io.Writer; net/http writes one line at a time.
func (d debugLog) Write(line []byte) (int, error) {
	d.log.V(1).Info("A connection failed", "reason", strings.TrimSpace(string(line)))
	return len(line), nil
}

// newHTTPServer returns a server with the timeouts of every listener.
func newHTTPServer(handler http.Handler, log logr.Logger) *http.Server {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    MaxHeaderBytes,
		// "OPTIONS *" is answered by the routes, like everything else.
		DisableGeneralOptionsHandler: true,
		Protocols:                    new(http.Protocols),
		ErrorLog:                     stdlog.New(debugLog{log}, "", 0),
	}
	// HTTP/1 alone: WordPress speaks it, an Ingress speaks it to its backends, and the
	// resets and continuation floods of HTTP/2 need no answer from us.
	server.Protocols.SetHTTP1(true)
	return server
}

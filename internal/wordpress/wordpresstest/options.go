// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpresstest

import (
	"io"
	"log"
	"net/http"
	"time"
)

// Option changes a fake before it starts.
type Option func(*settings)

type settings struct {
	key             string
	folder          string
	plainPermalinks bool
	noLinkHeader    bool
	noPlugin        bool
	certificate     Certificate
	now             func() time.Time
	broken          map[Promise]bool
	middleware      func(http.Handler) http.Handler
}

// WithKey sets the accepted API key.
func WithKey(key string) Option { return func(s *settings) { s.key = key } }

// WithFolder puts the site into a sub-folder, such as /blog.
func WithFolder(folder string) Option { return func(s *settings) { s.folder = folder } }

// WithPlainPermalinks makes the REST API answer at ?rest_route= only.
func WithPlainPermalinks() Option { return func(s *settings) { s.plainPermalinks = true } }

// WithoutLinkHeader drops the Link header of the home page, as caches do.
func WithoutLinkHeader() Option { return func(s *settings) { s.noLinkHeader = true } }

// WithoutPlugin leaves a WordPress without the plugin.
func WithoutPlugin() Option { return func(s *settings) { s.noPlugin = true } }

// WithClock sets the site's clock, by which keys retire.
func WithClock(now func() time.Time) Option { return func(s *settings) { s.now = now } }

// WithMiddleware puts something between the site's callers and the site. It sees
// every request, and every answer as the site gave it.
func WithMiddleware(middleware func(http.Handler) http.Handler) Option {
	return func(s *settings) { s.middleware = middleware }
}

// WithTLS serves https with a certificate of the fake's own authority.
func WithTLS(c Certificate) Option { return func(s *settings) { s.certificate = c } }

// quietLogger keeps the aborted connections and handshakes that tests provoke
// out of their output.
func quietLogger() *log.Logger { return log.New(io.Discard, "", 0) }

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"
)

const (
	// defaultMaxConnsPerHost is well above the two calls at a time a site gets
	// by default, and low enough for a shared host with a handful of PHP workers.
	defaultMaxConnsPerHost = 16
	// maxCachedTransports bounds pools: one per CA bundle in use.
	maxCachedTransports = 128
	dialTimeout         = 10 * time.Second
	handshakeTimeout    = 10 * time.Second
	idleTimeout         = 90 * time.Second
	maxHeaderBytes      = 64 << 10
)

// TransportOptions are the process's settings; the zero value is usable.
type TransportOptions struct {
	// AllowedPrefixes opens addresses that are not public. Link-local
	// addresses and the clouds' metadata services stay closed.
	AllowedPrefixes []netip.Prefix
	// Version goes into the User-Agent.
	Version string
	// MaxConnsPerHost bounds the connections to one host; 0 = 16.
	MaxConnsPerHost int
	// Now is the clock, for Retry-After dates; nil = time.Now.
	Now func() time.Time
	// Resolver resolves names; nil = the system's.
	Resolver *net.Resolver
}

// Transports holds the connection pools of a process: one per CA bundle, all
// with the same guard over addresses. It is safe for concurrent use.
type Transports struct {
	opts  TransportOptions
	guard guard

	mu    sync.Mutex
	tick  uint64
	pools map[[sha256.Size]byte]*pool
}

type pool struct {
	transport *http.Transport
	lastUsed  uint64
}

// NewTransports returns an empty set of pools.
func NewTransports(opts TransportOptions) *Transports {
	if opts.MaxConnsPerHost == 0 {
		opts.MaxConnsPerHost = defaultMaxConnsPerHost
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Version == "" {
		opts.Version = "dev"
	}
	return &Transports{
		opts:  opts,
		guard: newGuard(opts.AllowedPrefixes),
		pools: map[[sha256.Size]byte]*pool{},
	}
}

// CloseIdleConnections closes what is idle in every pool.
func (t *Transports) CloseIdleConnections() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, p := range t.pools {
		p.transport.CloseIdleConnections()
	}
}

// transport returns the pool for a CA bundle (PEM; nil = the system's
// authorities alone).
func (t *Transports) transport(caBundle []byte) (*http.Transport, error) {
	digest := sha256.Sum256(caBundle)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.tick++
	if p, ok := t.pools[digest]; ok {
		p.lastUsed = t.tick
		return p.transport, nil
	}
	roots, err := rootCAs(caBundle)
	if err != nil {
		return nil, err
	}
	t.evict()
	p := &pool{transport: t.newTransport(roots), lastUsed: t.tick}
	t.pools[digest] = p
	return p.transport, nil
}

// evict makes room for one pool. Clients that hold the evicted one keep it.
func (t *Transports) evict() {
	if len(t.pools) < maxCachedTransports {
		return
	}
	var oldest [sha256.Size]byte
	lowest := t.tick
	for digest, p := range t.pools {
		if p.lastUsed < lowest {
			oldest, lowest = digest, p.lastUsed
		}
	}
	t.pools[oldest].transport.CloseIdleConnections()
	delete(t.pools, oldest)
}

// newTransport uses no proxy of the environment: it would dial in our place,
// past the guard.
func (t *Transports) newTransport(roots *x509.CertPool) *http.Transport {
	dialer := &net.Dialer{
		Timeout:   dialTimeout,
		KeepAlive: 30 * time.Second,
		Control:   t.guard.control,
		Resolver:  t.opts.Resolver,
	}
	return &http.Transport{
		Proxy:                  nil,
		DialContext:            dialer.DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots},
		TLSHandshakeTimeout:    handshakeTimeout,
		IdleConnTimeout:        idleTimeout,
		MaxIdleConns:           512,
		MaxIdleConnsPerHost:    2,
		MaxConnsPerHost:        t.opts.MaxConnsPerHost,
		MaxResponseHeaderBytes: maxHeaderBytes,
		ForceAttemptHTTP2:      true,
	}
}

// rootCAs adds a bundle to the system's authorities: a site that moves from a
// private to a public certificate keeps working.
func rootCAs(bundle []byte) (*x509.CertPool, error) {
	if len(bundle) == 0 {
		return nil, nil
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	if !roots.AppendCertsFromPEM(bundle) {
		return nil, &ConfigError{Field: "CABundle", Reason: "has no certificate in PEM form"}
	}
	return roots, nil
}

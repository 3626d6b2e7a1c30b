// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package netguard

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"
)

const (
	// DefaultMaxConnsPerHost is well above the two calls at a time a site gets
	// by default, and low enough for a shared host with a handful of PHP workers.
	DefaultMaxConnsPerHost = 16
	// maxCachedTransports bounds pools: one per CA bundle in use.
	maxCachedTransports = 128
	dialTimeout         = 10 * time.Second
	handshakeTimeout    = 10 * time.Second
	idleTimeout         = 90 * time.Second
	maxHeaderBytes      = 64 << 10
)

// ErrNoCertificate says that a CA bundle has no certificate in PEM form.
var ErrNoCertificate = errors.New("has no certificate in PEM form")

// Options are the process's settings; the zero value of each but Guard is usable.
type Options struct {
	// Guard sees each address before it is dialled.
	Guard Guard
	// MaxConnsPerHost bounds the connections to one host; 0 = [DefaultMaxConnsPerHost].
	MaxConnsPerHost int
	// Resolver resolves names; nil = the system's.
	Resolver *net.Resolver
}

// Pools holds connection pools: one per CA bundle, all with the same guard over
// addresses. It is safe for concurrent use.
type Pools struct {
	opts Options

	mu    sync.Mutex
	tick  uint64
	pools map[[sha256.Size]byte]*pool
}

type pool struct {
	transport *http.Transport
	lastUsed  uint64
}

// NewPools returns an empty set of pools.
func NewPools(opts Options) *Pools {
	if opts.MaxConnsPerHost == 0 {
		opts.MaxConnsPerHost = DefaultMaxConnsPerHost
	}
	return &Pools{opts: opts, pools: map[[sha256.Size]byte]*pool{}}
}

// CloseIdleConnections closes what is idle in every pool.
func (p *Pools) CloseIdleConnections() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, pool := range p.pools {
		pool.transport.CloseIdleConnections()
	}
}

// Transport returns the pool for a CA bundle (PEM; nil = the system's
// authorities alone). Its error is [ErrNoCertificate].
func (p *Pools) Transport(caBundle []byte) (*http.Transport, error) {
	digest := sha256.Sum256(caBundle)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tick++
	if known, ok := p.pools[digest]; ok {
		known.lastUsed = p.tick
		return known.transport, nil
	}
	roots, err := rootCAs(caBundle)
	if err != nil {
		return nil, err
	}
	p.evict()
	made := &pool{transport: p.newTransport(roots), lastUsed: p.tick}
	p.pools[digest] = made
	return made.transport, nil
}

// evict makes room for one pool. Clients that hold the evicted one keep it.
func (p *Pools) evict() {
	if len(p.pools) < maxCachedTransports {
		return
	}
	var oldest [sha256.Size]byte
	lowest := p.tick
	for digest, pool := range p.pools {
		if pool.lastUsed < lowest {
			oldest, lowest = digest, pool.lastUsed
		}
	}
	p.pools[oldest].transport.CloseIdleConnections()
	delete(p.pools, oldest)
}

// newTransport uses no proxy of the environment: it would dial in our place,
// past the guard.
func (p *Pools) newTransport(roots *x509.CertPool) *http.Transport {
	dialer := &net.Dialer{
		Timeout:   dialTimeout,
		KeepAlive: 30 * time.Second,
		Control:   p.opts.Guard.Control,
		Resolver:  p.opts.Resolver,
	}
	return &http.Transport{
		Proxy:                  nil,
		DialContext:            dialer.DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots},
		TLSHandshakeTimeout:    handshakeTimeout,
		IdleConnTimeout:        idleTimeout,
		MaxIdleConns:           512,
		MaxIdleConnsPerHost:    2,
		MaxConnsPerHost:        p.opts.MaxConnsPerHost,
		MaxResponseHeaderBytes: maxHeaderBytes,
		ForceAttemptHTTP2:      true,
	}
}

// rootCAs adds a bundle to the system's authorities: a server that moves from a
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
		return nil, ErrNoCertificate
	}
	return roots, nil
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import (
	"net"
	"net/http"
	"net/netip"
	"time"

	"github.com/igny8/wordpress-operator/internal/netguard"
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
	pools *netguard.Pools
}

// NewTransports returns an empty set of pools.
func NewTransports(opts TransportOptions) *Transports {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Version == "" {
		opts.Version = "dev"
	}
	return &Transports{opts: opts, pools: netguard.NewPools(netguard.Options{
		Guard:           netguard.New(opts.AllowedPrefixes),
		MaxConnsPerHost: opts.MaxConnsPerHost,
		Resolver:        opts.Resolver,
	})}
}

// CloseIdleConnections closes what is idle in every pool.
func (t *Transports) CloseIdleConnections() { t.pools.CloseIdleConnections() }

// transport returns the pool for a CA bundle (PEM; nil = the system's
// authorities alone).
func (t *Transports) transport(caBundle []byte) (*http.Transport, error) {
	transport, err := t.pools.Transport(caBundle)
	if err != nil {
		return nil, &ConfigError{Field: "CABundle", Reason: err.Error()}
	}
	return transport, nil
}

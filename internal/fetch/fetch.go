// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package fetch reads the bytes that a resource refers to: at a URL, in a
// ConfigMap, in a bucket.
//
// What is read is not trusted: it is bounded while it is read, every address is
// checked when it is dialled, and what it is said to be is for people alone. All
// failures of what is referred to are of one type, [*Error], whose Reason is a
// condition's and whose message says what to do; an error of any other type is
// one of the API server, or the end of the context.
package fetch

import (
	"crypto/sha256"
	"encoding/hex"
	"net"
	"net/http"
	"net/netip"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/internal/netguard"
)

// DefaultTimeout bounds a reading, from the resolution of the name to the last
// byte, where [Options.Timeout] is 0.
const DefaultTimeout = 30 * time.Second

// Options of a [Fetcher]; Live is required.
type Options struct {
	// Live reads ConfigMaps and Secrets from the API server, never from a cache.
	Live client.Reader
	// AllowedAddresses opens addresses that are not public, as it does for sites.
	AllowedAddresses []netip.Prefix
	// Version goes into the User-Agent.
	Version string
	// Timeout bounds each reading; 0 = [DefaultTimeout].
	Timeout time.Duration
	// CABundle has PEM certificates of authorities that are trusted for URLs
	// besides the system's; a bucket's are in its Secret.
	CABundle []byte
	// Now is the clock, for Retry-After dates; nil = time.Now.
	Now func() time.Time
	// Resolver resolves names; nil = the system's.
	Resolver *net.Resolver
}

// Fetcher reads bytes. It is safe for concurrent use.
type Fetcher struct {
	opts Options
	// pools are for URLs and for buckets behind TLS, readable for buckets
	// without: these must not be beyond what the administrator has opened.
	pools, readable *netguard.Pools
}

// Bytes are what was read.
type Bytes struct {
	Data []byte
	// Name is a file name for people: the last part of a path or key; it may be
	// empty.
	Name string
	// MediaType is what the source says the bytes are, without parameters; it
	// may be empty, and is never to be trusted.
	MediaType string
	// Version changes when the bytes do, as far as the source tells: a
	// resourceVersion or an ETag; it may be empty.
	Version string
}

// Digest is "sha256:" and the SHA-256 of the bytes, in hexadecimal.
func (b *Bytes) Digest() string {
	sum := sha256.Sum256(b.Data)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// New returns a Fetcher.
func New(o Options) *Fetcher {
	if o.Timeout <= 0 {
		o.Timeout = DefaultTimeout
	}
	if o.Version == "" {
		o.Version = "dev"
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	guard := netguard.New(o.AllowedAddresses)
	return &Fetcher{
		opts:     o,
		pools:    netguard.NewPools(netguard.Options{Guard: guard, Resolver: o.Resolver}),
		readable: netguard.NewPools(netguard.Options{Guard: guard.OpenedOnly(), Resolver: o.Resolver}),
	}
}

// CloseIdleConnections closes what is idle.
func (f *Fetcher) CloseIdleConnections() {
	f.pools.CloseIdleConnections()
	f.readable.CloseIdleConnections()
}

func (f *Fetcher) userAgent() string { return "igny8-wordpress-operator/" + f.opts.Version }

func (f *Fetcher) retryAfter(h http.Header) time.Duration {
	return netguard.RetryAfter(h.Get("Retry-After"), f.opts.Now())
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package fetch_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"github.com/igny8/wordpress-operator/internal/fetch"
)

// canary is in every place that must not show in a message.
const canary = "canary"

const limit = 1000

func loopback() []netip.Prefix { return []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} }

// newFetcher may call loopback; the objects are what the API server has.
func newFetcher(t *testing.T, objects ...client.Object) *fetch.Fetcher {
	t.Helper()
	return newFetcherWith(t, fetch.Options{AllowedAddresses: loopback(), Version: "1.2.3"}, objects...)
}

func newFetcherWith(t *testing.T, o fetch.Options, objects ...client.Object) *fetch.Fetcher {
	t.Helper()
	o.Live = fake.NewClientBuilder().WithObjects(objects...).Build()
	f := fetch.New(o)
	t.Cleanup(f.CloseIdleConnections)
	return f
}

func serve(t *testing.T, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server
}

// fate is what an error leads to.
type fate string

const (
	stop  fate = "stop"
	wait  fate = "wait"
	retry fate = "retry"
)

// wantError checks an error of the package: what it leads to, and that it shows
// nothing that it must not. It returns how long the source asks to be left alone.
func wantError(t *testing.T, err error, reason string, want fate) time.Duration {
	t.Helper()
	var e *fetch.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want an error for %s", err, reason)
	}
	got := stop
	switch {
	case e.Wait && e.Transient:
		t.Errorf("%v is both to be waited for and transient", e)
	case e.Wait:
		got = wait
	case e.Transient:
		got = retry
	}
	if e.Reason != reason || got != want {
		t.Errorf("%s (%s) %q, want %s (%s)", e.Reason, got, e.Message, reason, want)
	}
	if e.Error() == "" || strings.Contains(e.Error(), canary) || len(e.Error()) > 900 {
		t.Errorf("the message has %d bytes or shows too much: %s", len(e.Error()), e)
	}
	return e.RetryAfter
}

func noResolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		return nil, errors.New("no resolver")
	}}
}

// closedAddress is one that nobody listens at.
func closedAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}

// shortTimeout is long enough for loopback, also on a machine with other work.
const shortTimeout = 300 * time.Millisecond

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/igny8/wordpress-operator/internal/wordpress"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

func TestCertificates(t *testing.T) {
	cases := map[string]struct {
		certificate wordpresstest.Certificate
		trusted     bool
		want        wordpress.Kind
	}{
		"valid":             {wordpresstest.Valid, true, ""},
		"unknown authority": {wordpresstest.Valid, false, wordpress.KindTLSUnknownAuthority},
		"expired":           {wordpresstest.Expired, true, wordpress.KindTLSExpired},
		"wrong name":        {wordpresstest.WrongName, true, wordpress.KindTLSNameMismatch},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			fake := wordpresstest.New(t, wordpresstest.WithTLS(tc.certificate))
			cfg := wordpress.Config{SiteURL: fake.URL(), RESTURL: fake.RESTURL()}
			if tc.trusted {
				cfg.CABundle = fake.CABundle()
			}
			_, err := newClient(t, cfg).Publish(t.Context(), newPost())
			if wordpress.KindOf(err) != tc.want {
				t.Fatalf("got %v, want %q", err, tc.want)
			}
			if e := asError(err); e != nil && e.MayHaveReached {
				t.Errorf("%v: no connection came about", err)
			}
		})
	}
}

func TestPlainServerUnderHTTPS(t *testing.T) {
	fake := wordpresstest.New(t)
	client := newClient(t, wordpress.Config{SiteURL: "https://" + fake.Host(), RESTURL: "https://" + fake.Host() + "/wp-json/"})
	if e := wantError(t, second(client.Site(t.Context(), wordpress.Position{})), wordpress.KindTLS); e.MayHaveReached {
		t.Errorf("%v: no connection came about", e)
	}
}

func TestConnectionRefused(t *testing.T) {
	listener := listen(t)
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatalf("close: %v", err)
	}
	client := newClient(t, wordpress.Config{SiteURL: "http://" + address})
	e := wantError(t, second(client.Publish(t.Context(), newPost())), wordpress.KindConnectionRefused)
	if e.MayHaveReached {
		t.Errorf("%v: no connection came about", e)
	}
}

func TestUnknownName(t *testing.T) {
	transports := wordpress.NewTransports(wordpress.TransportOptions{Resolver: &net.Resolver{
		PreferGo: true,
		Dial:     func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("no resolver") },
	}})
	client, err := wordpress.NewClient(wordpress.Config{SiteURL: "https://blog.example.com", Key: wordpress.NewKey(canary)}, transports)
	if err != nil {
		t.Fatalf("NewClient: %v", err)
	}
	if e := wantError(t, second(client.Site(t.Context(), wordpress.Position{})), wordpress.KindDNS); e.MayHaveReached {
		t.Errorf("%v: no connection came about", e)
	}
}

func TestBlockedAddress(t *testing.T) {
	fake := wordpresstest.New(t)
	cases := map[string]struct {
		allowed []netip.Prefix
		siteURL string
	}{
		"loopback":              {nil, fake.URL()},
		"loopback by name":      {nil, strings.Replace(fake.URL(), "127.0.0.1", "localhost", 1)},
		"metadata, all allowed": {[]netip.Prefix{netip.MustParsePrefix("0.0.0.0/0")}, "http://169.254.169.254"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			transports := wordpress.NewTransports(wordpress.TransportOptions{AllowedPrefixes: tc.allowed})
			client, err := wordpress.NewClient(wordpress.Config{SiteURL: tc.siteURL, Key: wordpress.NewKey(canary)}, transports)
			if err != nil {
				t.Fatalf("NewClient: %v", err)
			}
			if e := wantError(t, second(client.Site(t.Context(), wordpress.Position{})), wordpress.KindAddressBlocked); e.MayHaveReached {
				t.Errorf("%v: no connection came about", e)
			}
		})
	}
	if calls := fake.Calls(); len(calls) > 0 {
		t.Errorf("the site was called: %v", calls)
	}
}

func TestEnvironmentProxyIsIgnored(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	t.Setenv("http_proxy", "http://127.0.0.1:1")
	fake := wordpresstest.New(t)
	if _, err := clientOf(t, fake).Site(t.Context(), wordpress.Position{}); err != nil {
		t.Errorf("Site: %v", err)
	}
}

func TestTimeouts(t *testing.T) {
	t.Run("after the request", func(t *testing.T) {
		fake := wordpresstest.New(t)
		fake.SetHook(func(*http.Request) wordpresstest.Fault {
			return wordpresstest.Fault{Stage: wordpresstest.AfterEffect, Hold: make(chan struct{})}
		})
		client := newClient(t, wordpress.Config{SiteURL: fake.URL(), RESTURL: fake.RESTURL(), Timeout: 200 * time.Millisecond})
		e := wantError(t, second(client.Publish(t.Context(), newPost())), wordpress.KindTimeout)
		if !e.MayHaveReached {
			t.Error("the site was reached")
		}
		waitFor(t, "post", func() bool { return fake.Created("content:1") == 1 })
	})
	t.Run("in the handshake", func(t *testing.T) {
		listener := listen(t) // accepts by the kernel's backlog, and says nothing
		client := newClient(t, wordpress.Config{SiteURL: "https://" + listener.Addr().String(), Timeout: 200 * time.Millisecond})
		e := wantError(t, second(client.Publish(t.Context(), newPost())), wordpress.KindTimeout)
		if e.MayHaveReached {
			t.Error("no connection came about")
		}
	})
}

func TestCallerGivesUp(t *testing.T) {
	fake := wordpresstest.New(t)
	ctx, cancel := context.WithCancel(t.Context())
	fake.SetHook(func(*http.Request) wordpresstest.Fault {
		cancel()
		return wordpresstest.Fault{Hold: make(chan struct{})}
	})
	err := second(clientOf(t, fake).Publish(ctx, newPost()))
	wantKind(t, err, wordpress.KindCanceled)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v is not context.Canceled", err)
	}
}

func TestDroppedConnection(t *testing.T) {
	for name, stage := range map[string]wordpresstest.Stage{
		"before": wordpresstest.BeforeEffect, "during": wordpresstest.DuringEffect, "after": wordpresstest.AfterEffect,
	} {
		t.Run(name, func(t *testing.T) {
			fake := wordpresstest.New(t)
			client := clientOf(t, fake)
			fake.SetHook(func(*http.Request) wordpresstest.Fault { return wordpresstest.Fault{Stage: stage, Drop: true} })
			if e := wantError(t, second(client.Publish(t.Context(), newPost())), wordpress.KindConnection); !e.MayHaveReached {
				t.Error("the site was reached")
			}
			if n := fake.CountCalls("POST", "publish"); n != 1 {
				t.Errorf("%d calls: a publish must not be repeated below us", n)
			}
			fake.SetHook(nil)
			err := second(client.Publish(t.Context(), newPost()))
			if want := stage == wordpresstest.AfterEffect; (wordpress.KindOf(err) == wordpress.KindAlreadyPublished) != want {
				t.Errorf("second publish: %v, want already published: %t", err, want)
			}
			if n := fake.Created("content:1"); n != 1 {
				t.Errorf("%d posts", n)
			}
		})
	}
}

func TestNotHTTP(t *testing.T) {
	cases := map[string]struct {
		sent string
		want wordpress.Kind
	}{
		"another protocol": {"SSH-2.0-OpenSSH_9.2p1 " + foreign + "\r\n", wordpress.KindInvalidResponse},
		"half an answer":   {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", wordpress.KindConnection},
		"nothing":          {"", wordpress.KindConnection},
		"broken redirect":  {"HTTP/1.1 302 Found\r\nLocation: https://%zz/" + foreign + "\r\nContent-Length: 0\r\n\r\n", wordpress.KindInvalidResponse},
		"endless header":   {"HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 128<<10), wordpress.KindInvalidResponse},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			listener := listen(t)
			go serveBytes(listener, tc.sent)
			root := "http://" + listener.Addr().String() + "/wp-json/"
			client := newClient(t, wordpress.Config{SiteURL: root, RESTURL: root})
			e := wantError(t, second(client.Publish(t.Context(), newPost())), tc.want)
			if !e.MayHaveReached || strings.Contains(e.Error(), foreign) {
				t.Errorf("MayHaveReached %t, message %q", e.MayHaveReached, e)
			}
		})
	}
}

// serveBytes answers each connection's first bytes with text.
func serveBytes(listener net.Listener, text string) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		_, _ = conn.Read(make([]byte, 4096))
		_, _ = conn.Write([]byte(text))
		_ = conn.(*net.TCPConn).CloseWrite()
		_, _ = conn.Read(make([]byte, 1))
		_ = conn.Close()
	}
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("listen: %v", err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	return listener
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package fetch_test

import (
	"bytes"
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/fetch"
)

func TestURL(t *testing.T) {
	var seen http.Header
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		seen = r.Header
		w.Header().Set("Content-Type", "image/png; charset=binary")
		w.Header().Set("ETag", `"v1"`)
		_, _ = w.Write([]byte("bytes"))
	})
	got, err := newFetcher(t).URL(t.Context(), server.URL+"/pictures/a%20b.png?x=1", limit)
	if err != nil {
		t.Fatal(err)
	}
	want := &fetch.Bytes{Data: []byte("bytes"), Name: "a b.png", MediaType: "image/png", Version: `"v1"`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for name, want := range map[string]string{"User-Agent": "igny8-wordpress-operator/1.2.3", "Accept-Encoding": "identity"} {
		if seen.Get(name) != want {
			t.Errorf("%s: %q, want %q", name, seen.Get(name), want)
		}
	}
}

func TestURLSendsItsCredentials(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if user, password, _ := r.BasicAuth(); user != "u" || password != canary {
			w.WriteHeader(http.StatusUnauthorized)
		}
	})
	if _, err := newFetcher(t).URL(t.Context(), strings.Replace(server.URL, "http://", "http://u:"+canary+"@", 1), limit); err != nil {
		t.Error(err)
	}
	_, err := newFetcher(t).URL(t.Context(), strings.Replace(server.URL, "http://", "http://"+canary+":x@", 1)+"/?sig="+canary, limit)
	wantError(t, err, v1alpha1.ReasonSourceRefused, wait)
}

func TestURLStatuses(t *testing.T) {
	cases := map[int]struct {
		reason string
		want   fate
	}{
		204: {v1alpha1.ReasonSourceRefused, wait},
		400: {v1alpha1.ReasonSourceRefused, wait},
		401: {v1alpha1.ReasonSourceRefused, wait},
		403: {v1alpha1.ReasonSourceRefused, wait},
		404: {v1alpha1.ReasonSourceNotFound, wait},
		410: {v1alpha1.ReasonSourceNotFound, wait},
		408: {v1alpha1.ReasonServerError, retry},
		425: {v1alpha1.ReasonServerError, retry},
		429: {v1alpha1.ReasonRateLimited, retry},
		500: {v1alpha1.ReasonServerError, retry},
		503: {v1alpha1.ReasonServerError, retry},
	}
	for status, tc := range cases {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", "7")
				w.WriteHeader(status)
			})
			_, err := newFetcher(t).URL(t.Context(), server.URL+"/?token="+canary, limit)
			got := wantError(t, err, tc.reason, tc.want)
			if want := 7 * time.Second; (got == want) != (tc.want == retry) {
				t.Errorf("RetryAfter %s (%s)", got, tc.want)
			}
		})
	}
}

func TestURLLimit(t *testing.T) {
	cases := map[string]struct {
		size    int
		chunked bool
		fits    bool
		reason  string
	}{
		"Empty":          {0, false, true, "no bytes are bytes"},
		"Exact":          {limit, false, true, "the limit is allowed"},
		"ExactChunked":   {limit, true, true, "the limit is allowed"},
		"TooLong":        {limit + 1, false, false, "the length is known before"},
		"TooLongChunked": {limit + 1, true, false, "the length is not known before"},
		"Huge":           {100 * limit, true, false, "reading stops"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				if tc.chunked {
					w.(http.Flusher).Flush()
				}
				_, _ = w.Write(bytes.Repeat([]byte("x"), tc.size))
			})
			got, err := newFetcher(t).URL(t.Context(), server.URL, limit)
			if !tc.fits {
				wantError(t, err, v1alpha1.ReasonSourceTooLarge, stop)
			} else if err != nil || len(got.Data) != tc.size {
				t.Errorf("%v, %v: %s", got, err, tc.reason)
			}
		})
	}
}

func TestURLUnusable(t *testing.T) {
	for _, text := range []string{"", "ftp://example.com/" + canary, "https:///x", "http://%zz" + canary, "file:///etc/passwd", "example.com"} {
		_, err := newFetcher(t).URL(t.Context(), text, limit)
		wantError(t, err, v1alpha1.ReasonSourceRefused, stop)
	}
}

func TestRedirects(t *testing.T) {
	var referer string
	encrypted := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if to := r.URL.Query().Get("to"); to != "" {
			http.Redirect(w, r, to, http.StatusFound)
		}
	}))
	t.Cleanup(encrypted.Close)
	plain := serve(t, func(w http.ResponseWriter, r *http.Request) {
		referer += r.Header.Get("Referer")
		n, _ := strconv.Atoi(r.URL.Query().Get("n"))
		switch to := r.URL.Query().Get("to"); {
		case to != "":
			http.Redirect(w, r, to, http.StatusFound)
		case n > 0:
			http.Redirect(w, r, fmt.Sprintf("/?n=%d", n-1), http.StatusTemporaryRedirect)
		}
	})
	f := newFetcherWith(t, fetch.Options{AllowedAddresses: loopback(), CABundle: certificateOf(encrypted)})
	cases := map[string]struct {
		url    string
		reason string
		why    string
	}{
		"Five":         {plain.URL + "/?n=5", "", "a delivery network needs a few"},
		"Six":          {plain.URL + "/?n=6&x=" + canary, v1alpha1.ReasonRedirectedElsewhere, "a loop ends"},
		"Up":           {plain.URL + "/?to=" + encrypted.URL, "", "http to https"},
		"Down":         {encrypted.URL + "/?to=" + plain.URL + "/" + canary, v1alpha1.ReasonRedirectedElsewhere, "https to http"},
		"Elsewhere":    {plain.URL + "/?to=ftp://example.com/" + canary, v1alpha1.ReasonRedirectedElsewhere, "not of the web"},
		"ToMetadata":   {plain.URL + "/?to=http://169.254.169.254/" + canary, v1alpha1.ReasonAddressBlocked, "each hop is dialled under the guard"},
		"ToTheCluster": {encrypted.URL + "/?to=https://10.0.0.1/", v1alpha1.ReasonAddressBlocked, "each hop is dialled under the guard"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := f.URL(t.Context(), tc.url, limit)
			if tc.reason != "" {
				wantError(t, err, tc.reason, wait)
			} else if err != nil {
				t.Errorf("%v: %s", err, tc.why)
			}
		})
	}
	if referer != "" {
		t.Errorf("the next server was told of the one before: %s", referer)
	}
}

func certificateOf(server *httptest.Server) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
}

func TestNoAnswer(t *testing.T) {
	encrypted := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(encrypted.Close)
	hold := make(chan struct{})
	t.Cleanup(func() { close(hold) })
	silent := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-hold:
		case <-r.Context().Done():
		}
	})
	dripping := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = w.Write([]byte("x"))
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	breaking := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = w.Write([]byte("x"))
		panic(http.ErrAbortHandler)
	})
	cases := map[string]struct {
		url     string
		options fetch.Options
		reason  string
		want    fate
	}{
		"Closed":        {encrypted.URL, fetch.Options{}, v1alpha1.ReasonAddressBlocked, wait},
		"Authority":     {encrypted.URL, fetch.Options{AllowedAddresses: loopback()}, v1alpha1.ReasonTLSUnknownAuthority, wait},
		"PlainForTLS":   {strings.Replace(silent.URL, "http:", "https:", 1), fetch.Options{AllowedAddresses: loopback()}, v1alpha1.ReasonTLSFailed, wait},
		"NobodyListens": {"http://" + closedAddress(t), fetch.Options{AllowedAddresses: loopback()}, v1alpha1.ReasonConnectionRefused, retry},
		"Unknown":       {"https://cdn.example.com", fetch.Options{Resolver: noResolver()}, v1alpha1.ReasonDNSFailed, retry},
		"Silent":        {silent.URL, fetch.Options{AllowedAddresses: loopback(), Timeout: shortTimeout}, v1alpha1.ReasonTimeout, retry},
		"Dripping":      {dripping.URL, fetch.Options{AllowedAddresses: loopback(), Timeout: shortTimeout}, v1alpha1.ReasonTimeout, retry},
		"Breaking":      {breaking.URL, fetch.Options{AllowedAddresses: loopback()}, v1alpha1.ReasonConnectionFailed, retry},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := newFetcherWith(t, tc.options).URL(t.Context(), tc.url+"/?sig="+canary, limit)
			wantError(t, err, tc.reason, tc.want)
		})
	}
}

func TestURLCallerGivesUp(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	server := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	_, err := newFetcher(t).URL(ctx, server.URL, limit)
	var e *fetch.Error
	if !errors.Is(err, context.Canceled) || errors.As(err, &e) {
		t.Errorf("%v, want the end of the context and nothing about the source", err)
	}
}

func TestURLIgnoresTheEnvironmentsProxy(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	t.Setenv("http_proxy", "http://127.0.0.1:1")
	server := serve(t, func(http.ResponseWriter, *http.Request) {})
	if _, err := newFetcher(t).URL(t.Context(), server.URL, limit); err != nil {
		t.Error(err)
	}
}

func TestMessagesAreBounded(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) })
	_, err := newFetcher(t).URL(t.Context(), server.URL+"/"+strings.Repeat("x", 1900), limit)
	wantError(t, err, v1alpha1.ReasonSourceNotFound, wait)
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package fetch_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/hack/s3"
	"github.com/igny8/wordpress-operator/internal/fetch"
)

// buildTimeout has room for building the server, once on a machine.
const buildTimeout = 8 * time.Minute

func startStore(t *testing.T, certFile, keyFile string) *s3.Server {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), buildTimeout)
	defer cancel()
	store, err := s3.Start(ctx, s3.Options{Root: filepath.Join("..", ".."), Dir: t.TempDir(), CertFile: certFile, KeyFile: keyFile})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Stop(); err != nil {
			t.Error(err)
		}
	})
	return store
}

func bucketSecret(data map[string][]byte) *corev1.Secret {
	return &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: "ns", Name: "store"}, Data: data}
}

// with returns the data with entries changed; an empty one is dropped.
func with(data map[string][]byte, changes map[string]string) map[string][]byte {
	changed := maps.Clone(data)
	for key, value := range changes {
		changed[key] = []byte(value)
		if value == "" {
			delete(changed, key)
		}
	}
	return changed
}

func object(key string) v1alpha1.ObjectReference {
	return v1alpha1.ObjectReference{BucketRef: v1alpha1.LocalObjectReference{Name: "store"}, Key: key}
}

func put(t *testing.T, store *s3.Server, key string, data []byte, mediaType string) {
	t.Helper()
	if err := store.Put(t.Context(), key, data, mediaType); err != nil {
		t.Fatal(err)
	}
}

// TestBucket reads from a real S3 server.
func TestBucket(t *testing.T) {
	store := startStore(t, "", "")
	put(t, store, "posts/ä b+c.md", []byte("# Hello"), "text/markdown; charset=utf-8")
	put(t, store, "empty", nil, "a/b")
	put(t, store, "exact", bytes.Repeat([]byte("x"), limit), "a/b")
	put(t, store, "large", bytes.Repeat([]byte("x"), limit+1), "a/b")
	cases := map[string]struct {
		key     string
		changes map[string]string
		want    *fetch.Bytes
		reason  string
		fate    fate
	}{
		"Text":            {"posts/ä b+c.md", nil, &fetch.Bytes{Data: []byte("# Hello"), Name: "ä b+c.md", MediaType: "text/markdown"}, "", ""},
		"Empty":           {"empty", nil, &fetch.Bytes{Data: []byte{}, Name: "empty", MediaType: "a/b"}, "", ""},
		"Exact":           {"exact", nil, &fetch.Bytes{Data: bytes.Repeat([]byte("x"), limit), Name: "exact", MediaType: "a/b"}, "", ""},
		"Large":           {"large", nil, nil, v1alpha1.ReasonSourceTooLarge, stop},
		"RegionLookedUp":  {"empty", map[string]string{"region": ""}, &fetch.Bytes{Data: []byte{}, Name: "empty", MediaType: "a/b"}, "", ""},
		"LineEnds":        {"empty", map[string]string{"accessKeyID": s3.AccessKeyID + "\n", "bucket": s3.Bucket + "\n"}, &fetch.Bytes{Data: []byte{}, Name: "empty", MediaType: "a/b"}, "", ""},
		"NoObject":        {"other", nil, nil, v1alpha1.ReasonSourceNotFound, wait},
		"NoBucket":        {"empty", map[string]string{"bucket": "nowhere"}, nil, v1alpha1.ReasonBucketRefused, wait},
		"NoBucketAtAll":   {"empty", map[string]string{"bucket": "nowhere", "region": ""}, nil, v1alpha1.ReasonBucketRefused, wait},
		"WrongSecret":     {"empty", map[string]string{"secretAccessKey": canary}, nil, v1alpha1.ReasonBucketRefused, wait},
		"UnknownKey":      {"empty", map[string]string{"accessKeyID": canary}, nil, v1alpha1.ReasonBucketRefused, wait},
		"WrongRegion":     {"empty", map[string]string{"region": "mars-north-1"}, nil, v1alpha1.ReasonBucketRefused, wait},
		"TLSForPlain":     {"empty", map[string]string{"endpoint": store.Endpoint}, nil, v1alpha1.ReasonTLSFailed, wait},
		"NobodyListens":   {"empty", map[string]string{"endpoint": "http://" + closedAddress(t)}, nil, v1alpha1.ReasonConnectionRefused, retry},
		"Metadata":        {"empty", map[string]string{"endpoint": "169.254.169.254"}, nil, v1alpha1.ReasonAddressBlocked, wait},
		"PlainToNowhere":  {"empty", map[string]string{"endpoint": "http://192.0.2.1"}, nil, v1alpha1.ReasonAddressBlocked, wait},
		"PlainToTheWorld": {"empty", map[string]string{"endpoint": "http://8.8.8.8"}, nil, v1alpha1.ReasonAddressBlocked, wait},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := newFetcher(t, bucketSecret(with(store.Secret(), tc.changes))).Object(t.Context(), "ns", object(tc.key), limit)
			if tc.reason != "" {
				wantError(t, err, tc.reason, tc.fate)
			} else if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got, cmpopts.IgnoreFields(fetch.Bytes{}, "Version"), cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
			if got != nil && got.Version == "" {
				t.Error("there is no version")
			}
		})
	}
	if n := store.Reads("exact"); n != 1 {
		t.Errorf("%d calls for one object", n)
	}
}

// TestBucketBehindTLS trusts what the Secret brings along, and nothing else.
func TestBucketBehindTLS(t *testing.T) {
	certFile, keyFile, bundle := certificateFiles(t)
	store := startStore(t, certFile, keyFile)
	put(t, store, "a.txt", []byte("a"), "text/plain")
	for name, tc := range map[string]struct {
		changes map[string]string
		reason  string
	}{
		"Trusted":  {map[string]string{"caBundle": string(bundle), "endpoint": store.Endpoint}, ""},
		"Unknown":  {nil, v1alpha1.ReasonTLSUnknownAuthority},
		"NoBundle": {map[string]string{"caBundle": canary}, v1alpha1.ReasonBucketInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := newFetcher(t, bucketSecret(with(store.Secret(), tc.changes))).Object(t.Context(), "ns", object("a.txt"), limit)
			if tc.reason != "" {
				wantError(t, err, tc.reason, wait)
			} else if err != nil {
				t.Fatal(err)
			}
		})
	}
}

// certificateFiles have a certificate for loopback, the one of httptest.
func certificateFiles(t *testing.T) (certFile, keyFile string, bundle []byte) {
	t.Helper()
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	key, err := x509.MarshalPKCS8PrivateKey(server.TLS.Certificates[0].PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	certFile, keyFile, bundle = filepath.Join(t.TempDir(), "tls.crt"), filepath.Join(t.TempDir(), "tls.key"), certificateOf(server)
	if err := errors.Join(os.WriteFile(certFile, bundle, 0o600),
		os.WriteFile(keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}), 0o600)); err != nil {
		t.Fatal(err)
	}
	if _, err := tls.LoadX509KeyPair(certFile, keyFile); err != nil {
		t.Fatal(err)
	}
	return certFile, keyFile, bundle
}

func TestBucketSecret(t *testing.T) {
	complete := map[string][]byte{
		"endpoint": []byte("127.0.0.1:1"), "bucket": []byte("content"), "region": []byte("r"), "accessKeyID": []byte("a"), "secretAccessKey": []byte(canary),
	}
	cases := map[string]struct {
		changes map[string]string
		reason  string
	}{
		"NoEndpoint":      {map[string]string{"endpoint": ""}, v1alpha1.ReasonSecretKeyMissing},
		"NoBucket":        {map[string]string{"bucket": ""}, v1alpha1.ReasonSecretKeyMissing},
		"NoAccessKey":     {map[string]string{"accessKeyID": "\n"}, v1alpha1.ReasonSecretKeyMissing},
		"NoSecretKey":     {map[string]string{"secretAccessKey": ""}, v1alpha1.ReasonSecretKeyMissing},
		"OtherScheme":     {map[string]string{"endpoint": "ftp://" + canary}, v1alpha1.ReasonBucketInvalid},
		"UserInEndpoint":  {map[string]string{"endpoint": "https://" + canary + "@store"}, v1alpha1.ReasonBucketInvalid},
		"PathInEndpoint":  {map[string]string{"endpoint": "https://store/" + canary}, v1alpha1.ReasonBucketInvalid},
		"QueryInEndpoint": {map[string]string{"endpoint": "https://store/?" + canary}, v1alpha1.ReasonBucketInvalid},
		"NoHost":          {map[string]string{"endpoint": "https://:443"}, v1alpha1.ReasonBucketInvalid},
		"SpaceInHost":     {map[string]string{"endpoint": "a " + canary}, v1alpha1.ReasonBucketInvalid},
		"BadHost":         {map[string]string{"endpoint": "under_score!"}, v1alpha1.ReasonBucketInvalid},
		"BadBucket":       {map[string]string{"bucket": "../" + canary}, v1alpha1.ReasonBucketInvalid},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := newFetcher(t, bucketSecret(with(complete, tc.changes))).Object(t.Context(), "ns", object("a"), limit)
			wantError(t, err, tc.reason, wait)
		})
	}
	t.Run("NoSecret", func(t *testing.T) {
		_, err := newFetcher(t).Object(t.Context(), "ns", object("a"), limit)
		wantError(t, err, v1alpha1.ReasonSecretNotFound, wait)
	})
}

// TestBucketAnswers has what a real server does not say on demand.
func TestBucketAnswers(t *testing.T) {
	const slowDown = "<Error><Code>SlowDown</Code><Message>" + canary + "</Message></Error>"
	cases := map[string]struct {
		status int
		body   string
		reason string
		fate   fate
	}{
		"Overload":      {503, slowDown, v1alpha1.ReasonServerError, retry},
		"Limited":       {429, slowDown, v1alpha1.ReasonRateLimited, retry},
		"NoXML":         {403, "<html>" + canary, v1alpha1.ReasonBucketRefused, wait},
		"Redirect":      {307, "<Error><Code>TemporaryRedirect</Code></Error>", v1alpha1.ReasonBucketRefused, wait},
		"Skewed":        {403, "<Error><Code>RequestTimeTooSkewed</Code></Error>", v1alpha1.ReasonBucketRefused, wait},
		"StrangeCode":   {400, "<Error><Code>" + canary + "\n!</Code></Error>", v1alpha1.ReasonBucketRefused, wait},
		"EndlessAnswer": {500, strings.Repeat("x", 1<<20), v1alpha1.ReasonServerError, retry},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			calls := 0
			server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				calls++
				w.Header().Set("Retry-After", "7")
				w.WriteHeader(tc.status)
				_, _ = w.Write([]byte(tc.body))
			})
			_, err := newFetcher(t, bucketSecret(answering(server.URL))).Object(t.Context(), "ns", object("a"), limit)
			if got := wantError(t, err, tc.reason, tc.fate); (got == 7*time.Second) != (tc.fate == retry) {
				t.Errorf("RetryAfter %s", got)
			}
			if calls != 1 {
				t.Errorf("%d calls: attempts are counted by the caller", calls)
			}
		})
	}
}

func answering(url string) map[string][]byte {
	return map[string][]byte{
		"endpoint": []byte(url), "bucket": []byte("content"), "region": []byte("r"), "accessKeyID": []byte("a"), "secretAccessKey": []byte(canary),
	}
}

// TestBucketIsNoStore has a server that answers everything with a page.
func TestBucketIsNoStore(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>hello")) })
	for _, region := range []string{"", "r"} {
		secret := bucketSecret(with(answering(server.URL), map[string]string{"region": region}))
		_, err := newFetcher(t, secret).Object(t.Context(), "ns", object("a"), limit)
		wantError(t, err, v1alpha1.ReasonInvalidResponse, wait)
	}
}

func TestBucketCallerGivesUp(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	server := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	_, err := newFetcher(t, bucketSecret(answering(server.URL))).Object(ctx, "ns", object("a"), limit)
	var e *fetch.Error
	if !errors.Is(err, context.Canceled) || errors.As(err, &e) {
		t.Errorf("%v, want the end of the context and nothing about the store", err)
	}
}

func TestBucketBreaksOff(t *testing.T) {
	for name, tc := range map[string]struct {
		reason  string
		timeout time.Duration
		then    func(*http.Request)
	}{
		"Drips":  {v1alpha1.ReasonTimeout, shortTimeout, func(r *http.Request) { <-r.Context().Done() }},
		"Breaks": {v1alpha1.ReasonConnectionFailed, 0, func(*http.Request) { panic(http.ErrAbortHandler) }},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Length", strconv.Itoa(limit))
				w.Header().Set("Last-Modified", "Mon, 23 Nov 2026 09:05:00 GMT")
				_, _ = w.Write([]byte("x"))
				w.(http.Flusher).Flush()
				tc.then(r)
			})
			f := newFetcherWith(t, fetch.Options{AllowedAddresses: loopback(), Timeout: tc.timeout}, bucketSecret(answering(server.URL)))
			_, err := f.Object(t.Context(), "ns", object("a"), limit)
			wantError(t, err, tc.reason, retry)
		})
	}
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/fetch"
)

// source is a server of contents: at a URL, and as a bucket without signatures.
type source struct {
	*httptest.Server
	mu     sync.Mutex
	status int
	body   string
	reads  int
}

// newSource answers 200 with the body.
func newSource(t *testing.T, body string) *source {
	t.Helper()
	s := &source{status: http.StatusOK, body: body}
	s.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.reads++
		w.Header().Set("Last-Modified", "Mon, 23 Nov 2026 09:00:00 GMT")
		w.WriteHeader(s.status)
		_, _ = w.Write([]byte(s.body))
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *source) set(status int, body string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status, s.body = status, body
}

func (s *source) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reads
}

func digestOf(body string) string {
	sum := sha256.Sum256([]byte(body))
	return "sha256:" + hex.EncodeToString(sum[:])
}

func (s *source) bucket() *corev1.Secret {
	return &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: "team", Name: "store"}, Data: map[string][]byte{
		"endpoint": []byte(s.URL), "bucket": []byte("content"), "region": []byte("r"), "accessKeyID": []byte("a"),
		"secretAccessKey": []byte("b"), "caBundle": certificatePEM(),
	}}
}

func fromObject(object v1alpha1.ObjectReference) *v1alpha1.PublishRequest {
	return published(func(p *v1alpha1.PublishRequest) {
		p.Spec.Content = v1alpha1.Content{Type: v1alpha1.ContentTypeObject, Format: v1alpha1.ContentFormatMarkdown, Object: object}
	})
}

func fromBucket() *v1alpha1.PublishRequest {
	return fromObject(v1alpha1.ObjectReference{BucketRef: v1alpha1.LocalObjectReference{Name: "store"}, Key: "posts/hello.md"})
}

func TestContentFromABucket(t *testing.T) {
	server := newSource(t, "*bucket*")
	h := newHarness(t, fromBucket(), server.bucket())
	h.call()
	request := h.expect("Ready=True/Published", "Synced=True/Succeeded")
	if got := h.site.Content(request.Status.Post.ID); !strings.Contains(got, "<em>bucket</em>") {
		t.Errorf("the site has %q", got)
	}
	if got := request.Status.Source; got.Digest != digestOf("*bucket*") || got.ResourceVersion != "" {
		t.Errorf("source %+v", got)
	}
	server.set(http.StatusOK, "*changed*")
	h.quiet("nothing tells that a bucket changed")
	if n := server.count(); n != 1 {
		t.Errorf("read %d times, want once", n)
	}
	t.Run("AskedFor", func(t *testing.T) {
		h.annotate(v1alpha1.AnnotationRetryRequestedAt, "now")
		h.call()
		if got := h.expect("Ready=True/Published").Status.Source.Digest; got != digestOf("*changed*") {
			t.Errorf("digest %s", got)
		}
		h.quiet("updated")
	})
	t.Run("InlineLater", func(t *testing.T) {
		h.change(func(p *v1alpha1.PublishRequest) {
			p.Spec.Content = v1alpha1.Content{Type: v1alpha1.ContentTypeInline, Format: v1alpha1.ContentFormatHTML, Inline: "<p>Inline.</p>"}
		})
		h.call()
		if got := h.expect("Ready=True/Published").Status.Source.Digest; got != "" {
			t.Errorf("digest %s of inline content", got)
		}
	})
}

func TestContentFromAURL(t *testing.T) {
	server := newSource(t, "# Title\n\n*url*")
	object := v1alpha1.ObjectReference{URL: server.URL + "/hello.md", Digest: digestOf("something else")}
	h := newHarness(t, fromObject(object))
	h.call()
	h.expect("Ready=False/DigestMismatch", "Stalled=True/DigestMismatch")
	h.quiet("stalled")
	h.change(func(p *v1alpha1.PublishRequest) { p.Spec.Content.Object.Digest = digestOf("# Title\n\n*url*") })
	h.call()
	request := h.expect("Ready=True/Published")
	if got := h.site.Content(request.Status.Post.ID); !strings.Contains(got, "<em>url</em>") {
		t.Errorf("the site has %q", got)
	}
}

// TestContentThatIsMissing is looked for again by itself, later and later, and
// told about once.
func TestContentThatIsMissing(t *testing.T) {
	server := newSource(t, "")
	server.set(http.StatusNotFound, "<Error><Code>NoSuchKey</Code></Error>")
	h := newHarness(t, fromBucket(), server.bucket())
	for i, want := range []time.Duration{time.Minute, 2 * time.Minute, 4 * time.Minute} {
		if got := h.call().RequeueAfter; got != want {
			t.Errorf("look %d: the next one after %s, want %s", i+1, got, want)
		}
		request := h.expect("Ready=False/SourceNotFound", "Reconciling=True/ProgressingWithRetry")
		if n := len(request.Status.History); n != 1 || request.Status.Attempts.Count != 0 {
			t.Errorf("%d events of history and %d attempts, want 1 and none", n, request.Status.Attempts.Count)
		}
		h.quiet("not due")
		h.clock.Step(want)
	}
	server.set(http.StatusOK, "there")
	h.call()
	h.expect("Ready=True/Published")
	if h.retests != 0 {
		t.Error("the site was suspected")
	}
	if n := h.writes; n != 4 {
		t.Errorf("%d writes for 4 looks", n)
	}
}

func TestContentOfASecretThatComesLater(t *testing.T) {
	server := newSource(t, "there")
	h := newHarness(t, fromBucket())
	h.call()
	h.expect("Ready=False/SecretNotFound", "Reconciling=True/ProgressingWithRetry")
	if err := h.client.Create(t.Context(), server.bucket()); err != nil {
		t.Fatal(err)
	}
	h.clock.Step(time.Minute)
	h.call()
	h.expect("Ready=True/Published")
}

// TestContentOutage has attempts counted and given up, and the site left out of it.
func TestContentOutage(t *testing.T) {
	server := newSource(t, "")
	server.set(http.StatusServiceUnavailable, "")
	h := newHarness(t, fromBucket(), server.bucket())
	for i, want := range []time.Duration{time.Minute, 2 * time.Minute} {
		if got := h.call().RequeueAfter; got != want {
			t.Errorf("attempt %d: the next one after %s, want %s", i+1, got, want)
		}
		if n := h.expect("Ready=False/ServerError").Status.Attempts.Count; n != int32(i+1) {
			t.Errorf("%d attempts counted, want %d", n, i+1)
		}
		h.clock.Step(want)
	}
	h.call()
	h.expect("Ready=False/RetriesExhausted", "Stalled=True/RetriesExhausted")
	if h.retests != 0 || len(h.site.Calls()) != 0 {
		t.Errorf("%d tests and %d calls of the site", h.retests, len(h.site.Calls()))
	}
	server.set(http.StatusOK, "there")
	h.quiet("given up")
	h.annotate(v1alpha1.AnnotationRetryRequestedAt, "now")
	h.call()
	h.expect("Ready=True/Published")
}

func TestContentThatCannotBe(t *testing.T) {
	cases := map[string]struct {
		body   string
		reason string
	}{
		"TooLarge": {strings.Repeat("x", maxBody+1), v1alpha1.ReasonSourceTooLarge},
		"NotText":  {"\xff\xfe", v1alpha1.ReasonInvalidContent},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			server := newSource(t, tc.body)
			h := newHarness(t, fromBucket(), server.bucket())
			h.call()
			h.expect("Ready=False/"+tc.reason, "Stalled=True/"+tc.reason)
			h.quiet("stalled")
		})
	}
}

// TestUnreadContentSaysNothingAboutTheSite: neither the breaker nor a pause hears
// of it.
func TestUnreadContentSaysNothingAboutTheSite(t *testing.T) {
	for _, unread := range []*fetch.Error{{Transient: true, RetryAfter: time.Hour}, {Wait: true}, {}} {
		call := callResult{err: unread, endTime: start}
		if pause := pauseAfter(call); pause.Firm || !pause.Until.IsZero() {
			t.Errorf("%+v: the site is paused: %+v", unread, pause)
		}
		if got := judge(call); got != judge(callResult{err: errStale}) {
			t.Errorf("%+v: the site is judged: %v", unread, got)
		}
	}
}

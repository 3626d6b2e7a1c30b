// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/hack/s3"
)

// startStore runs a real S3 server; building it takes a minute, once.
func startStore(t *testing.T) *s3.Server {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
	defer cancel()
	store, err := s3.Start(ctx, s3.Options{Root: root, Dir: t.TempDir()})
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

func digestOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// fromBucket is a request whose content is an object of the bucket of Secret "store".
func (s *space) fromBucket(name, key string) *v1alpha1.PublishRequest {
	return s.fromObject(name, v1alpha1.ObjectReference{BucketRef: v1alpha1.LocalObjectReference{Name: "store"}, Key: key})
}

func (s *space) fromObject(name string, object v1alpha1.ObjectReference) *v1alpha1.PublishRequest {
	request := s.request(name)
	request.Spec.Content = v1alpha1.Content{Type: v1alpha1.ContentTypeObject, Format: v1alpha1.ContentFormatMarkdown, Object: object}
	return request
}

func (s *space) merge(object client.Object, patch string) {
	s.t.Helper()
	if err := shared.Client.Patch(s.t.Context(), object, client.RawPatch("application/merge-patch+json", []byte(patch))); err != nil {
		s.t.Fatal(err)
	}
}

func upload(t *testing.T, store *s3.Server, key, text string) {
	t.Helper()
	if err := store.Put(t.Context(), key, []byte(text), "text/markdown"); err != nil {
		t.Fatal(err)
	}
}

func checkContent(t *testing.T, request *v1alpha1.PublishRequest, want string) {
	t.Helper()
	if got := contentOf(t, request.Status.Post.ID); !strings.Contains(got, want) {
		t.Errorf("the post has %q, want %q in it", got, want)
	}
}

// TestContentFromABucket reads from a real S3 server: what is missing, refused,
// put right, and replaced.
func TestContentFromABucket(t *testing.T) {
	store := startStore(t)
	manager := startManager(t)
	s := newSpace(t)
	s.connected()
	events := s.writes()["create events/"]
	secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "store"}, Data: store.Secret()}
	secret.Data["secretAccessKey"] = []byte("wrong")
	s.create(secret)
	s.create(s.fromBucket("hello", "posts/hello.md"))
	s.awaitRequest("hello", "Ready=False/BucketRefused", "Reconciling=True/ProgressingWithRetry")
	s.checkHealth("PublishRequest", "hello", status.InProgressStatus)

	s.merge(secret, `{"stringData":{"secretAccessKey":"`+s3.SecretAccessKey+`"}}`)
	s.awaitRequest("hello", "Ready=False/SourceNotFound")
	s.checkHealth("PublishRequest", "hello", status.InProgressStatus)
	if n := s.posts(s.title("hello")); n != 0 {
		t.Errorf("%d posts without content", n)
	}

	upload(t, store, "posts/hello.md", "From a *bucket*.")
	request := s.awaitRequest("hello", "Ready=True/Published", "Published=True/Published", "Synced=True/Succeeded")
	s.checkHealth("PublishRequest", "hello", status.CurrentStatus)
	checkContent(t, request, "<em>bucket</em>")
	if got, want := request.Status.Source.Digest, digestOf("From a *bucket*."); got != want {
		t.Errorf("the digest is %s, want %s", got, want)
	}
	s.await(&v1alpha1.WordPressIntegration{}, "blog", "Ready=True/Connected")
	if strings.Contains(manager.Log(), s3.SecretAccessKey) {
		t.Error("the manager's log has the credentials of the bucket")
	}

	t.Run("NothingToDo", func(t *testing.T) {
		poll(t, func() (bool, string) { // Events are sent in the background
			n := s.writes()["create events/"] - events
			return n == 3, fmt.Sprintf("%d Events, want BucketRefused, SourceNotFound and Published", n)
		})
		upload(t, store, "posts/hello.md", "From a *replaced object*.")
		reads, calls, writes, done := store.Reads("posts/hello.md"), siteCalls(t), s.writes(), reconciles(t, manager, "publishrequest")
		for i := range 20 {
			s.merge(request, fmt.Sprintf(`{"metadata":{"annotations":{"example.com/touched":"%d"}}}`, i))
			done++
			poll(t, func() (bool, string) { return reconciles(t, manager, "publishrequest") >= done, "no reconcile" })
		}
		if diff := cmp.Diff(writes, s.writes()); diff != "" {
			t.Errorf("writes (-want +got):\n%s", diff)
		}
		if store.Reads("posts/hello.md") != reads || reads == 0 || siteCalls(t) != calls {
			t.Errorf("%d reads, %d before; %d calls to the site, %d before", store.Reads("posts/hello.md"), reads, siteCalls(t), calls)
		}
	})
	t.Run("ReadAgain", func(t *testing.T) {
		s.merge(request, `{"metadata":{"annotations":{"`+v1alpha1.AnnotationRetryRequestedAt+`":"now"}}}`)
		poll(t, func() (bool, string) {
			request = s.awaitRequest("hello", "Ready=True/Published")
			return request.Status.Source.Digest == digestOf("From a *replaced object*."), "the digest is " + request.Status.Source.Digest
		})
		checkContent(t, request, "<em>replaced object</em>")
	})
}

// TestContentAtAURL publishes what has the digest, and nothing else.
func TestContentAtAURL(t *testing.T) {
	const text = "From a *URL*."
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/hello.md" {
			http.Redirect(w, r, "/hello.md", http.StatusFound)
			return
		}
		_, _ = w.Write([]byte(text))
	}))
	t.Cleanup(server.Close)
	trust(t, server)
	startManager(t)
	s := newSpace(t)
	s.connected()
	s.create(s.fromObject("hello", v1alpha1.ObjectReference{URL: server.URL + "/moved.md", Digest: digestOf("another text")}))
	request := s.awaitRequest("hello", "Ready=False/DigestMismatch", "Stalled=True/DigestMismatch")
	s.checkHealth("PublishRequest", "hello", status.FailedStatus)
	if s.posts(s.title("hello")) != 0 {
		t.Error("a text with another digest was published")
	}
	s.merge(request, `{"spec":{"content":{"object":{"digest":"`+digestOf(text)+`"}}}}`)
	request = s.awaitRequest("hello", "Ready=True/Published")
	s.checkHealth("PublishRequest", "hello", status.CurrentStatus)
	checkContent(t, request, "<em>URL</em>")
}

// trust has managers that are started from now on trust the server.
func trust(t *testing.T, server *httptest.Server) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ca.crt")
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(path, certificate, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SSL_CERT_FILE", path)
}

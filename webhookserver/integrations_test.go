// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package webhookserver

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/go-logr/logr"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/rest"
	clocktesting "k8s.io/utils/clock/testing"
)

// eventually waits for what other goroutines do; the bound is for a hung test alone.
func eventually(t *testing.T, what string, check func() bool) {
	t.Helper()
	err := wait.PollUntilContextTimeout(t.Context(), time.Millisecond, time.Minute, true,
		func(context.Context) (bool, error) { return check(), nil })
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

const (
	// inTheCluster and inBlogs are where the API server has the integrations of all
	// namespaces, and those of namespace "blogs".
	inTheCluster = "/apis/publishing.igny8.com/v1alpha1/wordpressintegrations"
	inBlogs      = "/apis/publishing.igny8.com/v1alpha1/namespaces/blogs/wordpressintegrations"
)

// apiServer answers what a reflector asks for at a path, to callers with the token, with
// an empty list and a watch on which nothing happens.
func apiServer(t *testing.T, token, path string) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch {
		case r.Header.Get("Authorization") != "Bearer "+token:
			w.WriteHeader(http.StatusUnauthorized)
		case r.URL.Path != path:
			w.WriteHeader(http.StatusNotFound)
		case r.URL.Query().Get("sendInitialEvents") != "":
			// An API server without streamed lists; the reflector falls back to a list.
			w.WriteHeader(http.StatusUnprocessableEntity)
			_, _ = io.WriteString(w, `{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Invalid","code":422}`)
		case r.URL.Query().Get("watch") != "":
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		default:
			_, _ = io.WriteString(w, `{"kind":"WordPressIntegrationList","apiVersion":"publishing.igny8.com/v1alpha1","metadata":{"resourceVersion":"1"},"items":[]}`)
		}
	}))
	t.Cleanup(server.Close)
	return server
}

// startIntegrations runs them until the test ends.
func startIntegrations(t *testing.T, i *Integrations) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- i.Start(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Start() = %v", err)
		}
	})
}

func TestIntegrationsWaitForTheirToken(t *testing.T) {
	token := jwtUntil(now.Add(time.Hour))
	path := filepath.Join(t.TempDir(), "token")
	clock := clocktesting.NewFakeClock(now)
	i := NewIntegrations(&rest.Config{Host: apiServer(t, token, inTheCluster).URL, BearerTokenFile: path}, "", clock, logr.Discard())
	startIntegrations(t, i)

	eventually(t, "wait for the token", clock.HasWaiters)
	if err := i.Ready(nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Ready() = %v, want that there is no token yet", err)
	}

	if err := os.WriteFile(path, []byte(token), 0o600); err != nil {
		t.Fatal(err)
	}
	clock.Step(tokenPollInterval)
	eventually(t, "read the integrations", func() bool { return i.Ready(nil) == nil })

	clock.Step(time.Hour)
	if err := i.Ready(nil); !errors.Is(err, errTokenExpired) {
		t.Errorf("Ready() = %v, want that nobody has renewed the token", err)
	}
}

// An account without rights in the cluster can list in its namespace, and nowhere else.
func TestIntegrationsOfOneNamespace(t *testing.T) {
	i := NewIntegrations(&rest.Config{Host: apiServer(t, "token", inBlogs).URL, BearerToken: "token"}, "blogs", clocktesting.NewFakeClock(now), logr.Discard())
	startIntegrations(t, i)
	eventually(t, "read the integrations of one namespace", func() bool { return i.Ready(nil) == nil })
}

func TestIntegrationsStopWhileTheyWait(t *testing.T) {
	config := &rest.Config{BearerTokenFile: filepath.Join(t.TempDir(), "token")}
	i := NewIntegrations(config, "", clocktesting.NewFakeClock(now), logr.Discard())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := i.Start(ctx); err != nil {
		t.Errorf("Start() = %v, want a clean end", err)
	}
}

func TestIntegrationsAreNotReadyWhenRefused(t *testing.T) {
	refused := make(chan struct{}, 100)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		select {
		case refused <- struct{}{}:
		default:
		}
	}))
	t.Cleanup(server.Close)
	i := NewIntegrations(&rest.Config{Host: server.URL}, "", clocktesting.NewFakeClock(now), logr.Discard())
	startIntegrations(t, i)
	<-refused
	if err := i.Ready(nil); !errors.Is(err, errNotSynced) {
		t.Errorf("Ready() = %v, want %v", err, errNotSynced)
	}
}

func TestIntegrationsReportBadConfiguration(t *testing.T) {
	config := &rest.Config{Host: "https://192.0.2.1", TLSClientConfig: rest.TLSClientConfig{CAFile: filepath.Join(t.TempDir(), "ca.crt")}}
	i := NewIntegrations(config, "", clocktesting.NewFakeClock(now), logr.Discard())
	if err := i.Start(t.Context()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Start() = %v, want that there is no CA file", err)
	}
}

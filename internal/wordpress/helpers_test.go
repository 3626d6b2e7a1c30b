// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/igny8/wordpress-operator/internal/wordpress"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

// clientOf returns a client of a fake that knows the root.
func clientOf(t *testing.T, fake *wordpresstest.Fake) *wordpress.Client {
	t.Helper()
	return newClient(t, wordpress.Config{
		SiteURL: fake.URL(), RESTURL: fake.RESTURL(), Key: wordpress.NewKey(fake.Key()), CABundle: fake.CABundle(),
	})
}

func newClient(t *testing.T, cfg wordpress.Config) *wordpress.Client {
	t.Helper()
	if cfg.Key.IsEmpty() {
		cfg.Key = wordpress.NewKey(wordpresstest.DefaultKey)
	}
	client, err := wordpress.NewClient(cfg, wordpresstest.LoopbackTransports(t))
	if err != nil {
		t.Fatalf("NewClient: %v", err)
	}
	return client
}

func newPost() *wordpress.Post {
	return &wordpress.Post{ContentKey: "content:1", Title: "Hello", ContentHTML: "<p>Hi & bye</p>", Status: "publish"}
}

// answering gives every call of the plugin the same answer.
func answering(status int, contentType, body string, header ...string) wordpresstest.Hook {
	return func(*http.Request) wordpresstest.Fault {
		h := http.Header{"Content-Type": {contentType}}
		for i := 0; i+1 < len(header); i += 2 {
			h.Set(header[i], header[i+1])
		}
		return wordpresstest.Fault{Answer: &wordpresstest.Answer{Status: status, Header: h, Body: body}}
	}
}

// wantError returns err as *Error of the kind, or ends the test.
func wantError(t *testing.T, err error, kind wordpress.Kind) *wordpress.Error {
	t.Helper()
	var e *wordpress.Error
	if !errors.As(err, &e) || e.Kind != kind {
		t.Fatalf("got %v (%s), want %s", err, wordpress.KindOf(err), kind)
	}
	return e
}

func second[T any](_ T, err error) error { return err }

// wantKind fails the test if err is not of the kind.
func wantKind(t *testing.T, err error, kind wordpress.Kind) {
	t.Helper()
	if wordpress.KindOf(err) != kind {
		t.Errorf("got %v (%s), want %s", err, wordpress.KindOf(err), kind)
	}
}

// waitFor asks every millisecond until a condition holds, for ten seconds.
func waitFor(t *testing.T, what string, condition func() bool) {
	t.Helper()
	ticker := time.NewTicker(time.Millisecond)
	defer ticker.Stop()
	deadline := time.After(10 * time.Second)
	for !condition() {
		select {
		case <-ticker.C:
		case <-deadline:
			t.Fatalf("no %s", what)
		}
	}
}

func asError(err error) *wordpress.Error {
	var e *wordpress.Error
	errors.As(err, &e)
	return e
}

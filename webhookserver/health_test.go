// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package webhookserver

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/go-logr/logr"
	"github.com/go-logr/logr/funcr"
	"github.com/google/go-cmp/cmp"
)

func TestProbes(t *testing.T) {
	ready := func(*http.Request) error { return nil }
	waiting := func(*http.Request) error { return errNotSynced }
	tests := map[string]struct {
		reason   string
		source   func(*http.Request) error
		draining bool
		path     string
		want     int
		body     string
	}{
		"Alive":            {reason: "all is well", source: ready, path: "/healthz", want: 200, body: "ok\n"},
		"AliveWaiting":     {reason: "a restart would not help", source: waiting, path: "/healthz", want: 200, body: "ok\n"},
		"AliveDraining":    {reason: "a restart would cut requests off", source: ready, draining: true, path: "/healthz", want: 200, body: "ok\n"},
		"Ready":            {reason: "all is well", source: ready, path: "/readyz", want: 200, body: "ok\n"},
		"NotReady":         {reason: "says why", source: waiting, path: "/readyz", want: 503, body: "the integrations have not been read yet\n"},
		"NotReadyDraining": {reason: "says why", source: ready, draining: true, path: "/readyz", want: 503, body: "the server is shutting down\n"},
		"Other":            {reason: "nothing else", source: ready, path: "/", want: 404, body: "404 page not found\n"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			h := newHealth(tc.source, logr.Discard())
			h.draining.Store(tc.draining)
			recorder := httptest.NewRecorder()
			h.handler().ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, tc.path, nil))
			if recorder.Code != tc.want || recorder.Body.String() != tc.body {
				t.Errorf("%s: answered %d %q, want %d %q", tc.reason, recorder.Code, recorder.Body, tc.want, tc.body)
			}
		})
	}
}

func TestReadinessIsLoggedWhenItChanges(t *testing.T) {
	var lines []string
	log := funcr.New(func(_, args string) { lines = append(lines, args) }, funcr.Options{})
	answers := []error{errNotSynced, errNotSynced, nil, nil, errTokenExpired, nil}
	next := 0
	h := newHealth(func(*http.Request) error { next++; return answers[next-1] }, log)
	for range answers {
		h.handler().ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/readyz", nil))
	}
	want := []string{
		`"level"=0 "msg"="Not ready" "reason"="the integrations have not been read yet"`,
		`"level"=0 "msg"="Ready"`,
		`"level"=0 "msg"="Not ready" "reason"="the ServiceAccount token has expired"`,
		`"level"=0 "msg"="Ready"`,
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

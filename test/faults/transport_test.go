// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package faults

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"time"
)

// verbs are the API server's words for methods that write.
var verbs = map[string]string{
	http.MethodPost: "create", http.MethodPut: "update", http.MethodPatch: "patch", http.MethodDelete: "delete",
}

// writeOf names the write that a request to the API server is; empty if it is
// none. Paths end in …/namespaces/NAMESPACE/RESOURCE[/NAME[/SUBRESOURCE]].
func writeOf(r *http.Request) effect {
	verb := verbs[r.Method]
	_, rest, namespaced := strings.Cut(r.URL.Path, "/namespaces/")
	parts := strings.Split(rest, "/")
	if verb == "" || !namespaced || len(parts) < 2 {
		return ""
	}
	resource := parts[1]
	if len(parts) > 3 {
		resource += "/" + parts[3]
	}
	return effect(verb + " " + resource)
}

// roundTripper is a function that is one.
type roundTripper func(*http.Request) (*http.Response, error)

// RoundTrip calls the function.
func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// mortal returns a transport to the API server that works while the process
// lives.
func (l *life) mortal(next http.RoundTripper) http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		fate := happens
		if write := writeOf(r); write != "" {
			fate = l.begin(write)
		}
		if fate == refused || l.isOver() {
			return nil, errDead
		}
		response, err := next.RoundTrip(r)
		if fate == last {
			l.die()
		}
		if l.isOver() {
			if err == nil {
				_ = response.Body.Close()
			}
			return nil, errDead
		}
		if err == nil {
			response.Body = l.stream(response.Body)
		}
		return response, err
	})
}

var numbers = regexp.MustCompile(`\d+`)

// callOf names a request to the site: method and route, without ids.
func callOf(r *http.Request) effect {
	route := strings.Trim(r.URL.Path, "/")
	if _, rest, ok := strings.Cut(route, "wp-json/igny8/v1/"); ok {
		route = numbers.ReplaceAllString(rest, "ID")
	}
	if route == "" {
		route = "home page"
	}
	return effect(r.Method + " " + route)
}

// lateBy is how long after the death of its caller a call arrives that outlives
// it: when the next operator is at work.
const lateBy = time.Second

// mortalCalls lets the processes' calls through to the site while they live. A
// call that has had its effect when its process dies is not answered.
func (s *space) mortalCalls(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l := s.caller(r)
		switch l.begin(callOf(r)) {
		case happens:
			next.ServeHTTP(w, r)
			return
		case last:
			next.ServeHTTP(httptest.NewRecorder(), r)
			l.die()
		case late:
			s.serveLate(next, r)
		case refused:
		}
		panic(http.ErrAbortHandler)
	})
}

// serveLate has the site take a call that nobody waits for any more.
func (s *space) serveLate(next http.Handler, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		s.log.addf("late call: %v", err)
		return
	}
	r = r.Clone(context.WithoutCancel(r.Context()))
	r.Body = io.NopCloser(bytes.NewReader(body))
	s.late.Add(1)
	time.AfterFunc(lateBy, func() {
		defer s.late.Add(-1)
		next.ServeHTTP(httptest.NewRecorder(), r)
	})
}

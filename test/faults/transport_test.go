// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package faults

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
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
		alive, last := !l.isOver(), false
		if write := writeOf(r); write != "" {
			alive, last = l.begin(write)
		}
		if !alive {
			return nil, errDead
		}
		response, err := next.RoundTrip(r)
		if last {
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

// mortalCalls lets the processes' calls through to the site while they live. A
// call that has had its effect when its process dies is not answered.
func (s *space) mortalCalls(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l := s.caller(r)
		alive, last := l.begin(callOf(r))
		if !alive {
			panic(http.ErrAbortHandler)
		}
		if last {
			next.ServeHTTP(httptest.NewRecorder(), r)
			l.die()
			panic(http.ErrAbortHandler)
		}
		next.ServeHTTP(w, r)
	})
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package webhookserver

import (
	"maps"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/go-logr/logr"
)

// Route is one method of one path.
type Route struct {
	// Method is the HTTP method; a route of GET takes HEAD too.
	Method string
	// Path ends in a slash and may have {wildcards}, as in http.ServeMux. It is served
	// without the last slash as well, because senders drop it.
	Path string
	// ContentType is the media type a body must have; empty when no body is expected.
	ContentType string
	// Handler answers.
	Handler HandlerFunc
}

// exactly is ServeMux's mark for a path that ends here.
const exactly = "{$}"

// router finds the route of a request. http.ServeMux alone would redirect unclean paths,
// echoing them, and answer 404 and 405 in plain text.
type router struct {
	mux *http.ServeMux
	log logr.Logger
}

func newRouter(routes []Route, log logr.Logger) *router {
	rt := &router{mux: http.NewServeMux(), log: log}
	for pattern, methods := range byPath(routes) {
		rt.mux.HandleFunc(pattern+exactly, rt.handle(methods.serve))
		rt.mux.HandleFunc(strings.TrimSuffix(pattern, "/"), rt.handle(methods.serve))
	}
	rt.mux.HandleFunc("/", rt.handle(notFound))
	return rt
}

// ServeHTTP implements http.Handler.
func (rt *router) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !isClean(r.URL.Path) {
		rt.handle(notFound)(w, r)
		return
	}
	rt.mux.ServeHTTP(w, r)
}

// handle turns an error of the handler into its problem. A caller that is gone before
// the problem is written is no error of ours.
func (rt *router) handle(handler HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		err := handler(w, r)
		if err == nil {
			return
		}
		if asHTTPError(err).status == http.StatusInternalServerError {
			rt.log.Error(err, "Answering a request failed", "route", r.Pattern, "method", methodLabel(r.Method))
		}
		if err := writeError(w, err); err != nil {
			rt.log.V(1).Info("Writing a problem failed", "reason", err.Error())
		}
	}
}

// notFound does not say what was asked for.
func notFound(http.ResponseWriter, *http.Request) error {
	return NewError(http.StatusNotFound, "There is nothing here.")
}

// isClean says whether ServeMux would serve the path without a redirect.
func isClean(p string) bool {
	if !strings.HasPrefix(p, "/") {
		return false
	}
	clean := path.Clean(p)
	return p == clean || clean != "/" && p == clean+"/"
}

// methodTable holds the routes of one path by method.
type methodTable map[string]Route

func byPath(routes []Route) map[string]methodTable {
	paths := map[string]methodTable{}
	for _, route := range routes {
		if paths[route.Path] == nil {
			paths[route.Path] = methodTable{}
		}
		paths[route.Path][route.Method] = route
		if route.Method == http.MethodGet {
			paths[route.Path][http.MethodHead] = route
		}
	}
	return paths
}

func (t methodTable) serve(w http.ResponseWriter, r *http.Request) error {
	route, ok := t[r.Method]
	if !ok {
		return methodNotAllowed(slices.Sorted(maps.Keys(t)))
	}
	if err := route.checkContentType(r); err != nil {
		return err
	}
	if err := limitBody(w, r); err != nil {
		return err
	}
	return route.Handler(w, r)
}

func (route Route) checkContentType(r *http.Request) error {
	if route.ContentType == "" {
		return nil
	}
	got, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || got != route.ContentType {
		return NewError(http.StatusUnsupportedMediaType, "The body must be "+route.ContentType+".")
	}
	return nil
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpresstest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/igny8/wordpress-operator/internal/wordpress"
)

const namespace = "igny8/v1/"

func (f *Fake) serveHome(w http.ResponseWriter, r *http.Request) {
	if f.strike(w, f.faultFor(r), BeforeEffect) {
		return
	}
	if !f.settings.noLinkHeader {
		w.Header().Add("Link", fmt.Sprintf(`<%s>; rel="https://api.w.org/"`, f.RESTURL()))
	}
	w.Header().Set("Content-Type", "text/html; charset=UTF-8")
	_, _ = fmt.Fprint(w, "<!doctype html><html><head><title>Example</title></head><body></body></html>")
}

func (f *Fake) serveREST(w http.ResponseWriter, r *http.Request, route string) {
	name, ours := strings.CutPrefix(route, namespace)
	switch {
	case strings.Trim(route, "/") == "":
		f.serveIndex(w, r)
	case ours && !f.settings.noPlugin:
		f.servePlugin(w, r, strings.Trim(name, "/"))
	default:
		noRoute(w)
	}
}

func (f *Fake) serveIndex(w http.ResponseWriter, r *http.Request) {
	if f.strike(w, f.faultFor(r), BeforeEffect) {
		return
	}
	namespaces := []string{"oembed/1.0", "wp/v2"}
	if !f.settings.noPlugin {
		namespaces = append(namespaces, "igny8/v1")
	}
	writeJSON(w, http.StatusOK, map[string]any{
		"name": "Example", "url": f.URL(), "home": f.URL(), "namespaces": namespaces,
	})
}

// noRoute answers as WordPress does.
func noRoute(w http.ResponseWriter) {
	writeJSON(w, http.StatusNotFound, map[string]any{
		"code":    "rest_no_route",
		"message": "No route was found matching the URL and request method.",
		"data":    map[string]int{"status": http.StatusNotFound},
	})
}

func (f *Fake) site() *wordpress.Site {
	return &wordpress.Site{
		UUID:             "0b6f0c1e-5a3d-4d0c-9d0e-5f1c7c2b9a11",
		Name:             "Example",
		HomeURL:          f.URL() + "/",
		RESTURL:          f.RESTURL(),
		PluginVersion:    "2.2.0",
		WordPressVersion: "6.8.1",
		PHPVersion:       "8.2.10",
		Locale:           "en_US",
		TimeZone:         "Europe/Berlin",
		User:             wordpress.User{ID: 2, Login: "igny8"},
		Capabilities:     []string{"edit_posts", "publish_posts"},
		Limits: wordpress.Limits{
			UploadMaxBytes: 64 << 20, PostMaxBytes: 64 << 20, MemoryBytes: 256 << 20, ExecutionSeconds: 30,
		},
		SEOPlugins:           []string{},
		BlockEditorPostTypes: []string{"page", "post"},
	}
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.WriteHeader(status)
	_, _ = w.Write(text)
}

// problemBody renders a problem; extra members are added to the standard ones.
func problemBody(status int, name, detail string, extra map[string]any) []byte {
	body := map[string]any{
		"type": "urn:igny8:problem:" + name, "title": http.StatusText(status), "status": status, "detail": detail,
	}
	for member, value := range extra {
		body[member] = value
	}
	text, err := json.Marshal(body)
	if err != nil {
		panic(err) // only a type that JSON cannot express, a mistake in this package
	}
	return text
}

func writeProblem(w http.ResponseWriter, status int, name, detail string, extra map[string]any) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_, _ = w.Write(problemBody(status, name, detail, extra))
}

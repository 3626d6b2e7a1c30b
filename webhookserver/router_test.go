// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package webhookserver

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-logr/logr"
	"github.com/google/go-cmp/cmp"
)

var errBoom = errors.New("boom: a detail for the log alone")

// testRoutes show each way a route can answer.
func testRoutes() []Route {
	ok := func(w http.ResponseWriter, _ *http.Request) error {
		_, err := io.WriteString(w, "ok")
		return err
	}
	read := func(_ http.ResponseWriter, r *http.Request) error {
		_, err := io.Copy(io.Discard, r.Body)
		return err
	}
	return []Route{
		{Method: http.MethodGet, Path: "/api/things/", Handler: ok},
		{Method: http.MethodPost, Path: "/api/things/", ContentType: "application/json", Handler: read},
		{Method: http.MethodGet, Path: "/api/things/{name}/part/", Handler: ok},
		{Method: http.MethodGet, Path: "/api/fails/", Handler: func(http.ResponseWriter, *http.Request) error { return errBoom }},
		{Method: http.MethodGet, Path: "/api/panics/", Handler: func(http.ResponseWriter, *http.Request) error { panic("boom: a detail for the log alone") }},
		{Method: http.MethodGet, Path: "/api/busy/", Handler: func(http.ResponseWriter, *http.Request) error {
			return NewError(http.StatusServiceUnavailable, "Come back later.")
		}},
	}
}

func newTestHandler() http.Handler {
	return recoverPanics(newRouter(testRoutes(), logr.Discard()), logr.Discard())
}

func do(t *testing.T, method, target, contentType string, body io.Reader) *http.Response {
	t.Helper()
	request := httptest.NewRequest(method, "http://example.com/", body)
	request.URL.Path = target
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	recorder := httptest.NewRecorder()
	newTestHandler().ServeHTTP(recorder, request)
	return recorder.Result()
}

func TestRoutesAnswer(t *testing.T) {
	tests := map[string]struct {
		reason string
		method string
		path   string
		want   int
	}{
		"Get":            {reason: "the path of the contract", method: "GET", path: "/api/things/", want: 200},
		"NoSlash":        {reason: "senders drop the last slash", method: "GET", path: "/api/things", want: 200},
		"Head":           {reason: "HEAD comes with GET", method: "HEAD", path: "/api/things/", want: 200},
		"Wildcard":       {reason: "a name in the path", method: "GET", path: "/api/things/a.b/part", want: 200},
		"Unknown":        {reason: "no such path", method: "GET", path: "/api/other/", want: 404},
		"Root":           {reason: "nothing at the root", method: "GET", path: "/", want: 404},
		"Below":          {reason: "a path is not a prefix", method: "GET", path: "/api/things/a/", want: 404},
		"Doubled":        {reason: "no redirect that echoes the path", method: "GET", path: "//api/things/", want: 404},
		"DoubledRoot":    {reason: "no redirect that echoes the path", method: "GET", path: "//", want: 404},
		"DotDot":         {reason: "no redirect that echoes the path", method: "GET", path: "/api/../api/things/", want: 404},
		"Star":           {reason: "OPTIONS * is a path like another", method: "OPTIONS", path: "*", want: 404},
		"Empty":          {reason: "CONNECT has no path", method: "CONNECT", path: "", want: 404},
		"UnknownPost":    {reason: "404 comes before 405", method: "POST", path: "/api/other/", want: 404},
		"WrongMethod":    {reason: "DELETE is not among the methods", method: "DELETE", path: "/api/things/", want: 405},
		"InventedMethod": {reason: "nor is a word nobody knows", method: "BREW", path: "/api/things", want: 405},
		"Busy":           {reason: "the handler's own status", method: "GET", path: "/api/busy/", want: 503},
		"Fails":          {reason: "an error nobody foresaw", method: "GET", path: "/api/fails/", want: 500},
		"Panics":         {reason: "a panic is an error, too", method: "GET", path: "/api/panics/", want: 500},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			response := do(t, tc.method, tc.path, "", nil)
			if response.StatusCode != tc.want {
				t.Errorf("%s: %s %s answered %d, want %d", tc.reason, tc.method, tc.path, response.StatusCode, tc.want)
			}
			if tc.want >= 400 {
				wantProblem(t, response)
			}
		})
	}
}

// wantProblem checks what holds for every problem and returns its detail.
func wantProblem(t *testing.T, response *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	var got Problem
	if err := json.Unmarshal(body, &got); err != nil {
		t.Fatalf("the body is no JSON: %v\n%s", err, body)
	}
	want := Problem{Type: "about:blank", Title: http.StatusText(response.StatusCode), Status: response.StatusCode, Detail: got.Detail}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("problem: -want +got\n%s", diff)
	}
	if contentType := response.Header.Get("Content-Type"); contentType != "application/problem+json" {
		t.Errorf("Content-Type is %q", contentType)
	}
	if cache := response.Header.Get("Cache-Control"); cache != "no-store" {
		t.Errorf("Cache-Control is %q", cache)
	}
	if got.Detail == "" || strings.Contains(string(body), "boom") {
		t.Errorf("detail must help, and hold nothing of the cause: %q", body)
	}
	return got.Detail
}

func TestProblemsEchoNothing(t *testing.T) {
	const canary = "c4n4ry"
	tests := map[string]struct {
		reason      string
		method      string
		path        string
		contentType string
	}{
		"Path":        {reason: "an unknown path", method: "GET", path: "/" + canary},
		"Unclean":     {reason: "a path that would be redirected", method: "GET", path: "//" + canary + "/../x"},
		"Method":      {reason: "an invented method", method: strings.ToUpper(canary), path: "/api/things/"},
		"ContentType": {reason: "a media type nobody takes", method: "POST", path: "/api/things/", contentType: "text/" + canary},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			response := do(t, tc.method, tc.path, tc.contentType, nil)
			body, err := io.ReadAll(response.Body)
			if err != nil {
				t.Fatal(err)
			}
			var header strings.Builder
			if err := response.Header.Write(&header); err != nil {
				t.Fatal(err)
			}
			if answer := strings.ToLower(header.String() + string(body)); strings.Contains(answer, canary) {
				t.Errorf("%s: the answer holds it:\n%s", tc.reason, answer)
			}
		})
	}
}

func TestMethodNotAllowedNamesTheAllowed(t *testing.T) {
	response := do(t, http.MethodDelete, "/api/things/", "", nil)
	if got := response.Header.Get("Allow"); got != "GET, HEAD, POST" {
		t.Errorf("Allow is %q", got)
	}
}

func TestContentTypes(t *testing.T) {
	tests := map[string]struct {
		reason      string
		contentType string
		want        int
	}{
		"JSON":     {reason: "the media type", contentType: "application/json", want: 200},
		"Charset":  {reason: "WordPress sends a charset", contentType: "application/json; charset=utf-8", want: 200},
		"Case":     {reason: "media types have no case", contentType: "Application/JSON", want: 200},
		"Form":     {reason: "a form is not JSON", contentType: "application/x-www-form-urlencoded", want: 415},
		"None":     {reason: "a sender that does not say", contentType: "", want: 415},
		"Nonsense": {reason: "a header that cannot be read", contentType: "a/b/c;;", want: 415},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			response := do(t, http.MethodPost, "/api/things/", tc.contentType, strings.NewReader("{}"))
			if response.StatusCode != tc.want {
				t.Errorf("%s: answered %d, want %d", tc.reason, response.StatusCode, tc.want)
			}
		})
	}
}

func TestBodySize(t *testing.T) {
	tests := map[string]struct {
		reason string
		size   int
		hidden bool
		want   int
	}{
		"Fits":         {reason: "the largest that fits", size: MaxBodyBytes, want: 200},
		"Declared":     {reason: "refused by its Content-Length", size: MaxBodyBytes + 1, want: 413},
		"HiddenFits":   {reason: "chunked, the largest that fits", size: MaxBodyBytes, hidden: true, want: 200},
		"HiddenTooBig": {reason: "chunked, refused while it is read", size: MaxBodyBytes + 1, hidden: true, want: 413},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			var body io.Reader = strings.NewReader(strings.Repeat("x", tc.size))
			if tc.hidden {
				// httptest cannot tell the length of what it does not know.
				body = io.NopCloser(body)
			}
			response := do(t, http.MethodPost, "/api/things/", "application/json", body)
			if response.StatusCode != tc.want {
				t.Fatalf("%s: answered %d, want %d", tc.reason, response.StatusCode, tc.want)
			}
			if tc.want == http.StatusRequestEntityTooLarge {
				wantProblem(t, response)
			}
		})
	}
}

func TestAbortedConnectionsStayAborted(t *testing.T) {
	abort := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	defer func() {
		if cause, _ := recover().(error); !errors.Is(cause, http.ErrAbortHandler) {
			t.Errorf("recovered %v, want net/http's own panic to pass", cause)
		}
	}()
	recoverPanics(abort, logr.Discard()).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
	t.Error("the panic was swallowed")
}

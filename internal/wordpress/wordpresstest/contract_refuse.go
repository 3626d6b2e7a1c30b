// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpresstest

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/igny8/wordpress-operator/internal/wordpress"
)

func testWrongKey(t *testing.T, s *suite) {
	wrong := s.clientWith(t, strings.Repeat("x", 40), wordpress.AuthHeaderAuto)
	for what, err := range map[string]error{
		"Site":     second(wrong.Site(t.Context(), wordpress.Position{})),
		"Publish":  second(wrong.Publish(t.Context(), newPost())),
		"FindPost": second(wrong.FindPost(t.Context(), "any")),
	} {
		var e *wordpress.Error
		if !errors.As(err, &e) || e.Kind != wordpress.KindCredentialsRefused || e.Problem != "key-unknown" {
			t.Errorf("%s with a wrong key: %v, want key-unknown", what, err)
		}
	}
}

func testMissingKey(t *testing.T, s *suite) {
	res := s.raw(t, http.MethodGet, "igny8/v1/site", "", nil)
	if res.status != http.StatusUnauthorized || res.problem() != "key-missing" {
		t.Errorf("answer %d %q, want 401 key-missing", res.status, res.problem())
	}
}

func testBearer(t *testing.T, s *suite) {
	for _, header := range []wordpress.AuthHeader{wordpress.AuthHeaderBearer, wordpress.AuthHeaderKey} {
		if _, err := s.clientWith(t, s.target.Key, header).Site(t.Context(), wordpress.Position{}); err != nil {
			t.Errorf("Site with the key as %s: %v", header, err)
		}
	}
}

// testBadFields changes one field of a good payload at a time; nil removes it.
func testBadFields(t *testing.T, s *suite) {
	type field struct {
		name  string
		value any
	}
	cases := map[string]field{
		"missing key":           {"content_key", nil},
		"empty key":             {"content_key", ""},
		"long key":              {"content_key", strings.Repeat("k", 129)},
		"missing title":         {"title", nil},
		"empty title":           {"title", ""},
		"long title":            {"title", strings.Repeat("ü", 501)},
		"title of another type": {"title", 12},
		"missing content":       {"content_html", nil},
		"missing status":        {"status", nil},
		"unknown status":        {"status", "inherit"},
		"id zero":               {"content_id", 0},
		"id beyond 2^53-1":      {"content_id", int64(1) << 53},
		"id as text":            {"content_id", "12"},
		"long owner":            {"owner", strings.Repeat("o", 129)},
		"long slug":             {"slug", strings.Repeat("s", 201)},
		"unknown post type":     {"post_type", "no_such_type"},
		"unknown comments":      {"comment_status", "maybe"},
		"tags that are text":    {"tags", "a,b"},
		"tags that are numbers": {"tags", []int{1}},
		"too many tags":         {"tags", slices.Repeat([]string{"t"}, 101)},
		"too many keywords":     {"secondary_keywords", slices.Repeat([]string{"k"}, 51)},
		"unknown field":         {"no_such_field", "x"},
		"unknown image":         {"featured_image_id", maxID},
		"unknown gallery":       {"gallery", []int64{maxID}},
	}
	for name, bad := range cases {
		payload := map[string]any{
			"content_key": newPost().ContentKey, "title": "T", "content_html": "<p>x</p>", "status": "draft",
		}
		if bad.value == nil {
			delete(payload, bad.name)
		} else {
			payload[bad.name] = bad.value
		}
		res := s.raw(t, http.MethodPost, "igny8/v1/publish", marshal(t, payload), s.json())
		if res.status != http.StatusBadRequest || res.problem() != "invalid-payload" || !slices.Contains(res.fields(), bad.name) {
			t.Errorf("%s: answer %d %q naming %v, want 400 invalid-payload naming %s", name, res.status, res.problem(), res.fields(), bad.name)
		}
	}
}

func testMediaType(t *testing.T, s *suite) {
	header := s.auth()
	header.Set("Content-Type", "text/plain")
	res := s.raw(t, http.MethodPost, "igny8/v1/publish", "{}", header)
	if res.status != http.StatusUnsupportedMediaType || res.problem() != "unsupported-media-type" {
		t.Errorf("text/plain: answer %d %q, want 415 unsupported-media-type", res.status, res.problem())
	}
	res = s.raw(t, http.MethodPost, "igny8/v1/publish", "{broken", s.json())
	if res.status != http.StatusBadRequest {
		t.Errorf("broken JSON: answer %d, want 400", res.status)
	}
}

// response is an answer as it came, for what the client does not send or show.
type response struct {
	status int
	header http.Header
	body   string
}

type problemMembers struct {
	Type   string `json:"type"`
	Status int    `json:"status"`
	Errors []struct {
		Field   string `json:"field"`
		Message string `json:"message"`
	} `json:"errors"`
}

func (r response) members() problemMembers {
	var p problemMembers
	if !strings.HasPrefix(r.header.Get("Content-Type"), "application/problem+json") || json.Unmarshal([]byte(r.body), &p) != nil {
		return problemMembers{}
	}
	return p
}

// problem returns the problem's name, "" if the answer is no sound problem.
func (r response) problem() string {
	p := r.members()
	if p.Status != r.status {
		return ""
	}
	return strings.TrimPrefix(p.Type, "urn:igny8:problem:")
}

func (r response) fields() []string {
	var fields []string
	for _, e := range r.members().Errors {
		if e.Message != "" {
			fields = append(fields, e.Field)
		}
	}
	return fields
}

func (s *suite) auth() http.Header { return http.Header{"X-Igny8-Api-Key": {s.target.Key}} }

func (s *suite) json() http.Header {
	h := s.auth()
	h.Set("Content-Type", "application/json")
	return h
}

// raw makes a request below the root of the REST API.
func (s *suite) raw(t *testing.T, method, route, body string, header http.Header) response {
	t.Helper()
	return s.send(t, method, s.routeURL(t, route), body, header)
}

func (s *suite) send(t *testing.T, method, target, body string, header http.Header) response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
	if err != nil {
		t.Fatalf("make request: %v", err)
	}
	maps.Copy(req.Header, header)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(s.target.CABundle)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}
	defer transport.CloseIdleConnections()
	res, err := (&http.Client{Transport: transport, Timeout: contractTimeout}).Do(req)
	if err != nil {
		t.Fatalf("%s %s: %v", method, target, err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatalf("%s %s: read answer: %v", method, target, err)
	}
	return response{status: res.StatusCode, header: res.Header, body: string(text)}
}

func (s *suite) routeURL(t *testing.T, route string) string {
	t.Helper()
	text, err := s.client.Discover(t.Context())
	if err != nil {
		t.Fatalf("Discover: %v", err)
	}
	if route == "" {
		return text
	}
	root, err := url.Parse(text)
	if err != nil {
		t.Fatalf("parse root: %v", err)
	}
	if q := root.Query(); q.Has("rest_route") {
		q.Set("rest_route", q.Get("rest_route")+route)
		root.RawQuery = q.Encode()
		return root.String()
	}
	return root.JoinPath(route).String()
}

func marshal(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatalf("marshal: %v", err)
	}
	return string(text)
}

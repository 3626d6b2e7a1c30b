// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package plugin

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/igny8/wordpress-operator/hack/wordpress"
)

// fields is a JSON object to send.
type fields map[string]any

// with returns the fields with others added or replaced; nil removes one.
func (f fields) with(others fields) fields {
	all := maps.Clone(f)
	for name, value := range others {
		if value == nil {
			delete(all, name)
		} else {
			all[name] = value
		}
	}
	return all
}

// minimal returns the required fields for a content key.
func minimal(key string) fields {
	return fields{"content_key": key, "title": "Hello", "content_html": "<p>Hello</p>", "status": "publish"}
}

// client speaks to the REST API of one site with one key.
type client struct {
	site *wordpress.Site
	// base is the address of the namespace; the route follows.
	base string
	// header goes with every request.
	header http.Header
}

// newClient returns a client for a site; when the test ends, WordPress must not have complained about anything.
func newClient(t *testing.T, site *wordpress.Site) client {
	t.Helper()
	t.Cleanup(func() { requireCleanLog(t, site) })
	return client{site: site, base: site.URL + "/wp-json/igny8/v1", header: http.Header{"X-Igny8-Api-Key": {site.APIKey}}}
}

// requireCleanLog fails the test when PHP or WordPress logged anything, and empties the log for the next test.
func requireCleanLog(t *testing.T, site *wordpress.Site) {
	t.Helper()
	text, err := site.DebugLog()
	if err != nil {
		t.Error(err)
	}
	if text == "" {
		return
	}
	t.Errorf("WordPress logged:\n%s", text)
	emptyLog(t, site)
}

// allowLog takes out of the log what a fault may make WordPress log: every entry contains the text.
func allowLog(t *testing.T, site *wordpress.Site, text string) {
	t.Helper()
	logged, err := site.DebugLog()
	if err != nil {
		t.Fatal(err)
	}
	for entry := range strings.SplitSeq(logged, "\n[") {
		if entry != "" && !strings.Contains(entry, text) {
			t.Errorf("WordPress logged more than %q:\n%s", text, entry)
		}
	}
	emptyLog(t, site)
}

// emptyLog empties the log.
func emptyLog(t *testing.T, site *wordpress.Site) {
	t.Helper()
	for _, name := range []string{"wp-debug.log", "php.log"} {
		if err := os.Truncate(filepath.Join(site.Dir, "log", name), 0); err != nil && !os.IsNotExist(err) {
			t.Error(err)
		}
	}
}

// oneLine makes code fit into a header.
func oneLine(code string) string { return strings.Join(strings.Fields(code), " ") }

// set returns the client with a header set; an empty value removes it.
func (c client) set(name, value string) client {
	c.header = c.header.Clone()
	if value == "" {
		c.header.Del(name)
	} else {
		c.header.Set(name, value)
	}
	return c
}

// answer is what the site answered.
type answer struct {
	status int
	header http.Header
	body   string
}

// get sends a GET request for a route with its query.
func (c client) get(t *testing.T, route string) answer {
	t.Helper()
	return c.must(t, http.MethodGet, route, "")
}

// publish sends a POST request with fields as JSON.
func (c client) publish(t *testing.T, f fields) answer {
	t.Helper()
	a, err := c.tryPublish(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// tryPublish is publish for goroutines, which may not end a test.
func (c client) tryPublish(ctx context.Context, f fields) (answer, error) {
	raw, err := json.Marshal(f)
	if err != nil {
		return answer{}, err
	}
	return c.set("Content-Type", "application/json").do(ctx, http.MethodPost, "/publish", string(raw))
}

// must sends a request that has to be answered.
func (c client) must(t *testing.T, method, route, body string) answer {
	t.Helper()
	a, err := c.do(t.Context(), method, route, body)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// do sends a request.
func (c client) do(ctx context.Context, method, route, body string) (answer, error) {
	request, err := http.NewRequestWithContext(ctx, method, c.base+route, strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	maps.Copy(request.Header, c.header)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	return answer{status: response.StatusCode, header: response.Header, body: string(raw)}, err
}

// inParallel sends n requests at once and returns the answers in their order.
func inParallel(t *testing.T, n int, send func(i int) (answer, error)) []answer {
	t.Helper()
	var (
		answers = make([]answer, n)
		errs    = make([]error, n)
		all     sync.WaitGroup
	)
	for i := range n {
		all.Go(func() { answers[i], errs[i] = send(i) })
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	return answers
}

// term is a term of a post.
type term struct {
	ID   int    `json:"id"`
	Name string `json:"name"`
}

// user is a user in an answer.
type user struct {
	ID    int    `json:"id"`
	Login string `json:"login"`
}

// post is the representation of a post.
type post struct {
	ID            int               `json:"id"`
	ContentKey    string            `json:"content_key"`
	Type          string            `json:"type"`
	Status        string            `json:"status"`
	Title         string            `json:"title"`
	Slug          string            `json:"slug"`
	URL           string            `json:"url"`
	EditURL       string            `json:"edit_url"`
	Author        user              `json:"author"`
	DateGMT       string            `json:"date_gmt"`
	ModifiedGMT   string            `json:"modified_gmt"`
	ModifiedBy    *person           `json:"modified_by,omitempty"`
	ContentHash   string            `json:"content_hash"`
	WrittenHash   string            `json:"written_hash"`
	UntrashedHash string            `json:"untrashed_hash"`
	SourceDigest  string            `json:"source_digest"`
	Owner         string            `json:"owner"`
	Claim         string            `json:"claim"`
	Terms         map[string][]term `json:"terms"`
	SEOAdapters   []string          `json:"seo_adapters"`
	// Stripped and SEOKept come with what was written only.
	Stripped []string `json:"stripped,omitempty"`
	SEOKept  []string `json:"seo_kept,omitempty"`
}

// person is who changed a post.
type person struct {
	ID    int    `json:"id"`
	Login string `json:"login"`
	Name  string `json:"name"`
}

// problem is an RFC 9457 problem with the members of rest-api.md.
type problem struct {
	Type   string  `json:"type"`
	Title  string  `json:"title"`
	Status int     `json:"status"`
	Detail string  `json:"detail"`
	Errors []fault `json:"errors,omitempty"`
	Post   *post   `json:"post,omitempty"`
	// Holder and RetryAfter belong to a post that is open in the editor.
	Holder     *person `json:"holder,omitempty"`
	RetryAfter int     `json:"retry_after,omitempty"`
}

// fault is one error of an invalid payload.
type fault struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

// post reads the representation, and requires the status and an ETag that fits.
func (a answer) post(t *testing.T, status int) post {
	t.Helper()
	if a.status != status {
		t.Fatalf("status %d, want %d: %s", a.status, status, a.body)
	}
	var p post
	a.decode(t, &p)
	if want := fmt.Sprintf("%q", p.ContentHash); a.header.Get("ETag") != want {
		t.Errorf("ETag %s, want %s", a.header.Get("ETag"), want)
	}
	return p
}

// problem reads the problem and requires its name, with the status given twice.
func (a answer) problem(t *testing.T, name string, status int) problem {
	t.Helper()
	if got := a.header.Get("Content-Type"); got != "application/problem+json" {
		t.Fatalf("content type %q of status %d, want a problem %s: %s", got, a.status, name, a.body)
	}
	var p problem
	a.decode(t, &p)
	if p.Type != "urn:igny8:problem:"+name || p.Status != status || a.status != status {
		t.Fatalf("problem %s, status %d, in the body %d; want %s, %d: %s", p.Type, a.status, p.Status, name, status, a.body)
	}
	if p.Title == "" || p.Detail == "" {
		t.Errorf("problem without title or detail: %s", a.body)
	}
	return p
}

// decode reads the body strictly: a member the specification does not have is an error.
func (a answer) decode(t *testing.T, into any) {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader([]byte(a.body)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		t.Fatalf("read answer: %v: %s", err, a.body)
	}
}

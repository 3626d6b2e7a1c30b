// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpresstest

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// DefaultKey is the API key of a fake without [WithKey].
const DefaultKey = "igny8_0123456789abcdefghijklmnopqrstuvwxyz"

// Fake is a site with the plugin, on a loopback port. Its effects are in
// memory and counted. It is safe for concurrent use.
type Fake struct {
	server   *httptest.Server
	settings settings
	caBundle []byte
	// done ends held calls when the test is over.
	done chan struct{}

	mu       sync.Mutex
	keys     keyRing
	hook     Hook
	calls    []Call
	created  map[string]int
	lastID   int64
	terms    *termStore
	position wordpress.Position
	posts    map[int64]*record
	reserved map[string]bool
	ended    map[string]ending // by content key
	media    []wordpress.Media
	ledger   []Effect
	filtered []string
}

// record is a stored post.
type record struct {
	wordpress.PostRepresentation
	content, excerpt string
	featured         int64
	gallery          []int64
	// extras are the fields that are stored and compared, and not shown.
	extras []any
	// dated says that the last write sent a date.
	dated bool
	// stripped is what the filters took out of the last write.
	stripped []string
	// editor changed the post last, holder has it open; nil = nobody.
	editor, holder *wordpress.Person
	// ended is the claim of a deleted request, as long as the post is in the trash
	// or was brought back since; free says that it went there with that request
	// and nobody has touched it.
	ended ending
	free  bool
	// untrashed is the content hash before the post was put into the trash.
	untrashed string
}

// Call is a call of one of the plugin's routes, whatever became of it.
type Call struct {
	// Method and Route, such as GET and publish/12.
	Method, Route string
	// ContentKey is the key the call names, empty if it names none.
	ContentKey string
	// Time is when the call arrived.
	Time time.Time
}

// New starts a fake, and stops it when the test ends.
func New(t testing.TB, options ...Option) *Fake {
	t.Helper()
	f := &Fake{
		settings: settings{key: DefaultKey, now: time.Now, broken: map[Promise]bool{}},
		done:     make(chan struct{}),
		created:  map[string]int{},
		terms:    newTermStore(),
		position: wordpress.Position{Epoch: newEpoch()},
		posts:    map[int64]*record{},
		reserved: map[string]bool{},
		ended:    map[string]ending{},
	}
	for _, option := range options {
		option(&f.settings)
	}
	f.keys = keyRing{current: f.settings.key}
	f.server = httptest.NewUnstartedServer(f.handler())
	f.server.Config.ErrorLog = quietLogger()
	f.start(t)
	t.Cleanup(func() {
		close(f.done)
		f.server.CloseClientConnections()
		f.server.Close()
	})
	return f
}

func (f *Fake) handler() http.Handler {
	if f.settings.middleware == nil {
		return f
	}
	return f.settings.middleware(f)
}

func (f *Fake) start(t testing.TB) {
	t.Helper()
	if f.settings.certificate == noTLS {
		f.server.Start()
		return
	}
	// Clients verify certificates by the real clock.
	leaf, caBundle, err := issue(f.settings.certificate, time.Now())
	if err != nil {
		t.Fatalf("issue certificate: %v", err)
	}
	f.caBundle = caBundle
	f.server.TLS = &tls.Config{Certificates: []tls.Certificate{leaf}, MinVersion: tls.VersionTLS12}
	f.server.StartTLS()
}

// URL is the home page, without a trailing slash.
func (f *Fake) URL() string { return f.server.URL + f.settings.folder }

// Host is the host and port.
func (f *Fake) Host() string {
	_, host, _ := strings.Cut(f.server.URL, "://")
	return host
}

// RESTURL is the root of the REST API.
func (f *Fake) RESTURL() string {
	if f.settings.plainPermalinks {
		return f.URL() + "/?rest_route=/"
	}
	return f.URL() + "/wp-json/"
}

// CABundle is the authority of the fake's certificate in PEM, nil without TLS.
func (f *Fake) CABundle() []byte { return f.caBundle }

// Calls returns the calls of the plugin's routes so far, in order.
func (f *Fake) Calls() []Call {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.calls)
}

// CountCalls counts the calls of a route, such as POST and publish.
func (f *Fake) CountCalls(method, route string) int {
	n := 0
	for _, c := range f.Calls() {
		if c.Method == method && c.Route == route {
			n++
		}
	}
	return n
}

// Created tells how many posts were ever created under a content key.
func (f *Fake) Created(contentKey string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.created[contentKey]
}

// Posts returns the posts by ascending id, those in the trash included.
func (f *Fake) Posts() []wordpress.PostRepresentation {
	f.mu.Lock()
	defer f.mu.Unlock()
	posts := make([]wordpress.PostRepresentation, 0, len(f.posts))
	for id := int64(1); id <= f.lastID; id++ {
		if p, ok := f.posts[id]; ok {
			posts = append(posts, p.PostRepresentation)
		}
	}
	return posts
}

// Content returns the stored content of a post, "" if there is none.
func (f *Fake) Content(id int64) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if p, ok := f.posts[id]; ok {
		return p.content
	}
	return ""
}

// Trash moves a post into the trash, as a person would. It tells whether the
// post was there.
func (f *Fake) Trash(id int64) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	p, ok := f.posts[id]
	if ok {
		p.trash()
		p.free = false
	}
	return ok
}

func (p *record) trash() {
	p.untrashed = p.ContentHash
	p.Status, p.Slug = "trash", p.Slug+"__trashed"
	p.ContentHash = p.hash()
}

// RunCron publishes what waits and is due by the site's clock, as WP-Cron does.
func (f *Fake) RunCron() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, p := range f.posts {
		if p.Status == "future" && !p.DateGMT.After(f.settings.now()) {
			p.Status = "publish"
			p.URL = f.permalink(&p.PostRepresentation)
		}
	}
}

// Reschedule gives a post that waits another date, as a person would. It tells
// whether there is one.
func (f *Fake) Reschedule(id int64, at time.Time) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	p, ok := f.posts[id]
	if ok = ok && p.Status == "future"; ok {
		p.DateGMT = at.UTC()
	}
	return ok
}

// Delete removes a post for good, which frees its key. It tells whether the
// post was there.
func (f *Fake) Delete(id int64) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, ok := f.posts[id]
	delete(f.posts, id)
	return ok
}

// ServeHTTP serves the home page and the REST API.
func (f *Fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path, inside := strings.CutPrefix(r.URL.Path, f.settings.folder)
	if !inside {
		http.NotFound(w, r)
		return
	}
	route, isREST := strings.CutPrefix(path, "/wp-json/")
	if f.settings.plainPermalinks {
		route, isREST = "", false
	}
	if r.URL.Query().Has("rest_route") && path == "/" {
		route, isREST = strings.TrimPrefix(r.URL.Query().Get("rest_route"), "/"), true
	}
	switch {
	case isREST:
		f.serveREST(w, r, route)
	case path == "/":
		f.serveHome(w, r)
	case !f.strike(w, f.faultFor(r), BeforeEffect):
		http.NotFound(w, r)
	}
}

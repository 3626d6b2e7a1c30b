// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpresstest

import (
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/igny8/wordpress-operator/internal/wordpress"
)

func (f *Fake) servePlugin(w http.ResponseWriter, r *http.Request, route string) {
	fault := f.faultFor(r)
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	f.note(r, route, body)
	if f.strike(w, fault, BeforeEffect) || !f.authorise(w, r) {
		return
	}
	id, isPost := strings.CutPrefix(route, "publish/")
	switch {
	case r.Method == http.MethodGet && route == "site":
		f.serveSite(w, r, fault)
	case r.Method == http.MethodGet && route == "structure":
		f.answerRead(w, fault, f.structure())
	case r.Method == http.MethodGet && route == "structure/terms":
		f.serveTerms(w, r, fault)
	case r.Method == http.MethodPost && route == "keys/rotate":
		f.serveRotate(w, r, body, fault)
	case r.Method == http.MethodGet && route == "publish":
		f.serveFind(w, r, fault)
	case r.Method == http.MethodGet && isPost:
		f.serveGet(w, id, fault)
	case r.Method == http.MethodPost && route == "publish/batch":
		f.serveBatch(w, r, body, fault)
	case r.Method == http.MethodPost && route == "media":
		f.serveMedia(w, r, body, fault)
	case r.Method == http.MethodPut && isPost:
		f.serveUpdate(w, r, id, body, fault)
	case r.Method == http.MethodDelete && route == "publish":
		f.serveDelete(w, r, "0", fault)
	case r.Method == http.MethodDelete && isPost:
		f.serveDelete(w, r, id, fault)
	case r.Method == http.MethodPost && route == "publish":
		f.servePublish(w, r, body, fault)
	default:
		noRoute(w)
	}
}

func (f *Fake) note(r *http.Request, route string, body []byte) {
	key := r.URL.Query().Get("content_key")
	if r.Method == http.MethodPost || r.Method == http.MethodPut {
		key = keyIn(body)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, Call{Method: r.Method, Route: route, ContentKey: key, Time: f.settings.now()})
}

func (f *Fake) authorise(w http.ResponseWriter, r *http.Request) bool {
	switch key := sentKey(r); {
	case key == "":
		writeProblem(w, http.StatusUnauthorized, "key-missing", "The request carries no API key.", nil)
		return false
	case f.accepts(key):
		return true
	default:
		writeProblem(w, http.StatusUnauthorized, "key-unknown", "The site does not know this API key.", nil)
		return false
	}
}

func sentKey(r *http.Request) string {
	key := r.Header.Get("X-IGNY8-API-KEY")
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok && key == "" {
		key = bearer
	}
	return key
}

func (f *Fake) answerRead(w http.ResponseWriter, fault Fault, body any) {
	if f.strike(w, fault, AfterEffect) {
		return
	}
	if post, ok := body.(*wordpress.PostRepresentation); ok {
		w.Header().Set("ETag", strconv.Quote(post.ContentHash))
	}
	writeJSON(w, http.StatusOK, body)
}

func (f *Fake) serveGet(w http.ResponseWriter, idText string, fault Fault) {
	id, err := strconv.ParseInt(idText, 10, 64)
	if err != nil {
		noRoute(w)
		return
	}
	f.mu.Lock()
	p, ok := f.posts[id]
	post := clone(p)
	f.mu.Unlock()
	if !ok {
		notFound(w)
		return
	}
	f.answerRead(w, fault, post)
}

func (f *Fake) serveFind(w http.ResponseWriter, r *http.Request, fault Fault) {
	key := r.URL.Query().Get("content_key")
	f.mu.Lock()
	post, busy := f.find(key), f.reserved[key]
	f.mu.Unlock()
	switch {
	case post != nil:
		f.answerRead(w, fault, post)
	case busy:
		inProgress(w)
	default:
		notFound(w)
	}
}

func (f *Fake) servePublish(w http.ResponseWriter, r *http.Request, body []byte, fault Fault) {
	if !requireJSON(w, r) {
		return
	}
	payload, fields := f.parse(body, false)
	if len(fields) > 0 {
		writeInvalid(w, fields)
		return
	}
	f.publish(w, &payload.Post, fault)
}

// publish answers for one post.
func (f *Fake) publish(w http.ResponseWriter, payload *wordpress.Post, fault Fault) {
	if left := f.refusedFor(payload); left > 0 {
		claimEnded(w, left)
		return
	}
	if f.answerBroughtBack(w, payload, fault) {
		return
	}
	existing, ok := f.reserve(payload.ContentKey)
	switch {
	case existing != nil:
		if !f.strike(w, fault, AfterEffect) {
			f.alreadyPublished(w, existing)
		}
		return
	case !ok:
		inProgress(w)
		return
	}
	post, over := f.store(w, payload, fault)
	if over || f.strike(w, fault, AfterEffect) {
		return
	}
	answerCreated(w, post)
}

// answerBroughtBack answers if the key has a post that is free, and says whether
// it did.
func (f *Fake) answerBroughtBack(w http.ResponseWriter, payload *wordpress.Post, fault Fault) bool {
	post, refused := f.bringBack(payload)
	switch {
	case post == nil && refused == nil:
		return false
	case f.strike(w, fault, AfterEffect):
	case refused != nil:
		refused(w)
	default:
		answerCreated(w, post)
	}
	return true
}

func answerCreated(w http.ResponseWriter, post *wordpress.PostRepresentation) {
	w.Header().Set("ETag", strconv.Quote(post.ContentHash))
	writeJSON(w, http.StatusCreated, post)
}

func (f *Fake) alreadyPublished(w http.ResponseWriter, existing *wordpress.PostRepresentation) {
	members := map[string]any{"post": existing}
	if f.settings.broken[PromiseExistingPost] {
		members = nil
	}
	writeProblem(w, http.StatusConflict, "already-published", "The content key has a post.", members)
}

// requireJSON refuses a body of another type.
func requireJSON(w http.ResponseWriter, r *http.Request) bool {
	mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || mediaType != "application/json" {
		writeProblem(w, http.StatusUnsupportedMediaType, "unsupported-media-type", "Send application/json.", nil)
		return false
	}
	return true
}

// reserve takes a content key, or returns its post, or neither while another
// call has it.
func (f *Fake) reserve(key string) (existing *wordpress.PostRepresentation, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.settings.broken[PromiseOnePost] {
		return nil, true
	}
	if post := f.find(key); post != nil {
		return post, false
	}
	if f.reserved[key] {
		return nil, false
	}
	f.reserved[key] = true
	return nil, true
}

// store inserts a post and gives up the reservation, as the database does
// when the holder dies.
func (f *Fake) store(w http.ResponseWriter, payload *wordpress.Post, fault Fault) (post *wordpress.PostRepresentation, over bool) {
	defer func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.reserved, payload.ContentKey)
	}()
	if f.strike(w, fault, DuringEffect) {
		return nil, true
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.insert(payload).written(), false
}

func notFound(w http.ResponseWriter) {
	writeProblem(w, http.StatusNotFound, "post-not-found", "There is no such post.", nil)
}

func inProgress(w http.ResponseWriter) {
	w.Header().Set("Retry-After", "1")
	writeProblem(w, http.StatusConflict, "in-progress", "Another request is publishing this content key.", nil)
}

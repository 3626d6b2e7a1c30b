// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpresstest

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/igny8/wordpress-operator/internal/wordpress"
)

func (f *Fake) serveUpdate(w http.ResponseWriter, r *http.Request, idText string, body []byte, fault Fault) {
	id, err := strconv.ParseInt(idText, 10, 64)
	if err != nil {
		noRoute(w)
		return
	}
	if !requireJSON(w, r) {
		return
	}
	payload, fields := f.parse(body, true)
	if len(fields) > 0 {
		writeInvalid(w, fields)
		return
	}
	expected := entityTag(r)
	if expected == "" {
		writeProblem(w, http.StatusPreconditionRequired, "precondition-required", "If-Match is required.", nil)
		return
	}
	if f.strike(w, fault, DuringEffect) {
		return
	}
	post, refused := f.update(id, payload, expected)
	if f.strike(w, fault, AfterEffect) {
		return
	}
	if refused != nil {
		refused(w)
		return
	}
	w.Header().Set("ETag", strconv.Quote(post.ContentHash))
	writeJSON(w, http.StatusOK, post)
}

// entityTag returns the tag of If-Match, "" if there is none.
func entityTag(r *http.Request) string {
	tag, err := strconv.Unquote(strings.TrimPrefix(r.Header.Get("If-Match"), "W/"))
	if err != nil {
		return ""
	}
	return tag
}

// update changes a post, or returns the problem to answer with.
func (f *Fake) update(id int64, payload *parsed, expected string) (*wordpress.PostRepresentation, func(http.ResponseWriter)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	p, refused := f.owned(id, payload.ContentKey)
	switch {
	case refused != nil:
		return nil, refused
	case p.ended.left(payload.Claim, f.settings.now()) > 0:
		left := p.ended.left(payload.Claim, f.settings.now())
		return nil, func(w http.ResponseWriter) { claimEnded(w, left) }
	case p.isDone(payload):
		p.Owner, p.Claim = orDefault(payload.Owner, p.Owner), orDefault(payload.Claim, p.Claim)
		return clone(p), nil
	case p.Status == "trash" && !payload.Restore:
		return nil, problemWith(http.StatusConflict, "post-trashed", "The post is in the trash.", p.withEditor())
	case p.ContentHash != expected && !f.settings.broken[PromiseIfMatch]:
		return nil, changed(p)
	case p.holder != nil:
		return nil, locked(p.holder)
	}
	f.change(p, &payload.Post)
	f.enter(EffectUpdated, p.ContentKey, p.ID)
	return p.written(), nil
}

// isDone tells whether a call was answered before and its answer got lost.
func (p *record) isDone(payload *parsed) bool {
	return payload.SourceDigest != "" && payload.SourceDigest == p.SourceDigest && p.ContentHash == p.WrittenHash
}

// owned finds the post that an id and a content key name; the caller holds the
// lock.
func (f *Fake) owned(id int64, key string) (*record, func(http.ResponseWriter)) {
	if p, ok := f.posts[id]; ok && p.ContentKey == key {
		return p, nil
	}
	if other := f.find(key); other != nil {
		return nil, problemWith(http.StatusConflict, "content-key-mismatch", "The key has another post.", other)
	}
	if _, ok := f.posts[id]; ok {
		return nil, func(w http.ResponseWriter) {
			writeProblem(w, http.StatusConflict, "content-key-mismatch", "The post is of another key.", nil)
		}
	}
	return nil, notFound
}

func changed(p *record) func(http.ResponseWriter) {
	return problemWith(http.StatusPreconditionFailed, "precondition-failed", "The post was changed.", p.withEditor())
}

func locked(holder *wordpress.Person) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		w.Header().Set("Retry-After", "150")
		writeProblem(w, http.StatusLocked, "post-locked", holder.Name+" ("+holder.Login+") has the post open in the editor.",
			map[string]any{"holder": holder, "retry_after": 150})
	}
}

func problemWith(status int, name, detail string, post *wordpress.PostRepresentation) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		writeProblem(w, status, name, detail, map[string]any{"post": post})
	}
}

// withEditor is the post with who changed it last.
func (p *record) withEditor() *wordpress.PostRepresentation {
	post := clone(p)
	post.ModifiedBy = p.editor
	if p.Status == "trash" {
		post.UntrashedHash = p.untrashed
	}
	return post
}

// Editor is the person who acts in Edit and Open.
var Editor = wordpress.Person{ID: 7, Login: "jane", Name: "Jane Doe"}

// Edit changes the content of a post, as a person would. It tells whether the
// post was there.
func (f *Fake) Edit(id int64, content string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	p, ok := f.posts[id]
	if ok {
		editor := Editor
		p.content, p.editor, p.free = content, &editor, false
		p.ModifiedGMT = f.settings.now().UTC().Truncate(time.Second)
		p.ContentHash = p.hash()
	}
	return ok
}

// Open opens or closes a post in the editor, as a person would. It tells whether
// the post was there.
func (f *Fake) Open(id int64, open bool) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	p, ok := f.posts[id]
	if ok {
		p.holder = nil
		if open {
			editor := Editor
			p.holder = &editor
		}
	}
	return ok
}

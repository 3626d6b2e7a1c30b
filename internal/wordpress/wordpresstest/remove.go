// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpresstest

import (
	"net/http"
	"strconv"

	"github.com/igny8/wordpress-operator/internal/wordpress"
)

func (f *Fake) serveDelete(w http.ResponseWriter, r *http.Request, idText string, fault Fault) {
	id, err := strconv.ParseInt(idText, 10, 64)
	if err != nil {
		noRoute(w)
		return
	}
	query := r.URL.Query()
	key := query.Get("content_key")
	if key == "" {
		writeInvalid(w, []wordpress.FieldError{{Field: "content_key", Message: "is required"}})
		return
	}
	if f.strike(w, fault, DuringEffect) {
		return
	}
	id, result, refused := f.remove(id, key, query.Get("force") == "true", entityTag(r))
	if f.strike(w, fault, AfterEffect) {
		return
	}
	if refused != nil {
		refused(w)
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"id": id, "content_key": key, "result": result})
}

// remove trashes or deletes a post and returns its id, or the problem to answer
// with. The id 0 stands for the post of the key.
func (f *Fake) remove(id int64, key string, force bool, expected string) (int64, wordpress.Removal, func(http.ResponseWriter)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if post := f.find(key); id == 0 && post != nil {
		id = post.ID
	}
	p, refused := f.owned(id, key)
	switch {
	case p == nil && f.find(key) != nil:
		return id, "", refused
	case p == nil:
		return id, wordpress.RemovalGone, nil
	}
	result, refused := f.removeOwned(p, force, expected)
	return id, result, refused
}

func (f *Fake) removeOwned(p *record, force bool, expected string) (wordpress.Removal, func(http.ResponseWriter)) {
	switch {
	case p.Status == "trash" && !force:
		return wordpress.RemovalTrashed, nil
	case expected != "" && p.ContentHash != expected:
		return "", changed(p)
	case p.holder != nil:
		return "", locked(p.holder)
	case force:
		delete(f.posts, p.ID)
		f.enter(EffectDeleted, p.ContentKey, p.ID)
		return wordpress.RemovalDeleted, nil
	}
	p.trash()
	f.enter(EffectTrashed, p.ContentKey, p.ID)
	return wordpress.RemovalTrashed, nil
}

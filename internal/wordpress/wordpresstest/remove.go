// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpresstest

import (
	"net/http"
	"strconv"
	"time"

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
	id, result, refused := f.remove(id, key, conditions{claim: query.Get("claim"), force: query.Get("force") == "true", expected: entityTag(r)})
	if f.strike(w, fault, AfterEffect) {
		return
	}
	if refused != nil {
		refused(w)
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"id": id, "content_key": key, "result": result})
}

// conditions are what a removal depends on.
type conditions struct {
	claim    string
	force    bool
	expected string
}

// remove trashes or deletes a post and returns its id, or the problem to answer
// with. The id 0 stands for the post of the key.
func (f *Fake) remove(id int64, key string, on conditions) (int64, wordpress.Removal, func(http.ResponseWriter)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	byKey := id == 0
	if post := f.find(key); byKey && post != nil {
		id = post.ID
	}
	p, refused := f.owned(id, key)
	switch {
	case p == nil && f.find(key) != nil:
		return id, "", refused
	case p == nil:
		f.end(key, on.claim)
		return id, wordpress.RemovalGone, nil
	}
	if on.claim != "" && on.claim != p.Claim && (p.Claim != "" || byKey) {
		return id, "", problemWith(http.StatusConflict, "claimed-by-other", "The post belongs to another request.", p.withEditor())
	}
	result, refused := f.removeOwned(p, on.claim, on.force, on.expected)
	if result == wordpress.RemovalDeleted {
		f.end(key, on.claim)
	}
	return id, result, refused
}

// endedTime is how long a claim that has ended is refused.
const endedTime = 24 * time.Hour

// ending is the end of a claim.
type ending struct {
	claim string
	time  time.Time
}

// end notes that the request with the claim makes no post of the key any more;
// the caller holds the lock.
func (f *Fake) end(key, claim string) {
	if claim != "" {
		f.ended[key] = ending{claim, f.settings.now()}
	}
}

// refusedFor is how long the claim of a payload is refused yet; 0 = it is not.
func (f *Fake) refusedFor(payload *wordpress.Post) time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	if p := f.record(payload.ContentKey); p != nil {
		return p.ended.left(payload.Claim, f.settings.now())
	}
	return f.ended[payload.ContentKey].left(payload.Claim, f.settings.now())
}

// bringBack makes a post that went into the trash with its request that of the
// payload's, nil if there is none. One of another type stays there, and has the
// key no more.
func (f *Fake) bringBack(payload *wordpress.Post) (*wordpress.PostRepresentation, func(http.ResponseWriter)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	p := f.record(payload.ContentKey)
	switch {
	case p == nil || !p.free:
		return nil, nil
	case p.Type != orDefault(payload.PostType, "post"):
		p.ContentKey, p.free = "", false
		return nil, nil
	case p.holder != nil:
		return nil, locked(p.holder)
	}
	p.free = false
	f.change(p, payload)
	f.enter(EffectUpdated, p.ContentKey, p.ID)
	return p.written(), nil
}

func (e ending) left(claim string, now time.Time) time.Duration {
	if claim == "" || claim != e.claim {
		return 0
	}
	return max(0, e.time.Add(endedTime).Sub(now))
}

func claimEnded(w http.ResponseWriter, left time.Duration) {
	seconds := int(left.Seconds())
	w.Header().Set("Retry-After", strconv.Itoa(seconds))
	writeProblem(w, http.StatusConflict, "claim-ended", "The request with this claim was deleted.", map[string]any{"retry_after": seconds})
}

// end notes at a post in the trash that its request was deleted.
func (p *record) end(claim string, now time.Time) {
	if claim != "" && claim != p.ended.claim {
		p.ended = ending{claim, now}
	}
}

func (f *Fake) removeOwned(p *record, claim string, force bool, expected string) (wordpress.Removal, func(http.ResponseWriter)) {
	switch {
	case p.Status == "trash" && !force:
		p.end(claim, f.settings.now())
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
	p.free = claim != "" && p.ContentHash == p.WrittenHash
	p.end(claim, f.settings.now())
	p.trash()
	f.enter(EffectTrashed, p.ContentKey, p.ID)
	return wordpress.RemovalTrashed, nil
}

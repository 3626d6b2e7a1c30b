// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpresstest

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// insert stores a post; the caller holds the lock.
func (f *Fake) insert(payload *wordpress.Post) *record {
	f.lastID++
	p := &record{}
	p.PostRepresentation = wordpress.PostRepresentation{
		ID:          f.lastID,
		ContentKey:  payload.ContentKey,
		Type:        orDefault(payload.PostType, "post"),
		Slug:        slug(payload.Title),
		EditURL:     fmt.Sprintf("%s/wp-admin/post.php?post=%d&action=edit", f.URL(), f.lastID),
		Author:      wordpress.User{ID: 2, Login: "igny8"},
		SEOAdapters: []string{"igny8"},
	}
	f.change(p, payload)
	f.posts[p.ID] = p
	f.created[p.ContentKey]++
	f.enter(EffectCreated, p.ContentKey, p.ID)
	return p
}

// change gives a post what a payload says; the caller holds the lock.
func (f *Fake) change(p *record, payload *wordpress.Post) {
	p.content, p.stripped = f.filter(payload.ContentHTML)
	p.excerpt, p.editor = payload.Excerpt, nil
	p.featured, p.gallery = payload.FeaturedImageID, payload.Gallery
	p.extras = []any{payload.Meta, payload.FeaturedImageID, payload.Gallery, payload.Template, payload.DateGMT,
		payload.SEOTitle, payload.SEODescription, payload.PrimaryKeyword, payload.SecondaryKeywords, payload.CanonicalURL, payload.Robots}
	p.Status, p.Title = payload.Status, payload.Title
	p.Slug = orDefault(payload.Slug, strings.TrimSuffix(p.Slug, "__trashed"))
	p.ModifiedGMT = f.settings.now().UTC().Truncate(time.Second)
	p.date(payload, p.ModifiedGMT)
	p.SourceDigest, p.Owner, p.Claim = payload.SourceDigest, payload.Owner, payload.Claim
	p.Terms = f.termsOf(payload)
	p.URL = f.permalink(&p.PostRepresentation)
	p.ContentHash = p.hash()
	p.WrittenHash = p.ContentHash
}

// date decides by its date whether a post is published already, as WordPress
// does. A date to come that was sent, and is not any more, is taken away.
func (p *record) date(payload *wordpress.Post, now time.Time) {
	if p.dated && p.DateGMT.After(now) {
		p.DateGMT = time.Time{}
	}
	p.dated = !payload.DateGMT.IsZero()
	switch {
	case p.dated:
		p.DateGMT = payload.DateGMT.Time
	case p.DateGMT.IsZero() && (p.Status == "publish" || p.Status == "private"):
		p.DateGMT = now
	}
	switch {
	case p.Status == "publish" && p.DateGMT.Sub(now) >= time.Minute:
		p.Status = "future"
	case p.Status == "future" && p.DateGMT.Sub(now) < time.Minute:
		p.Status = "publish"
	}
}

// termsOf creates the terms of a payload.
func (f *Fake) termsOf(payload *wordpress.Post) wordpress.Terms {
	names := map[string][]string{category: payload.Categories, tag: payload.Tags}
	for _, item := range payload.Taxonomies {
		names[item.Taxonomy] = item.Terms
	}
	return wordpress.Terms{
		category: f.assign(category, orUncategorized(names[category])),
		tag:      f.assign(tag, names[tag]),
	}
}

// find returns the post of a content key, nil if there is none; the caller
// holds the lock.
func (f *Fake) find(key string) *wordpress.PostRepresentation { return clone(f.record(key)) }

// record is find for those who change the post.
func (f *Fake) record(key string) *record {
	for _, p := range f.posts {
		if p.ContentKey == key {
			return p
		}
	}
	return nil
}

func clone(p *record) *wordpress.PostRepresentation {
	if p == nil {
		return nil
	}
	post := p.PostRepresentation
	return &post
}

func (f *Fake) permalink(p *wordpress.PostRepresentation) string {
	if p.Status == "publish" && !f.settings.plainPermalinks {
		return fmt.Sprintf("%s/%s/", f.URL(), p.Slug)
	}
	return fmt.Sprintf("%s/?p=%d", f.URL(), p.ID)
}

// assign creates missing terms. Of a path, the post gets the last part.
func (f *Fake) assign(taxonomy string, names []string) []wordpress.Term {
	terms := []wordpress.Term{}
	for _, path := range names {
		terms = append(terms, f.terms.resolve(taxonomy, path))
	}
	return terms
}

// hash covers what the contract says content_hash covers.
func (p *record) hash() string {
	status := p.Status
	if status == "future" {
		status = "publish" // the site's own clock is no change
	}
	text, err := json.Marshal([]any{p.Title, p.content, p.excerpt, p.Slug, status, p.Terms, p.extras})
	if err != nil {
		panic(err) // strings and maps of strings: cannot fail
	}
	sum := sha256.Sum256(text)
	return "sha256:" + hex.EncodeToString(sum[:])
}

func slug(title string) string {
	words := strings.FieldsFunc(strings.ToLower(title), func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	return strings.Join(words, "-")
}

func orDefault(text, fallback string) string {
	if text == "" {
		return fallback
	}
	return text
}

func orUncategorized(names []string) []string {
	if len(names) == 0 {
		return []string{"Uncategorized"}
	}
	return names
}

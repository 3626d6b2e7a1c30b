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
	p := &record{content: payload.ContentHTML, excerpt: payload.Excerpt}
	p.PostRepresentation = wordpress.PostRepresentation{
		ID:           f.lastID,
		ContentKey:   payload.ContentKey,
		Type:         orDefault(payload.PostType, "post"),
		Status:       payload.Status,
		Title:        payload.Title,
		Slug:         orDefault(payload.Slug, slug(payload.Title)),
		EditURL:      fmt.Sprintf("%s/wp-admin/post.php?post=%d&action=edit", f.URL(), f.lastID),
		Author:       wordpress.User{ID: 2, Login: "igny8"},
		ModifiedGMT:  f.settings.now().UTC().Truncate(time.Second),
		SourceDigest: payload.SourceDigest,
		Owner:        payload.Owner,
		Claim:        payload.Claim,
		Terms: wordpress.Terms{
			"category": f.assign("category", orUncategorized(payload.Categories)),
			"post_tag": f.assign("post_tag", payload.Tags),
		},
		SEOAdapters: []string{"igny8"},
	}
	p.URL = f.permalink(&p.PostRepresentation)
	p.ContentHash = p.hash()
	f.posts[p.ID] = p
	f.created[p.ContentKey]++
	return p
}

// find returns the post of a content key, nil if there is none; the caller
// holds the lock.
func (f *Fake) find(key string) *wordpress.PostRepresentation {
	for _, p := range f.posts {
		if p.ContentKey == key {
			return clone(p)
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
	text, err := json.Marshal([]any{p.Title, p.content, p.excerpt, p.Slug, p.Status, p.Terms})
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

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import (
	"bytes"
	"encoding/json"
	"time"
)

// PostRepresentation is a post as the site describes it. Its texts are the
// site's and untrusted; its identifiers and URLs were checked for form.
type PostRepresentation struct {
	// ID is the WordPress post id, 1 … 2^53−1.
	ID int64 `json:"id"`
	// ContentKey is the key the post was made under.
	ContentKey string `json:"content_key"`
	// Type is the post type.
	Type string `json:"type"`
	// Status is WordPress's status: publish, draft, pending, private, future,
	// trash or a custom one.
	Status string `json:"status"`
	// Title is the stored title.
	Title string `json:"title"`
	// Slug is the stored slug.
	Slug string `json:"slug"`
	// URL is the permalink, http or https.
	URL string `json:"url"`
	// EditURL is the editor's address, empty where the user may not edit.
	EditURL string `json:"edit_url"`
	// Author is the post's author.
	Author User `json:"author"`
	// DateGMT is when the post was or will be published; zero for a draft that
	// has no date yet.
	DateGMT time.Time `json:"date_gmt,omitzero"`
	// ModifiedGMT is the time of the last modification, to the second.
	ModifiedGMT time.Time `json:"modified_gmt"`
	// ModifiedBy is who changed the post last, as far as the site knows. It
	// comes with reads, and with problems about a change.
	ModifiedBy *Person `json:"modified_by,omitempty"`
	// ContentHash is the digest of what the site stored: the ETag.
	ContentHash string `json:"content_hash"`
	// WrittenHash is the content hash that the last write of the plugin left:
	// another one than ContentHash means that somebody changed the post since.
	// Empty where no write is known.
	WrittenHash string `json:"written_hash"`
	// UntrashedHash is the content hash that a post in the trash had before it was
	// put there; it comes with reads and with problems about a change. Empty where
	// the site cannot tell.
	UntrashedHash string `json:"untrashed_hash,omitempty"`
	// SourceDigest, Owner and Claim are as they were sent.
	SourceDigest string `json:"source_digest"`
	Owner        string `json:"owner"`
	Claim        string `json:"claim"`
	// Terms has the post's terms by taxonomy.
	Terms Terms `json:"terms"`
	// SEOAdapters are the adapters that stored SEO fields, sorted, each once.
	SEOAdapters []string `json:"seo_adapters"`
	// Stripped is what the site's filters took out of what was just written:
	// elements (script), attributes (img[srcset]), or #text for anything else;
	// with the field in front where it is not the content (title/b).
	Stripped []string `json:"stripped,omitempty"`
	// SEOKept are the SEO values that were not written because a person had
	// changed them, as adapter/key.
	SEOKept []string `json:"seo_kept,omitempty"`
}

// Person is a user as people know them.
type Person struct {
	ID    int64  `json:"id"`
	Login string `json:"login"`
	Name  string `json:"name"`
}

// User is a WordPress user.
type User struct {
	ID    int64  `json:"id"`
	Login string `json:"login"`
}

// Term is a term of a taxonomy.
type Term struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// Terms maps a taxonomy to terms.
type Terms map[string][]Term

// UnmarshalJSON takes an object, or the empty array that PHP makes of an empty
// map.
func (t *Terms) UnmarshalJSON(data []byte) error {
	return unmarshalMap(data, (*map[string][]Term)(t))
}

func unmarshalMap[T any](data []byte, into *map[string]T) error {
	if bytes.Equal(bytes.TrimSpace(data), []byte("[]")) {
		*into = nil
		return nil
	}
	return json.Unmarshal(data, into)
}

// validate checks what the contract promises about identifiers and URLs, and
// brings the rest within the bounds of a status.
func (p *PostRepresentation) validate() error {
	c := checker{}
	c.id("id", p.ID)
	c.text("content_key", p.ContentKey, 1, maxKeyRunes)
	c.text("type", p.Type, 1, maxTypeRunes)
	c.text("status", p.Status, 1, maxStatusRunes)
	c.shown("title", &p.Title, 0, maxTitleRunes)
	c.text("slug", p.Slug, 0, maxSlugRunes)
	c.url("url", p.URL)
	if p.EditURL != "" {
		c.url("edit_url", p.EditURL)
	}
	c.text("author.login", p.Author.Login, 0, maxLoginRunes)
	if !p.DateGMT.IsZero() {
		c.time("date_gmt", p.DateGMT)
	}
	c.time("modified_gmt", p.ModifiedGMT)
	if p.ModifiedBy != nil {
		c.text("modified_by.login", p.ModifiedBy.Login, 0, maxLoginRunes)
		c.shown("modified_by.name", &p.ModifiedBy.Name, 0, maxLoginRunes)
	}
	c.text("content_hash", p.ContentHash, 1, maxDigestRunes)
	c.text("written_hash", p.WrittenHash, 0, maxDigestRunes)
	c.text("untrashed_hash", p.UntrashedHash, 0, maxDigestRunes)
	c.text("source_digest", p.SourceDigest, 0, maxDigestRunes)
	c.text("owner", p.Owner, 0, maxKeyRunes)
	c.text("claim", p.Claim, 0, maxKeyRunes)
	p.SEOAdapters = names(p.SEOAdapters, maxSEOPlugins)
	p.Stripped = reported(p.Stripped, maxReported)
	p.SEOKept = reported(p.SEOKept, maxReported)
	return c.err
}

// reported makes a set of a report that may be missing, nil for none.
func reported(items []string, maxItems int) []string {
	if len(items) == 0 {
		return nil
	}
	return names(items, maxItems)
}

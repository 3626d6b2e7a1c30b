// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import (
	"strconv"
	"time"
)

// Post is what POST /publish takes; fields as in docs/spec/rest-api.md. Empty
// fields are not sent, and the site's defaults apply.
type Post struct {
	// ContentKey is the unique key of the content at the site, 1–128 characters.
	ContentKey string `json:"content_key"`
	// ContentID is the app's id, 1 … 2^53−1; 0 = none.
	ContentID int64 `json:"content_id,omitempty"`
	// Owner is the integration's owner id, at most 128 characters.
	Owner string `json:"owner,omitempty"`
	// Claim is the UID of the request, at most 128 characters.
	Claim string `json:"claim,omitempty"`
	// SourceDigest is the digest of what is wanted, at most 128 characters.
	SourceDigest string `json:"source_digest,omitempty"`
	// Title has 1–500 characters of plain text.
	Title string `json:"title"`
	// ContentHTML is HTML or block markup, stored as it is after the site's
	// own filters.
	ContentHTML string `json:"content_html"`
	// Excerpt is plain text.
	Excerpt string `json:"excerpt,omitempty"`
	// Status is publish, draft, pending, private or future.
	Status string `json:"status"`
	// Slug has at most 200 characters; the site derives one from the title.
	Slug string `json:"slug,omitempty"`
	// PostType is a registered post type, by default post.
	PostType string `json:"post_type,omitempty"`
	// Author is a login name, an e-mail address or an id.
	Author string `json:"author,omitempty"`
	// CommentStatus is open or closed.
	CommentStatus string `json:"comment_status,omitempty"`
	// Template is a page template's file name.
	Template string `json:"template,omitempty"`
	// Parent is the parent post's id, for hierarchical types; 0 = none.
	Parent int64 `json:"parent,omitempty"`
	// DateGMT is when the post is or was published; required for future.
	DateGMT UTC `json:"date_gmt,omitzero"`
	// Categories are at most 100 names or paths Parent/Child; a slash that is
	// part of a name is written \/.
	Categories []string `json:"categories,omitempty"`
	// Tags are at most 100 names.
	Tags []string `json:"tags,omitempty"`
	// SEOTitle is the title for search engines.
	SEOTitle string `json:"seo_title,omitempty"`
	// SEODescription is the description for search engines.
	SEODescription string `json:"seo_description,omitempty"`
	// PrimaryKeyword is the keyword the content is written for.
	PrimaryKeyword string `json:"primary_keyword,omitempty"`
	// SecondaryKeywords are at most 50.
	SecondaryKeywords []string `json:"secondary_keywords,omitempty"`
	// CanonicalURL is the http or https address search engines shall show.
	CanonicalURL string `json:"canonical_url,omitempty"`
	// Robots are directives: noindex, nofollow.
	Robots []string `json:"robots,omitempty"`
	// Taxonomies are at most 100, each once, categories and tags among them if
	// they are not given above.
	Taxonomies []TaxonomyTerms `json:"taxonomies,omitempty"`
	// Meta are at most 100 custom fields: text, number, boolean or []string.
	// The site refuses protected keys by name.
	Meta map[string]any `json:"meta,omitempty"`
	// FeaturedImageID is an image of the media library; 0 = none.
	FeaturedImageID int64 `json:"featured_image_id,omitempty"`
	// Gallery are at most 100 images of the media library.
	Gallery []int64 `json:"gallery,omitempty"`
}

// TaxonomyTerms are the terms of one taxonomy.
type TaxonomyTerms struct {
	// Taxonomy is its name at the site.
	Taxonomy string `json:"taxonomy"`
	// Terms are at most 100 names, or paths Parent/Child where there are levels.
	Terms []string `json:"terms"`
}

// UTC is a time that is sent in UTC and to the second, which is what WordPress
// keeps.
type UTC struct{ time.Time }

// MarshalJSON writes RFC 3339 with Z.
func (t UTC) MarshalJSON() ([]byte, error) {
	return []byte(strconv.Quote(t.UTC().Format("2006-01-02T15:04:05Z"))), nil
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

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
	// Status is publish, draft, pending or private.
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
}

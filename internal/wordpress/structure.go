// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
)

// TermsPerPage is how many terms [Client.Terms] asks for at a time: the most a
// site gives (docs/spec/rest-api.md).
const TermsPerPage = 1000

// Structure is what GET /structure says. Its texts are the site's and
// untrusted: one line each, within the bounds of a status but for the paths.
// Its lists are whole, however long; those of post types, taxonomies and
// capabilities are sorted, each item once.
type Structure struct {
	// PostTypes are those the key's user can publish to, by name.
	PostTypes []PostType `json:"post_types"`
	// Taxonomies are those of the post types whose terms the user may assign,
	// by name.
	Taxonomies []Taxonomy `json:"taxonomies"`
	// Capabilities are those of the key's user that publishing needs.
	Capabilities []string `json:"capabilities"`
	// Categories and Tags are the first page of each; [Client.Terms] has more.
	Categories TermList `json:"categories"`
	Tags       TermList `json:"tags"`
}

// PostType is a post type of a site.
type PostType struct {
	// Name has 1–20 characters.
	Name string `json:"name"`
	// Label is for people.
	Label string `json:"label"`
	// Count is the number of posts, those in the trash and unsaved ones left out.
	Count int64 `json:"count"`
	// Supports are the features the type has, such as title and thumbnail.
	Supports []string `json:"supports"`
}

// Taxonomy is a taxonomy of a site.
type Taxonomy struct {
	// Name has 1–32 characters.
	Name string `json:"name"`
	// Label is for people.
	Label string `json:"label"`
	// Count is the number of terms.
	Count int64 `json:"count"`
	// Hierarchical tells whether terms have parents, and so paths.
	Hierarchical bool `json:"hierarchical"`
	// PostTypes are the publishable post types that have the taxonomy.
	PostTypes []string `json:"post_types"`
}

// TermList is the beginning of a taxonomy's terms.
type TermList struct {
	// Total is the number of terms.
	Total int64 `json:"total"`
	TermPage
}

// TermPage is a part of a taxonomy's terms, by ascending id.
type TermPage struct {
	// Items are the terms.
	Items []ListedTerm `json:"items"`
	// Next is what to give [Client.Terms] for the next page, 0 after the last.
	Next int64 `json:"next"`
}

// ListedTerm is a term in a list.
type ListedTerm struct {
	// ID is the term's id, 1 … 2^53−1.
	ID int64 `json:"id"`
	// Name is set in flat taxonomies, Path in hierarchical ones: names from the
	// top, such as Parent/Child. A slash that is part of a name is written \/,
	// as [Post.Categories] takes it.
	Name string `json:"name,omitempty"`
	Path string `json:"path,omitempty"`
	// Count is the number of published posts, as the site counts them.
	Count int64 `json:"count"`
}

// Text returns the path or name, as [Post] takes it.
func (t ListedTerm) Text() string { return cmp.Or(t.Path, t.Name) }

// Structure reads post types, taxonomies and the first categories and tags.
func (c *Client) Structure(ctx context.Context) (*Structure, error) {
	structure := &Structure{}
	err := c.do(ctx, call{op: OpStructure, method: http.MethodGet, route: "structure", want: http.StatusOK}, structure)
	if err != nil {
		return nil, err
	}
	return structure, nil
}

// Terms reads up to [TermsPerPage] terms of a taxonomy that follow the id
// after; 0 begins. A taxonomy that is not among [Structure.Taxonomies] ends in
// [KindRejected]. Pages stay true while terms come and go: no term that is
// there all the time is left out or comes twice.
func (c *Client) Terms(ctx context.Context, taxonomy string, after int64) (*TermPage, error) {
	answer := &termAnswer{after: after}
	err := c.do(ctx, call{
		op: OpTerms, method: http.MethodGet, route: "structure/terms", want: http.StatusOK,
		query: url.Values{
			"taxonomy": {taxonomy}, "after": {strconv.FormatInt(after, 10)}, "limit": {strconv.Itoa(TermsPerPage)},
		},
	}, answer)
	if err != nil {
		return nil, err
	}
	return &answer.TermPage, nil
}

// termAnswer is a page that has to follow another.
type termAnswer struct {
	TermPage
	after int64
}

func (a *termAnswer) validate() error {
	c := checker{}
	c.terms("", &a.TermPage, a.after)
	return c.err
}

// validate brings the texts within the bounds of a status. What WordPress
// itself could not have registered is left out: one odd plugin must not hide
// the rest of a site.
func (s *Structure) validate() error {
	c := checker{}
	s.PostTypes = byName(s.PostTypes, maxPostTypeRunes, func(t PostType) string { return t.Name })
	for i := range s.PostTypes {
		t := &s.PostTypes[i]
		c.shown("post_types.label", &t.Label, 0, maxNameRunes)
		c.limit("post_types.count", t.Count)
		t.Supports = names(t.Supports, maxSupports)
	}
	s.Taxonomies = byName(s.Taxonomies, maxTaxonomyRunes, func(t Taxonomy) string { return t.Name })
	for i := range s.Taxonomies {
		t := &s.Taxonomies[i]
		c.shown("taxonomies.label", &t.Label, 0, maxNameRunes)
		c.limit("taxonomies.count", t.Count)
		t.PostTypes = names(t.PostTypes, len(t.PostTypes))
	}
	s.Capabilities = names(s.Capabilities, maxCapabilities)
	for field, list := range map[string]*TermList{"categories.": &s.Categories, "tags.": &s.Tags} {
		c.limit(field+"total", list.Total)
		c.terms(field, &list.TermPage, 0)
	}
	return c.err
}

// byName sorts a list by name, each name once, and leaves out names that are
// none: changed, they would mean something else.
func byName[T any](items []T, maxRunes int, name func(T) string) []T {
	named := make([]T, 0, len(items))
	for _, item := range items {
		if n := name(item); n != "" && sanitise(n, maxRunes) == n {
			named = append(named, item)
		}
	}
	slices.SortStableFunc(named, func(a, b T) int { return cmp.Compare(name(a), name(b)) })
	return slices.CompactFunc(named, func(a, b T) bool { return name(a) == name(b) })
}

// terms checks a page that follows the id after: ids ascend, and so does the
// place of the next page, or else reading all pages would never end.
func (c *checker) terms(field string, page *TermPage, after int64) {
	last, kept := after, make([]ListedTerm, 0, len(page.Items))
	for _, term := range page.Items {
		c.id(field+"items.id", term.ID)
		if term.ID <= last {
			c.fail(field+"items.id", "does not ascend")
		}
		last = term.ID
		c.limit(field+"items.count", term.Count)
		c.shown(field+"items.name", &term.Name, 0, maxNameRunes)
		c.shown(field+"items.path", &term.Path, 0, maxPathRunes)
		if term.Text() != "" {
			kept = append(kept, term)
		}
	}
	page.Items = kept
	if page.Next != 0 && (page.Next <= after || page.Next < last || page.Next > maxID) {
		c.fail(field+"next", "does not ascend")
	}
}

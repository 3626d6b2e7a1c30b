// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpresstest

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// firstPage is how many categories and tags GET /structure has, maxPage how
// many terms a page of GET /structure/terms has at most, and by default.
const (
	firstPage = 100
	maxPage   = 1000
)

// structure is what GET /structure says, as PHP writes it: null for the end.
func (f *Fake) structure() map[string]any {
	f.mu.Lock()
	defer f.mu.Unlock()
	return map[string]any{
		"post_types": []wordpress.PostType{
			{Name: "page", Label: "Pages", Count: f.countPosts("page"), Supports: []string{"title", "editor", "page-attributes"}},
			{Name: "post", Label: "Posts", Count: f.countPosts("post"), Supports: []string{"title", "editor", "excerpt"}},
		},
		"taxonomies": []wordpress.Taxonomy{
			{Name: category, Label: "Categories", Count: int64(len(f.terms.lists[category])), Hierarchical: true, PostTypes: []string{"post"}},
			{Name: tag, Label: "Tags", Count: int64(len(f.terms.lists[tag])), PostTypes: []string{"post"}},
		},
		"capabilities": []string{"edit_posts", "publish_posts"},
		"categories":   f.firstTerms(category),
		"tags":         f.firstTerms(tag),
	}
}

// countPosts and what follows need the lock.
func (f *Fake) countPosts(postType string) int64 {
	n := int64(0)
	for _, p := range f.posts {
		if p.Type == postType && p.Status != "trash" {
			n++
		}
	}
	return n
}

func (f *Fake) firstTerms(taxonomy string) map[string]any {
	list := f.termPage(taxonomy, 0, firstPage)
	list["total"] = len(f.terms.lists[taxonomy])
	return list
}

func (f *Fake) termPage(taxonomy string, after int64, limit int) map[string]any {
	page := f.terms.page(taxonomy, after, limit)
	counts := f.countTerms(taxonomy)
	for i := range page.Items {
		page.Items[i].Count = counts[page.Items[i].ID]
	}
	out := map[string]any{"items": page.Items, "next": nil}
	if page.Next != 0 {
		out["next"] = page.Next
	}
	return out
}

// countTerms counts the published posts of each term, as WordPress does.
func (f *Fake) countTerms(taxonomy string) map[int64]int64 {
	counts := map[int64]int64{}
	for _, p := range f.posts {
		if p.Status == "publish" {
			for _, term := range p.Terms[taxonomy] {
				counts[term.ID]++
			}
		}
	}
	return counts
}

func (f *Fake) serveTerms(w http.ResponseWriter, r *http.Request, fault Fault) {
	query := r.URL.Query()
	faults := unknownParameters(query, "taxonomy", "after", "limit")
	if taxonomy := query.Get("taxonomy"); taxonomy != category && taxonomy != tag {
		faults = append(faults, wordpress.FieldError{Field: "taxonomy", Message: "is none of the site's"})
	}
	after, faults := number(query, "after", 0, maxID, 0, faults)
	limit, faults := number(query, "limit", 1, maxPage, maxPage, faults)
	if len(faults) > 0 {
		writeInvalid(w, faults)
		return
	}
	f.mu.Lock()
	page := f.termPage(query.Get("taxonomy"), after, int(limit))
	f.mu.Unlock()
	f.answerRead(w, fault, page)
}

// number reads a parameter that is an integer, or adds to the faults.
func number(
	query url.Values, name string, least, most, fallback int64, faults []wordpress.FieldError,
) (int64, []wordpress.FieldError) {
	if !query.Has(name) {
		return fallback, faults
	}
	n, err := strconv.ParseInt(query.Get(name), 10, 64)
	if err != nil || n < least || n > most {
		return fallback, append(faults, wordpress.FieldError{Field: name, Message: "is out of range"})
	}
	return n, faults
}

// unknownParameters finds what is neither the route's nor WordPress's own.
func unknownParameters(query url.Values, known ...string) []wordpress.FieldError {
	var faults []wordpress.FieldError
	for name := range query {
		if name != "rest_route" && !strings.HasPrefix(name, "_") && !slices.Contains(known, name) {
			faults = append(faults, wordpress.FieldError{Field: name, Message: "is unknown"})
		}
	}
	return faults
}

func writeInvalid(w http.ResponseWriter, faults []wordpress.FieldError) {
	writeProblem(w, http.StatusBadRequest, "invalid-payload", "The payload is not acceptable.", map[string]any{"errors": faults})
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"context"
	"iter"
	"unicode/utf8"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// The bounds of status.structure in the CRD.
const (
	maxListedTypes   = 50
	maxListedTerms   = 100
	maxCategoryRunes = 500
)

// The taxonomies of categories and tags.
const (
	taxonomyCategory = "category"
	taxonomyTag      = "post_tag"
)

// abridged is what the status says of a structure: the beginning of each list, and
// which of them are cut.
func abridged(s *wordpress.Structure) v1alpha1.SiteStructure {
	out := v1alpha1.SiteStructure{Categories: texts(s.Categories.Items), Tags: texts(s.Tags.Items)}
	for _, t := range s.PostTypes[:min(len(s.PostTypes), maxListedTypes)] {
		out.PostTypes = append(out.PostTypes, postType(t, t.Count))
	}
	for _, t := range s.Taxonomies[:min(len(s.Taxonomies), maxListedTypes)] {
		out.Taxonomies = append(out.Taxonomies, v1alpha1.SiteTaxonomy{Name: t.Name, Count: t.Count})
	}
	add := func(list v1alpha1.TruncatedList, cut bool) {
		if cut {
			out.Truncated = append(out.Truncated, list)
		}
	}
	add(v1alpha1.TruncatedPostTypes, len(s.PostTypes) > len(out.PostTypes))
	add(v1alpha1.TruncatedTaxonomies, len(s.Taxonomies) > len(out.Taxonomies))
	add(v1alpha1.TruncatedCategories, s.Categories.Next != 0 || len(s.Categories.Items) > len(out.Categories))
	add(v1alpha1.TruncatedTags, s.Tags.Next != 0 || len(s.Tags.Items) > len(out.Tags))
	return out
}

// texts are the first terms as a request names them. A path that is too long for
// a status, of names of 200 characters several levels down, is left out: cut, it
// would name something else.
func texts(terms []wordpress.ListedTerm) []string {
	var out []string
	for _, t := range terms {
		if text := t.Text(); len(out) < maxListedTerms && utf8.RuneCountInString(text) <= maxCategoryRunes {
			out = append(out, text)
		}
	}
	return out
}

func postType(t wordpress.PostType, count int64) v1alpha1.SitePostType {
	return v1alpha1.SitePostType{Name: t.Name, Label: t.Label, Count: count, Supports: t.Supports}
}

// fill writes a structure into a document, with the members of status.structure
// and each list whole, reading the pages of terms that are left. Counts are left
// out: they change with each post, and the document would have to be written anew.
func fill(ctx context.Context, d *document, site *wordpress.Client, s *wordpress.Structure) error {
	for _, list := range []struct {
		name  v1alpha1.TruncatedList
		key   string
		items iter.Seq2[any, error]
	}{
		{v1alpha1.TruncatedPostTypes, "postTypes", each(s.PostTypes, func(t wordpress.PostType) any { return postType(t, 0) })},
		{v1alpha1.TruncatedTaxonomies, "taxonomies", each(s.Taxonomies, func(t wordpress.Taxonomy) any { return v1alpha1.SiteTaxonomy{Name: t.Name} })},
		{v1alpha1.TruncatedCategories, "categories", terms(ctx, site, taxonomyCategory, s.Categories.TermPage)},
		{v1alpha1.TruncatedTags, "tags", terms(ctx, site, taxonomyTag, s.Tags.TermPage)},
	} {
		if err := d.list(list.name, list.key, list.items); err != nil {
			return err
		}
	}
	return d.end()
}

func each[T any](items []T, as func(T) any) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		for _, item := range items {
			if !yield(as(item), nil) {
				return
			}
		}
	}
}

// terms are all terms of a taxonomy, page by page.
func terms(ctx context.Context, site *wordpress.Client, taxonomy string, page wordpress.TermPage) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		for {
			for _, t := range page.Items {
				if !yield(t.Text(), nil) {
					return
				}
			}
			if page.Next == 0 {
				return
			}
			next, err := site.Terms(ctx, taxonomy, page.Next)
			if err != nil {
				yield(nil, err)
				return
			}
			page = *next
		}
	}
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"slices"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// WordPress's own taxonomies, which have fields of their own.
const (
	taxonomyCategory = "category"
	taxonomyTag      = "post_tag"
)

// categories are those of the request, else its cluster, else the integration's.
// What falls back makes way for terms that taxonomies names.
func categories(spec *v1alpha1.PublishRequestSpec, defaults *v1alpha1.PublishDefaults) []string {
	switch {
	case len(spec.Categories) > 0:
		return spec.Categories
	case hasTaxonomy(spec, taxonomyCategory):
		return nil
	case spec.Cluster != "":
		return []string{spec.Cluster}
	default:
		return defaults.Categories
	}
}

func tags(spec *v1alpha1.PublishRequestSpec) []string {
	switch {
	case len(spec.Tags) > 0:
		return spec.Tags
	case hasTaxonomy(spec, taxonomyTag):
		return nil
	}
	keywords := append([]string{spec.SEO.PrimaryKeyword}, spec.SEO.SecondaryKeywords...)
	return slices.DeleteFunc(keywords, func(k string) bool { return k == "" })
}

func hasTaxonomy(spec *v1alpha1.PublishRequestSpec, name string) bool {
	return slices.ContainsFunc(spec.Taxonomies, func(t v1alpha1.TaxonomyTerms) bool { return t.Name == name })
}

func taxonomies(spec *v1alpha1.PublishRequestSpec) []wordpress.TaxonomyTerms {
	var out []wordpress.TaxonomyTerms
	for _, t := range spec.Taxonomies {
		out = append(out, wordpress.TaxonomyTerms{Taxonomy: t.Name, Terms: t.Terms})
	}
	return out
}

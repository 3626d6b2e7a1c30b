// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package content

import (
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// The bounds of the fields that the values go into (api/v1alpha1), in characters
// and items.
const (
	maxTitle, maxSlug, maxExcerptText, maxAuthor, maxTemplate = 500, 200, 2000, 60, 255
	maxSEOTitle, maxSEODescription, maxAddress, maxKeyword    = 300, 1000, 2048, 200
	maxTerm, maxName, maxMetaKey, maxMetaValue                = 500, 200, 255, 4096
	maxCategories, maxTags, maxKeywords, maxTerms             = 50, 100, 51, 100
	maxTaxonomies, maxCustomFields                            = 20, 50
	maxAlt, maxCaption                                        = 500, 1000
	maxIgnored                                                = 20
)

// matterReader puts the values of a block into a FrontMatter.
type matterReader struct {
	matter *FrontMatter
}

// readAll reads the keys in their order; seo, which says what it means, before
// the short names of the same.
func (r *matterReader) readAll(root *yaml.Node) error {
	pairs, err := members("", root)
	if err != nil {
		return err
	}
	rank := map[string]int{"seo": -1}
	slices.SortStableFunc(pairs, func(a, b pair) int { return rank[a.key] - rank[b.key] })
	for _, p := range pairs {
		if isNull(p.value) {
			continue
		}
		if err := r.read(p); err != nil {
			return err
		}
	}
	return nil
}

// read puts one value where it belongs.
func (r *matterReader) read(p pair) error {
	m := r.matter
	texts := map[string]textField{
		"title": {&m.Title, maxTitle, nil}, "slug": {&m.Slug, maxSlug, slugForm},
		"excerpt": {&m.Excerpt, maxExcerptText, nil}, "summary": {&m.Excerpt, maxExcerptText, nil},
		"author": {&m.Author, maxAuthor, nil}, "template": {&m.Template, maxTemplate, nil}, "cluster": {&m.Cluster, maxName, nil},
		"description": {&m.SEO.Description, maxSEODescription, nil},
		"canonical":   {&m.SEO.CanonicalURL, maxAddress, addressForm}, "canonicalURL": {&m.SEO.CanonicalURL, maxAddress, addressForm},
		"canonical_url": {&m.SEO.CanonicalURL, maxAddress, addressForm},
	}
	lists := map[string]listField{
		"categories": {&m.Categories, maxCategories, maxTerm}, "category": {&m.Categories, maxCategories, maxTerm},
		"tags": {&m.Tags, maxTags, maxName},
	}
	if f, ok := texts[p.key]; ok {
		return f.fill(p)
	}
	if f, ok := lists[p.key]; ok {
		return f.fill(p)
	}
	return r.readOther(p)
}

// readOther reads the keys whose values are no mere texts.
func (r *matterReader) readOther(p pair) error {
	m := r.matter
	switch p.key {
	case "date":
		return fillDate(&m.Date, p)
	case "draft":
		return fillFlag(&m.Status, p, "draft", "")
	case "status":
		return fillChoice(&m.Status, p, "publish", "draft", "pending", "private")
	case "comments":
		return fillFlag(&m.Comments, p, "open", "closed")
	case "noindex":
		return fillFlag(&m.SEO.Index, p, "noindex", "index")
	case "keywords":
		return r.readKeywords(p)
	case "seo":
		return r.readSEO(p)
	case "image", "featuredImage", "featured_image", "cover":
		return r.readImage(p)
	case "taxonomies":
		return r.readTaxonomies(p)
	case "customFields":
		return r.readCustomFields(p)
	}
	r.ignore(p.key)
	return nil
}

func (r *matterReader) ignore(key string) {
	if len(r.matter.Ignored) < maxIgnored {
		r.matter.Ignored = append(r.matter.Ignored, cutText(key))
	}
}

// readKeywords takes the first for the one the content is written for.
func (r *matterReader) readKeywords(p pair) error {
	var all []string
	if err := (listField{&all, maxKeywords, maxKeyword}).fill(p); err != nil {
		return err
	}
	if seo := &r.matter.SEO; len(all) > 0 && seo.PrimaryKeyword == "" && len(seo.SecondaryKeywords) == 0 {
		seo.PrimaryKeyword, seo.SecondaryKeywords = all[0], all[1:]
	}
	return nil
}

func (r *matterReader) readSEO(p pair) error {
	seo := &r.matter.SEO
	texts := map[string]textField{
		"title": {&seo.Title, maxSEOTitle, nil}, "description": {&seo.Description, maxSEODescription, nil},
		"primaryKeyword": {&seo.PrimaryKeyword, maxKeyword, nil}, "canonicalURL": {&seo.CanonicalURL, maxAddress, addressForm},
	}
	return r.each(p, func(m pair) error {
		if f, ok := texts[local(m.key)]; ok {
			return f.fill(m)
		}
		switch local(m.key) {
		case "secondaryKeywords":
			return listField{&seo.SecondaryKeywords, maxKeywords - 1, maxKeyword}.fill(m)
		case "index":
			return fillChoice(&seo.Index, m, "index", "noindex")
		}
		r.ignore(m.key)
		return nil
	})
}

// readImage takes an address, or an object with one. An address within a site
// says nothing: nobody knows of which.
func (r *matterReader) readImage(p pair) error {
	image := MatterImage{}
	address := textField{&image.URL, maxAddress, nil}
	if p.value.Kind == yaml.ScalarNode {
		if err := address.fill(p); err != nil {
			return err
		}
	} else if err := r.each(p, func(m pair) error {
		switch local(m.key) {
		case "url", "src", "image":
			return address.fill(m)
		case "alt":
			return textField{&image.Alt, maxAlt, nil}.fill(m)
		case "caption":
			return textField{&image.Caption, maxCaption, nil}.fill(m)
		case "title":
			return textField{&image.Title, maxTitle, nil}.fill(m)
		}
		r.ignore(m.key)
		return nil
	}); err != nil {
		return err
	}
	switch {
	case !addressForm.pattern.MatchString(image.URL):
		r.ignore(p.key)
	case r.matter.Image.URL == "":
		r.matter.Image = image
	}
	return nil
}

func (r *matterReader) readTaxonomies(p pair) error {
	return r.each(p, func(m pair) error {
		name, taxonomies := local(m.key), &r.matter.Taxonomies
		if !taxonomyForm.pattern.MatchString(name) || len(*taxonomies) == maxTaxonomies {
			return m.fault("names no taxonomy, or one too many: at most 20 of up to 32 lower-case letters, digits, - and _")
		}
		terms := []string{}
		if err := (listField{&terms, maxTerms, maxTerm}).fill(m); err != nil {
			return err
		}
		*taxonomies = append(*taxonomies, Taxonomy{Name: name, Terms: terms})
		return nil
	})
}

func (r *matterReader) readCustomFields(p pair) error {
	return r.each(p, func(m pair) error {
		field, fields := Field{Name: local(m.key)}, &r.matter.CustomFields
		if !metaKeyForm.pattern.MatchString(field.Name) || len([]rune(field.Name)) > maxMetaKey || len(*fields) == maxCustomFields {
			return m.fault("is no name of a custom field, or one too many: at most 50 of up to 255 characters without white space")
		}
		if err := (textField{&field.Value, maxMetaValue, nil}).fill(m); err != nil {
			return err
		}
		*fields = append(*fields, field)
		return nil
	})
}

// each reads the members of an object that is a value.
func (r *matterReader) each(p pair, read func(pair) error) error {
	pairs, err := members(p.key+".", p.value)
	if err != nil {
		return err
	}
	for _, m := range pairs {
		if isNull(m.value) {
			continue
		}
		if err := read(m); err != nil {
			return err
		}
	}
	return nil
}

// local is the last part of a key.
func local(key string) string {
	_, name, _ := strings.Cut(key, ".")
	return name
}

// form is what a text has to look like.
type form struct {
	pattern *regexp.Regexp
	reason  string
}

var (
	slugForm     = &form{regexp.MustCompile(`^([-_\p{Ll}\p{Lm}\p{Lo}\p{M}\p{N}]|%[0-9a-f]{2})+$`), "must hold only lower-case letters, digits, - and _, for example hello-world"}
	addressForm  = &form{regexp.MustCompile(`^https?://[^\s/]+\S*$`), "must be a URL that starts with https:// or http://"}
	taxonomyForm = &form{regexp.MustCompile(`^[-_a-z0-9]{1,32}$`), ""}
	metaKeyForm  = &form{regexp.MustCompile(`^\S+$`), ""}
)

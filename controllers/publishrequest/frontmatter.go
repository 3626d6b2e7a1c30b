// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"cmp"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/content"
)

// fillIn gives the fields that a spec leaves empty what the front matter of its
// content says. It does not say what holds a request back, nor of which type the
// post is: that is decided before the content is read.
func fillIn(spec *v1alpha1.PublishRequestSpec, matter *content.FrontMatter, defaults *v1alpha1.PublishDefaults) {
	spec.Title = cmp.Or(spec.Title, matter.Title)
	spec.Slug = cmp.Or(spec.Slug, matter.Slug)
	spec.Excerpt = cmp.Or(spec.Excerpt, matter.Excerpt)
	spec.Author = cmp.Or(spec.Author, matter.Author)
	spec.Template = cmp.Or(spec.Template, matter.Template)
	spec.Cluster = cmp.Or(spec.Cluster, matter.Cluster)
	spec.Status = cmp.Or(spec.Status, matterStatus(spec, matter, defaults))
	spec.CommentStatus = cmp.Or(spec.CommentStatus, matterComments[matter.Comments])
	spec.Categories = orList(spec.Categories, matter.Categories)
	spec.Tags = orList(spec.Tags, matter.Tags)
	fillInLists(spec, matter)
	fillInSEO(&spec.SEO, &matter.SEO)
	fillInImage(&spec.FeaturedImage, &matter.Image)
	fillInDate(spec, matter, defaults)
}

// matterStatus is the status that the front matter asks for. One that would publish
// a post which was left to the site's schedule comes too late: the request was not
// held back for it.
func matterStatus(spec *v1alpha1.PublishRequestSpec, matter *content.FrontMatter, defaults *v1alpha1.PublishDefaults) v1alpha1.PostStatus {
	status := matterStatuses[matter.Status]
	publishes := status == v1alpha1.PostStatusPublish || status == v1alpha1.PostStatusPrivate
	if publishes && wantedStatus(spec, defaults) == v1alpha1.PostStatusFuture {
		return ""
	}
	return status
}

var (
	matterStatuses = map[string]v1alpha1.PostStatus{
		"publish": v1alpha1.PostStatusPublish, "draft": v1alpha1.PostStatusDraft,
		"pending": v1alpha1.PostStatusPending, "private": v1alpha1.PostStatusPrivate,
	}
	matterComments = map[string]v1alpha1.CommentStatus{"open": v1alpha1.CommentStatusOpen, "closed": v1alpha1.CommentStatusClosed}
	matterIndexes  = map[string]v1alpha1.SEOIndex{"index": v1alpha1.SEOIndexIndex, "noindex": v1alpha1.SEOIndexNoIndex}
)

func orList[T any](list, fallback []T) []T {
	if len(list) > 0 {
		return list
	}
	return fallback
}

// fillInLists takes a list as a whole: what the spec names replaces all of it.
func fillInLists(spec *v1alpha1.PublishRequestSpec, matter *content.FrontMatter) {
	if len(spec.Taxonomies) == 0 {
		for _, t := range matter.Taxonomies {
			spec.Taxonomies = append(spec.Taxonomies, v1alpha1.TaxonomyTerms{Name: t.Name, Terms: t.Terms})
		}
	}
	if len(spec.CustomFields) == 0 {
		for _, f := range matter.CustomFields {
			spec.CustomFields = append(spec.CustomFields, v1alpha1.CustomField{Name: f.Name, Value: f.Value})
		}
	}
}

// fillInSEO takes the keywords as a whole: the first of one list is not that of
// another.
func fillInSEO(seo *v1alpha1.SEO, matter *content.MatterSEO) {
	seo.Title = cmp.Or(seo.Title, matter.Title)
	seo.Description = cmp.Or(seo.Description, matter.Description)
	seo.CanonicalURL = cmp.Or(seo.CanonicalURL, matter.CanonicalURL)
	seo.Index = cmp.Or(seo.Index, matterIndexes[matter.Index])
	if seo.PrimaryKeyword == "" && len(seo.SecondaryKeywords) == 0 {
		seo.PrimaryKeyword, seo.SecondaryKeywords = matter.PrimaryKeyword, matter.SecondaryKeywords
	}
}

// defaultFeaturedName is the schema's default.
const defaultFeaturedName = "featured"

func fillInImage(image *v1alpha1.FeaturedImage, matter *content.MatterImage) {
	if image.Source.Type != "" || matter.URL == "" {
		return
	}
	image.Name = cmp.Or(image.Name, defaultFeaturedName)
	image.Source = v1alpha1.ImageSource{Type: v1alpha1.ImageSourceURL, URL: matter.URL}
	image.Alt, image.Caption, image.Title = matter.Alt, matter.Caption, matter.Title
}

// fillInDate makes the date that of the post, and leaves one that is to come to
// the site: the operator's own waiting is decided before the content is read.
func fillInDate(spec *v1alpha1.PublishRequestSpec, matter *content.FrontMatter, defaults *v1alpha1.PublishDefaults) {
	if matter.Date.IsZero() || !spec.PublishTime.IsZero() || wantedStatus(spec, defaults) != v1alpha1.PostStatusPublish {
		return
	}
	spec.Status, spec.PublishTime = v1alpha1.PostStatusFuture, metav1.NewTime(matter.Date)
}

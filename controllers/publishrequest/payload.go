// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/content"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// payload is what the site is to have: the request, where it is silent the
// integration's defaults, and the fallbacks of the product (categories from the
// cluster's name, tags from the keywords). Mapped is the meta that the
// integration makes of the request's fields.
func payload(request *v1alpha1.PublishRequest, integration *v1alpha1.WordPressIntegration, html string, mapped map[string]any) *wordpress.Post {
	spec, defaults := &request.Spec, &integration.Spec.Publishing.Defaults
	post := &wordpress.Post{
		ContentKey:        contentKey(request),
		ContentID:         spec.ContentID,
		Title:             spec.Title,
		ContentHTML:       html,
		Excerpt:           cmp.Or(spec.Excerpt, content.Excerpt(html)),
		Status:            postStatus(wantedStatus(spec, defaults)),
		DateGMT:           postDate(spec, defaults),
		Slug:              spec.Slug,
		PostType:          postType(request, integration),
		Author:            cmp.Or(spec.Author, defaults.Author),
		CommentStatus:     strings.ToLower(string(spec.CommentStatus)),
		Template:          cmp.Or(spec.Template, defaults.Template),
		Parent:            spec.Parent,
		Categories:        categories(spec, defaults),
		Tags:              tags(spec),
		SEOTitle:          spec.SEO.Title,
		SEODescription:    spec.SEO.Description,
		PrimaryKeyword:    spec.SEO.PrimaryKeyword,
		SecondaryKeywords: spec.SEO.SecondaryKeywords,
		CanonicalURL:      spec.SEO.CanonicalURL,
		Robots:            robots(spec.SEO.Index),
		Taxonomies:        taxonomies(spec),
		Meta:              customFields(spec, mapped),
	}
	// The digest covers what is wanted, not who wants it: a request that takes
	// over a post with the same content has nothing to write.
	post.SourceDigest = content.Digest(post)
	post.Owner, post.Claim = ownerID(integration), string(request.UID)
	return post
}

func contentKey(request *v1alpha1.PublishRequest) string {
	switch {
	case request.Spec.ContentKey != "":
		return request.Spec.ContentKey
	case request.Spec.ContentID != 0:
		return fmt.Sprintf("content:%d", request.Spec.ContentID)
	default:
		return request.Namespace + "/" + request.Name
	}
}

func ownerID(integration *v1alpha1.WordPressIntegration) string {
	return cmp.Or(integration.Spec.OwnerID, integration.Namespace+"/"+integration.Name)
}

func postType(request *v1alpha1.PublishRequest, integration *v1alpha1.WordPressIntegration) string {
	return cmp.Or(request.Spec.PostType, integration.Spec.Publishing.Defaults.PostType, "post")
}

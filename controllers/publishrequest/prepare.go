// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"context"
	"fmt"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/content"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// work is one call for a request, as far as it is prepared.
type work struct {
	// request was read when the call's turn had come, content included.
	request     *v1alpha1.PublishRequest
	integration *v1alpha1.WordPressIntegration
	// post is what the site is to have.
	post *wordpress.Post
	// images are those that the post is to show.
	images []wantedImage
	// result takes notes for the outcome.
	result *callResult
}

// prepare says what a call has to do, without calling the site: an error if
// there is nothing to do, or if it cannot be done.
func (r *Reconciler) prepare(ctx context.Context, j job, result *callResult) (*work, error) {
	request := &v1alpha1.PublishRequest{}
	if err := r.Live.Get(ctx, j.request, request); err != nil {
		return nil, fmt.Errorf("get request: %w", err)
	}
	if err := checkCurrent(request, j); err != nil {
		return nil, err
	}
	result.update = updates(request)
	html, err := r.render(ctx, request, j.integration, result)
	if err != nil {
		return nil, err
	}
	images, err := r.wantImages(ctx, request, j.integration, html)
	if err != nil {
		return nil, err
	}
	mapped, err := r.mappedFields(request, j.integration)
	if err != nil {
		return nil, err
	}
	wanted := func() *wordpress.Post {
		post := payload(request, j.integration, html, mapped)
		post.SourceDigest = withImages(post.SourceDigest, images)
		return post
	}
	keepWaiting(request, &j.integration.Spec.Publishing.Defaults, func() string { return wanted().SourceDigest })
	post := wanted()
	result.sourceDigest, result.scheduled = post.SourceDigest, post.DateGMT.Time
	if err := checkWanted(request, post.SourceDigest); err != nil {
		return nil, err
	}
	return &work{request: request, integration: j.integration, post: post, images: images, result: result}, nil
}

// checkCurrent says whether the request is still as the ticket has it.
func checkCurrent(request *v1alpha1.PublishRequest, j job) error {
	switch {
	case !request.DeletionTimestamp.IsZero():
		return errStale // nothing is published any more
	case request.UID != j.uid || request.Generation != j.generation || mayHold(request) && awaitsApproval(request):
		return errStale
	case basis(request) != j.basis:
		return errBehind
	}
	return nil
}

// render returns the content as HTML or block markup, and fills in what its front
// matter says: from here on the spec is that of the post.
func (r *Reconciler) render(ctx context.Context, request *v1alpha1.PublishRequest, integration *v1alpha1.WordPressIntegration, result *callResult) (string, error) {
	body, err := r.body(ctx, request, result)
	if err != nil {
		return "", err
	}
	rendered, err := content.Render(content.Format(request.Spec.Content.Format), body)
	if err != nil {
		return "", &contentError{problem{v1alpha1.ReasonInvalidContent, err.Error()}}
	}
	fillIn(&request.Spec, &rendered.FrontMatter, &integration.Spec.Publishing.Defaults)
	result.title, result.ignored = request.Spec.Title, rendered.FrontMatter.Ignored
	if request.Spec.Title == "" {
		return "", &contentError{problem{v1alpha1.ReasonInvalidContent,
			"the post has no title; set spec.title, or title in the front matter at the beginning of the content"}}
	}
	return rendered.HTML, nil
}

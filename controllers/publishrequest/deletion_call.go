// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"context"
	"errors"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// callRemoval has the site take the post away. It runs outside the controller's
// workers.
func (r *Reconciler) callRemoval(ctx context.Context, j job) callResult {
	result := callResult{removes: true, startTime: r.Clock.Now()}
	result.removal, result.err = r.removeAtSite(ctx, j, &result)
	result.endTime = r.Clock.Now()
	return result
}

func (r *Reconciler) removeAtSite(ctx context.Context, j job, result *callResult) (wordpress.Removal, error) {
	request := &v1alpha1.PublishRequest{}
	err := r.Live.Get(ctx, j.request, request)
	switch {
	case apierrors.IsNotFound(err):
		return "", errStale
	case err != nil:
		return "", fmt.Errorf("get request: %w", err)
	case request.UID != j.uid || request.Generation != j.generation:
		return "", errStale // its policy may be another one by now
	case basis(request) != j.basis:
		return "", errBehind
	}
	site, err := r.open(ctx, &work{request: request, integration: j.integration, result: result})
	if err != nil {
		return "", err
	}
	return r.removePost(ctx, site, request, j.integration)
}

// removePost removes the post by its id, and where none is known by its content
// key: the process that made it may have died before it could say so.
func (r *Reconciler) removePost(ctx context.Context, site *wordpress.Client, request *v1alpha1.PublishRequest, integration *v1alpha1.WordPressIntegration) (wordpress.Removal, error) {
	target := wordpress.Target{
		ID: request.Status.Post.ID, ContentKey: contentKey(request), Claim: string(request.UID),
		Force: deletionPolicy(request, integration) == v1alpha1.DeletionPolicyDelete,
	}
	if isMissing(request) {
		target.ID = 0 // another one may have been begun in its place
	}
	removal, err := r.observedRemoval(ctx, site, target)
	var refused *wordpress.Error
	if target.ID == 0 || !errors.As(err, &refused) {
		return removal, err
	}
	switch refused.Kind {
	case wordpress.KindMismatch: // ids move when a database is restored
		target.ID = 0
		return r.observedRemoval(ctx, site, target)
	case wordpress.KindClaimedByOther:
		if !isAdoptedOnly(request) {
			return "", refused // it was ours, and whoever has it now may be in another cluster
		}
		return r.removeAdopted(ctx, site, request, target, refused)
	}
	return removal, err
}

// isAdoptedOnly says that the request took the post over, and has not written to it
// yet: the claim at the site is still that of the one before.
func isAdoptedOnly(request *v1alpha1.PublishRequest) bool {
	post := &request.Status.Post
	return post.Origin == v1alpha1.PostOriginAdopted && post.SourceDigest == ""
}

// removeAdopted removes a post that was adopted, and has the claim of a request
// that is gone: no update has changed it since.
func (r *Reconciler) removeAdopted(ctx context.Context, site *wordpress.Client, request *v1alpha1.PublishRequest, target wordpress.Target, refused *wordpress.Error) (wordpress.Removal, error) {
	if refused.Post == nil || refused.Post.ID != target.ID {
		return "", refused
	}
	holder, _, err := r.holder(ctx, request, refused.Post.Claim)
	if err != nil {
		return "", err
	}
	if holder != claimNobody {
		return "", refused
	}
	target.Claim = refused.Post.Claim
	return r.observedRemoval(ctx, site, target)
}

// observedRemoval makes one call and counts it.
func (r *Reconciler) observedRemoval(ctx context.Context, site *wordpress.Client, target wordpress.Target) (wordpress.Removal, error) {
	startTime := r.Clock.Now()
	removal, err := site.Delete(ctx, target)
	r.Metrics.Observe("delete", err, r.Clock.Since(startTime))
	return removal, err
}

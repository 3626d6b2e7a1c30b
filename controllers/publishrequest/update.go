// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"context"
	"errors"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// updates says that a call for the request is about the post that is known,
// rather than to make one.
func updates(request *v1alpha1.PublishRequest) bool {
	return request.Status.Post.ID != 0 && (!isMissing(request) || missingPolicy(request) != v1alpha1.MissingPolicyRecreate)
}

// checkWanted says whether the post is to be written at all. While a conflict is
// open, or the post was not there, only the site can tell what is there now.
func checkWanted(request *v1alpha1.PublishRequest, sourceDigest string) error {
	status := &request.Status
	known := status.Conflict.ContentHash == "" && !isDeleted(request)
	// Images that were missing are no change of what was approved.
	changed := wantedDigest(status.Post.SourceDigest) != wantedDigest(sourceDigest)
	switch {
	case updates(request) && status.Post.SourceDigest == sourceDigest && known:
		return errUnchanged
	case status.Post.ID != 0 && awaitsApproval(request) && (changed || updates(request) && !known),
		status.Post.SourceDigest != "" && changed && approvalUsed(request):
		return errUnapproved
	}
	return nil
}

// update brings the post to what is wanted. Two answers need no decision, and the
// call goes on: what was found is our own last write, whose answer was lost; or
// the post is in the trash, and the policy takes it out.
func (r *Reconciler) update(ctx context.Context, site *wordpress.Client, w *work) (*wordpress.PostRepresentation, error) {
	request, id := w.request, w.request.Status.Post.ID
	put := site.Update //nolint:forbidigo // a post at the site, no object of the API server
	send := func(send func(context.Context, int64, *wordpress.Post, string) (*wordpress.PostRepresentation, error), ifMatch string) (*wordpress.PostRepresentation, error) {
		return r.observed("update", func() (*wordpress.PostRepresentation, error) { return send(ctx, id, w.post, ifMatch) })
	}
	updated, err := send(put, ifMatch(request, w.integration))
	var refused *wordpress.Error
	switch {
	case !errors.As(err, &refused) || refused.Post == nil:
		return updated, err
	case isOwnWrite(request, refused):
		return send(put, refused.Post.ContentHash)
	case refused.Kind == wordpress.KindTrashed && missingPolicy(request) != v1alpha1.MissingPolicyLeave && !isEditedInTrash(request, w.integration, refused.Post):
		w.result.restored = true
		return send(site.Restore, refused.Post.ContentHash)
	}
	return nil, err
}

// ifMatch is the content hash that the post must have: that of our last write, or
// that of the change which is to be overwritten. A change made after that one is
// another conflict.
func ifMatch(request *v1alpha1.PublishRequest, integration *v1alpha1.WordPressIntegration) string {
	if conflict := request.Status.Conflict.ContentHash; conflict != "" && resolve(request, integration) == overwrite {
		return conflict
	}
	return request.Status.Post.ContentHash
}

// isEditedInTrash says that a person changed the post before it was put into the
// trash: restoring it overwrites that.
func isEditedInTrash(request *v1alpha1.PublishRequest, integration *v1alpha1.WordPressIntegration, post *wordpress.PostRepresentation) bool {
	before := post.UntrashedHash
	isOurs := before == post.WrittenHash && post.Claim == string(request.UID)
	return before != "" && before != ifMatch(request, integration) && !isOurs
}

// isOwnWrite says that the post is not as it was, because this request wrote it
// and died, or lost the answer, before it could say so.
func isOwnWrite(request *v1alpha1.PublishRequest, refused *wordpress.Error) bool {
	post := refused.Post
	return refused.Kind == wordpress.KindPreconditionFailed && post.Claim == string(request.UID) &&
		post.WrittenHash != "" && post.WrittenHash == post.ContentHash
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"cmp"
	"context"
	"fmt"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/jitter"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// claimHolder is who holds the claim on a post.
type claimHolder int

const (
	claimOurs claimHolder = iota
	claimOther
	claimNobody
)

// adopt decides what a post that the site has already is to this request.
func (r *Reconciler) adopt(ctx context.Context, s *scope, call callResult, post *wordpress.PostRepresentation) error {
	holder, name, err := r.holder(ctx, s.request, post.Claim)
	if err != nil {
		return err
	}
	policy, owner := s.request.Spec.AdoptionPolicy, ownerID(s.integration)
	if refusal := refuseAdoption(s.request.Name, holder, name, policy, owner, post); refusal != nil {
		s.recordFailure(call, refusal.reason, refusal.message)
		s.health().Stall(refusal.reason, refusal.message)
		return nil
	}
	origin := v1alpha1.PostOriginAdopted
	if holder == claimOurs {
		// We made it and died, or lost the answer, before we could say so.
		origin = cmp.Or(s.request.Status.Post.Origin, v1alpha1.PostOriginCreated)
	}
	if holder == claimOurs && !call.update && isAsWritten(post, call.sourceDigest, owner) {
		attempt := s.imageAttempt(call)
		s.recordPublished(call, post, origin)
		s.noteImages(call, attempt, r.Random)
		return nil
	}
	s.noteAdoption(call, post, origin, r.Random)
	return nil
}

// isAsWritten says that the post is the one a publish would make: nothing is left
// to be written, not even whose it is.
func isAsWritten(post *wordpress.PostRepresentation, sourceDigest, owner string) bool {
	return post.SourceDigest == sourceDigest && post.Owner == owner && post.WrittenHash != "" && post.Status != trashed
}

// unknownHash is that of no content. It stands for the hash of our last write
// where the site knows of none: whatever the post has is then a change to decide
// about.
const unknownHash = "unknown"

// noteAdoption notes the post as the last write left it, so that what a person
// changed since is a conflict; and has the next call bring it to what is wanted,
// the claim included.
func (s *scope) noteAdoption(call callResult, post *wordpress.PostRepresentation, origin v1alpha1.PostOrigin, random jitter.Random) {
	s.endConflict()
	s.notePost(call, post, origin)
	s.request.Status.Post.ContentHash = cmp.Or(post.WrittenHash, unknownHash)
	s.request.Status.Post.SourceDigest = "" // nothing of what is wanted has been sent
	s.goOn(call, v1alpha1.ReasonProgressing, fmt.Sprintf("the site has post %d of this content; it is brought to what is asked for", post.ID), random)
}

// refuseAdoption says why the post is not to be taken, nil if it is.
func refuseAdoption(self string, holder claimHolder, name string, policy v1alpha1.AdoptionPolicy, owner string, post *wordpress.PostRepresentation) *problem {
	switch {
	case holder == claimOurs:
		return nil
	case holder == claimOther:
		return &problem{v1alpha1.ReasonClaimedByOther, claimedMessage(self, name, post)}
	case policy == v1alpha1.AdoptionPolicyNever:
		return &problem{v1alpha1.ReasonAlreadyPublished,
			fmt.Sprintf("the site has post %d of this content, and adoptionPolicy is Never", post.ID)}
	case policy != v1alpha1.AdoptionPolicyAlways && post.Owner != owner:
		return &problem{v1alpha1.ReasonOwnedByOther,
			fmt.Sprintf("post %d of this content was made by %q, not by %q; set adoptionPolicy Always to take it, or the integration's ownerID and then ask for a retry (kubectl igny8 retry %s)", post.ID, post.Owner, owner, self)}
	}
	return nil
}

func claimedMessage(self, other string, post *wordpress.PostRepresentation) string {
	return fmt.Sprintf("post %d of this content belongs to %s; delete one of the two requests; then, if it is the other, ask this one to retry (kubectl igny8 retry %s)", post.ID, other, self)
}

// holder finds the living request behind a claim. A request of another
// namespace is not named: who may see this one may not see that one.
func (r *Reconciler) holder(ctx context.Context, request *v1alpha1.PublishRequest, claim string) (claimHolder, string, error) {
	switch claim {
	case string(request.UID):
		return claimOurs, "", nil
	case "":
		return claimNobody, "", nil
	}
	list := &v1alpha1.PublishRequestList{}
	if err := r.Client.List(ctx, list, client.MatchingFields{indexRequestUID: claim}, client.Limit(1)); err != nil {
		return 0, "", fmt.Errorf("find request of claim: %w", err)
	}
	if len(list.Items) == 0 {
		return claimNobody, "", nil
	}
	if other := &list.Items[0]; other.Namespace == request.Namespace {
		return claimOther, fmt.Sprintf("PublishRequest %q", other.Name), nil
	}
	return claimOther, "a PublishRequest of another namespace", nil
}

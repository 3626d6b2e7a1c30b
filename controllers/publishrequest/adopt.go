// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"context"
	"fmt"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
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
		origin = v1alpha1.PostOriginCreated
	}
	if post.SourceDigest != call.sourceDigest {
		s.notePost(call, post, origin)
		s.recordUpdateUnsupported(call, post.ID)
		return nil
	}
	s.recordPublished(call, post, origin)
	return nil
}

// refuseAdoption says why the post is not to be taken, nil if it is.
func refuseAdoption(self string, holder claimHolder, name string, policy v1alpha1.AdoptionPolicy, owner string, post *wordpress.PostRepresentation) *problem {
	switch {
	case holder == claimOurs:
		return nil
	case holder == claimOther:
		return &problem{v1alpha1.ReasonClaimedByOther,
			fmt.Sprintf("post %d of this content belongs to %s; delete one of the two requests; then, if it is the other, ask this one to retry (kubectl igny8 retry %s)", post.ID, name, self)}
	case policy == v1alpha1.AdoptionPolicyNever:
		return &problem{v1alpha1.ReasonAlreadyPublished,
			fmt.Sprintf("the site has post %d of this content, and adoptionPolicy is Never", post.ID)}
	case policy != v1alpha1.AdoptionPolicyAlways && post.Owner != owner:
		return &problem{v1alpha1.ReasonOwnedByOther,
			fmt.Sprintf("post %d of this content was made by %q, not by %q; set adoptionPolicy Always to take it, or the integration's ownerID and then ask for a retry (kubectl igny8 retry %s)", post.ID, post.Owner, owner, self)}
	}
	return nil
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

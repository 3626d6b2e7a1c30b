// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpresstest

import (
	"testing"
	"time"

	"github.com/igny8/wordpress-operator/internal/wordpress"
)

func testRemoveClaimed(t *testing.T, s *suite) {
	mine, nobodys := newPost(), newPost()
	mine.Claim = "uid-mine"
	made, unclaimed := s.publish(t, mine), s.publish(t, nobodys)
	refused := map[string]wordpress.Target{
		"another's, by id":   {ID: made.ID, ContentKey: mine.ContentKey, Claim: "uid-other", Force: true},
		"another's, by key":  {ContentKey: mine.ContentKey, Claim: "uid-other"},
		"unclaimed, by key":  {ContentKey: nobodys.ContentKey, Claim: "uid-other"},
		"another's, trashed": {ID: made.ID, ContentKey: mine.ContentKey, Claim: "uid-other"},
	}
	for name, target := range refused {
		_, err := s.client.Delete(t.Context(), target)
		e := refusal(t, err, wordpress.KindClaimedByOther)
		if e.Post == nil || e.Post.ContentKey != target.ContentKey {
			t.Errorf("%s: the problem carries %+v, want the post", name, e.Post)
		}
	}
	removed := map[string]wordpress.Target{
		"mine, by key":                     {ContentKey: mine.ContentKey, Claim: "uid-mine"},
		"by the id that its owner knows":   {ID: unclaimed.ID, ContentKey: nobodys.ContentKey, Claim: "uid-other"},
		"mine, by id, where it is already": {ID: made.ID, ContentKey: mine.ContentKey, Claim: "uid-mine"},
	}
	for name, target := range removed {
		if got, err := s.client.Delete(t.Context(), target); err != nil || got != wordpress.RemovalTrashed {
			t.Errorf("%s: Delete = %q, %v, want trashed", name, got, err)
		}
	}
}

// testEndedClaim: a publish that was on its way may arrive after the removal.
func testEndedClaim(t *testing.T, s *suite) {
	for name, published := range map[string]bool{"it had made a post": true, "it had made none": false} {
		post := newPost()
		post.Claim = "uid-ended"
		if published {
			s.publish(t, post)
		}
		target := wordpress.Target{ContentKey: post.ContentKey, Claim: post.Claim, Force: true}
		for range 2 {
			if _, err := s.client.Delete(t.Context(), target); err != nil {
				t.Fatalf("%s: Delete: %v", name, err)
			}
		}
		if e := refusal(t, second(s.client.Publish(t.Context(), post)), wordpress.KindClaimEnded); e.RetryAfter < time.Hour {
			t.Errorf("%s: the claim is accepted again in %s, want a day", name, e.RetryAfter)
		}
		if _, err := s.client.FindPost(t.Context(), post.ContentKey); wordpress.KindOf(err) != wordpress.KindNotFound {
			t.Errorf("%s: FindPost: %v, want not found", name, err)
		}
		post.Claim = "uid-next"
		if made := s.publish(t, post); made.Claim != post.Claim {
			t.Errorf("%s: the post of the next request has the claim %q", name, made.Claim)
		}
	}
}

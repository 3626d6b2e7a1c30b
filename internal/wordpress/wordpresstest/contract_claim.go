// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpresstest

import (
	"testing"

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

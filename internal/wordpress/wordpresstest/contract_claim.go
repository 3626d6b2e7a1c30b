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

// testTrashedWithItsRequest: what a deletion put into the trash is nobody's, and
// the next request of the key goes on with it, of whatever type its post is.
func testTrashedWithItsRequest(t *testing.T, s *suite) {
	for postType, sameID := range map[string]bool{"": true, "page": false} {
		post := newPost()
		post.Claim, post.Owner = "uid-ended", "team/blog"
		made := s.publish(t, post)
		s.removeTwice(t, wordpress.Target{ID: made.ID, ContentKey: post.ContentKey, Claim: post.Claim})
		e := refusal(t, second(s.client.Publish(t.Context(), post)), wordpress.KindClaimEnded)
		if e.RetryAfter < time.Hour {
			t.Errorf("the claim is accepted again in %s, want a day", e.RetryAfter)
		}
		post.Claim, post.Owner, post.Title, post.PostType = "uid-next", "team/other", "Again", postType
		next := s.publish(t, post)
		if next.Status != "publish" || next.Title != "Again" || next.Claim != post.Claim || (next.ID == made.ID) != sameID {
			t.Errorf("type %q: post %+v, want it published, the same: %t", postType, next, sameID)
		}
		if again := refusal(t, second(s.client.Publish(t.Context(), post)), wordpress.KindAlreadyPublished); again.Post.ID != next.ID {
			t.Errorf("type %q: the key has post %d, want %d", postType, again.Post.ID, next.ID)
		}
	}
}

// removeTwice removes a post, and repeats that as after a lost answer.
func (s *suite) removeTwice(t *testing.T, target wordpress.Target) {
	t.Helper()
	for range 2 {
		if result, err := s.client.Delete(t.Context(), target); err != nil || result != wordpress.RemovalTrashed {
			t.Fatalf("Delete = %q, %v, want trashed", result, err)
		}
	}
}

// testTrashedByAPerson: what a person put into the trash or changed before is for
// the next request to decide about, whoever was deleted.
func testTrashedByAPerson(t *testing.T, s *suite) {
	edit := func(id int64) error { return s.target.Edit(id, "<p>By hand.</p>") }
	for name, act := range map[string]func(int64) error{"trashed": s.target.Trash, "edited": edit} {
		post := newPost()
		post.Claim = "uid-ended"
		made := s.publish(t, post)
		if err := act(made.ID); err != nil {
			t.Fatal(err)
		}
		s.removeTwice(t, wordpress.Target{ID: made.ID, ContentKey: post.ContentKey, Claim: post.Claim})
		post.Claim = "uid-next"
		if e := refusal(t, second(s.client.Publish(t.Context(), post)), wordpress.KindAlreadyPublished); e.Post.Status != "trash" {
			t.Errorf("%s: the post is %s, want it in the trash", name, e.Post.Status)
		}
	}
}

// testLateRestore: a post that a person put into the trash was to be brought back
// when its request was deleted.
func testLateRestore(t *testing.T, s *suite) {
	post := newPost()
	post.Claim = "uid-ended"
	made := s.publish(t, post)
	if err := s.target.Trash(made.ID); err != nil {
		t.Fatal(err)
	}
	post.Title = "Late"
	trashed := refusal(t, second(s.client.Update(t.Context(), made.ID, post, made.ContentHash)), wordpress.KindTrashed).Post
	s.removeTwice(t, wordpress.Target{ID: made.ID, ContentKey: post.ContentKey, Claim: post.Claim})
	for name, err := range map[string]error{
		"Restore": second(s.client.Restore(t.Context(), made.ID, post, trashed.ContentHash)),
		"Publish": second(s.client.Publish(t.Context(), post)),
	} {
		if e := refusal(t, err, wordpress.KindClaimEnded); e.RetryAfter < time.Hour {
			t.Errorf("%s: the claim is accepted again in %s, want a day", name, e.RetryAfter)
		}
	}
	post.Claim = "uid-next"
	if _, err := s.client.Restore(t.Context(), made.ID, post, trashed.ContentHash); err != nil {
		t.Errorf("Restore of the next request: %v", err)
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

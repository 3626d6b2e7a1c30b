// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpresstest

import (
	"testing"
	"time"

	"github.com/igny8/wordpress-operator/internal/wordpress"
)

func testSchedule(t *testing.T, s *suite) {
	post := newPost()
	post.Status, post.DateGMT = "future", inTwoDays()
	created := s.publish(t, post)
	if created.Status != "future" || !created.DateGMT.Equal(post.DateGMT.Time) {
		t.Fatalf("status %s at %s, want future at %s", created.Status, created.DateGMT, post.DateGMT)
	}
	if seen, err := s.client.FindPost(t.Context(), post.ContentKey); err != nil || seen.ID != created.ID || seen.Status != "future" || !seen.DateGMT.Equal(post.DateGMT.Time) {
		t.Errorf("FindPost = %+v, %v; want what was answered to the write", seen, err)
	}
	post.DateGMT = wordpress.UTC{Time: time.Now().Add(-time.Hour).UTC().Truncate(time.Second)}
	if updated := s.update(t, created.ID, post, created.ContentHash); updated.Status != "publish" {
		t.Errorf("status %s with a date that is over, want publish", updated.Status)
	}
	post = newPost()
	post.Status = "future"
	if err := second(s.client.Publish(t.Context(), post)); wordpress.KindOf(err) != wordpress.KindRejected {
		t.Errorf("future without a date: %v, want rejected", err)
	}
}

// testWithdrawnDate covers a post that waits, and is then sent without its date.
func testWithdrawnDate(t *testing.T, s *suite) {
	cases := map[string]struct {
		reason string
		trash  bool
		// statuses are sent one after the other.
		statuses []string
	}{
		"Published":          {"it is to be public now", false, []string{"publish"}},
		"Private":            {"so it is for those who may see it", false, []string{"private"}},
		"PublishedFromDraft": {"a draft has no date, and does not keep that one", false, []string{"draft", "publish"}},
		"Restored":           {"the trash keeps the date, and makes it that of a draft", true, []string{"publish"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			post := newPost()
			post.Status, post.DateGMT = "future", inTwoDays()
			got, write := s.publish(t, post), s.client.Update
			if tc.trash {
				got, write = s.trash(t, got), s.client.Restore
			}
			post.DateGMT = wordpress.UTC{}
			for _, post.Status = range tc.statuses {
				updated, err := write(t.Context(), got.ID, post, got.ContentHash)
				if err != nil {
					t.Fatalf("write as %s: %v", post.Status, err)
				}
				mustHaveNoOtherDate(t, updated, post.Status, tc.reason)
				got = updated
			}
		})
	}
}

// mustHaveNoOtherDate fails unless the post has the status, and the date of this
// moment, or none if it is a draft.
func mustHaveNoOtherDate(t *testing.T, post *wordpress.PostRepresentation, status, reason string) {
	t.Helper()
	now := status != "draft"
	if post.Status != status || post.DateGMT.IsZero() == now || now && time.Since(post.DateGMT).Abs() > time.Hour {
		t.Errorf("status %s, date %s; want %s, dated now %t: %s", post.Status, post.DateGMT, status, now, reason)
	}
}

func inTwoDays() wordpress.UTC {
	return wordpress.UTC{Time: time.Now().Add(48 * time.Hour).UTC().Truncate(time.Second)}
}

// trash puts a post into the trash, and returns it as it is there.
func (s *suite) trash(t *testing.T, post *wordpress.PostRepresentation) *wordpress.PostRepresentation {
	t.Helper()
	if err := s.target.Trash(post.ID); err != nil {
		t.Fatalf("Trash: %v", err)
	}
	trashed, err := s.client.FindPost(t.Context(), post.ContentKey)
	if err != nil {
		t.Fatalf("FindPost: %v", err)
	}
	return trashed
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpresstest

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// refusal requires an error of a kind, and returns it.
func refusal(t *testing.T, err error, kind wordpress.Kind) *wordpress.Error {
	t.Helper()
	var e *wordpress.Error
	if !errors.As(err, &e) || e.Kind != kind {
		t.Fatalf("got %v, want %s", err, kind)
	}
	return e
}

// update changes a post that must be as it is believed to be.
func (s *suite) update(t *testing.T, id int64, post *wordpress.Post, ifMatch string) *wordpress.PostRepresentation {
	t.Helper()
	updated, err := s.client.Update(t.Context(), id, post, ifMatch)
	if err != nil {
		t.Fatalf("Update: %v", err)
	}
	return updated
}

func testUpdate(t *testing.T, s *suite) {
	post := newPost()
	post.Tags, post.Excerpt = []string{"before"}, "before"
	created := s.publish(t, post)
	post.Title, post.ContentHTML, post.Excerpt = "After", "<p>After.</p>", ""
	post.Tags, post.Categories = nil, []string{"Contract news"}
	post.Owner, post.Claim, post.SourceDigest = "default/blog", "claim-2", "sha256:bb"
	updated := s.update(t, created.ID, post, created.ContentHash)

	type kept struct{ Title, Slug, Owner, Claim, SourceDigest string }
	want := kept{"After", created.Slug, "default/blog", "claim-2", "sha256:bb"}
	got := kept{updated.Title, updated.Slug, updated.Owner, updated.Claim, updated.SourceDigest}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("representation (-want +got):\n%s", diff)
	}
	if len(updated.Terms["post_tag"]) != 0 || len(updated.Terms["category"]) != 1 || updated.Terms["category"][0].Name != "Contract news" {
		t.Errorf("terms %v, want only the category", updated.Terms)
	}
	if created.WrittenHash != created.ContentHash || updated.WrittenHash != updated.ContentHash {
		t.Errorf("written hashes %q and %q, want those of the writes, %q and %q", created.WrittenHash, updated.WrittenHash, created.ContentHash, updated.ContentHash)
	}
	if updated.ContentHash == created.ContentHash {
		t.Error("another content has the same hash")
	}
	read, err := s.client.GetPost(t.Context(), created.ID)
	if err != nil {
		t.Fatalf("GetPost: %v", err)
	}
	if diff := cmp.Diff(updated, read, cmpopts.IgnoreFields(wordpress.PostRepresentation{}, "ModifiedBy")); diff != "" {
		t.Errorf("read (-updated +read):\n%s", diff)
	}
}

// testUpdateAgain sends an update a second time, as after a lost answer.
func testUpdateAgain(t *testing.T, s *suite) {
	post := newPost()
	created := s.publish(t, post)
	post.Title, post.SourceDigest = "Twice", "sha256:twice"
	first := s.update(t, created.ID, post, created.ContentHash)
	post.Claim = "claim-of-the-second"
	again := s.update(t, created.ID, post, created.ContentHash)
	if again.Claim != "claim-of-the-second" {
		t.Errorf("claim %q, want that of the second call", again.Claim)
	}
	if diff := cmp.Diff(first, again, cmpopts.IgnoreFields(wordpress.PostRepresentation{}, "Claim")); diff != "" {
		t.Errorf("the second call changed the post (-first +second):\n%s", diff)
	}
}

func testConflict(t *testing.T, s *suite) {
	post := newPost()
	created := s.publish(t, post)
	if err := s.target.Edit(created.ID, "<p>By hand.</p>"); err != nil {
		t.Fatalf("Edit: %v", err)
	}
	post.Title, post.SourceDigest = "From the source", "sha256:source"
	_, err := s.client.Update(t.Context(), created.ID, post, created.ContentHash)
	e := refusal(t, err, wordpress.KindPreconditionFailed)
	if e.Post == nil || e.Post.ContentHash == created.ContentHash || e.Post.Title != created.Title {
		t.Fatalf("the problem carries %+v, want the post as it is now", e.Post)
	}
	if e.Post.WrittenHash != created.ContentHash {
		t.Errorf("written hash %q, want that of our last write, %q", e.Post.WrittenHash, created.ContentHash)
	}
	if by := e.Post.ModifiedBy; by == nil || by.Name == "" || by.Login == "" {
		t.Errorf("modified by %+v, want the editor", by)
	}
	if forced := s.update(t, created.ID, post, e.Post.ContentHash); forced.Title != "From the source" {
		t.Errorf("title %q with the current hash, want the source's", forced.Title)
	}
}

func testPrecondition(t *testing.T, s *suite) {
	post := newPost()
	created := s.publish(t, post)
	body := marshal(t, post)
	res := s.raw(t, http.MethodPut, "igny8/v1/publish/"+strconv.FormatInt(created.ID, 10), body, s.json())
	if res.status != http.StatusPreconditionRequired || res.problem() != "precondition-required" {
		t.Errorf("without If-Match: answer %d %q, want 428 precondition-required", res.status, res.problem())
	}
}

func testLocked(t *testing.T, s *suite) {
	post := newPost()
	created := s.publish(t, post)
	if err := s.target.Open(created.ID, true); err != nil {
		t.Fatalf("Open: %v", err)
	}
	post.Title = "While it is open"
	_, err := s.client.Update(t.Context(), created.ID, post, created.ContentHash)
	e := refusal(t, err, wordpress.KindLocked)
	if !strings.Contains(e.Error(), Editor.Login) || e.RetryAfter <= 0 {
		t.Errorf("error %q, retry after %s, want the editor's name and a time", e, e.RetryAfter)
	}
	if _, err := s.client.Delete(t.Context(), wordpress.Target{ID: created.ID, ContentKey: post.ContentKey}); wordpress.KindOf(err) != wordpress.KindLocked {
		t.Errorf("Delete: %v, want locked", err)
	}
	if err := s.target.Open(created.ID, false); err != nil {
		t.Fatalf("Open: %v", err)
	}
	s.update(t, created.ID, post, created.ContentHash)
}

func testRestore(t *testing.T, s *suite) {
	post := newPost()
	created := s.publish(t, post)
	if err := s.target.Trash(created.ID); err != nil {
		t.Fatalf("Trash: %v", err)
	}
	post.Title = "Restored"
	_, err := s.client.Update(t.Context(), created.ID, post, created.ContentHash)
	e := refusal(t, err, wordpress.KindTrashed)
	if e.Post == nil || e.Post.Status != "trash" {
		t.Fatalf("the problem carries %+v, want the post in the trash", e.Post)
	}
	if e.Post.UntrashedHash != created.ContentHash {
		t.Errorf("its hash before is %q, want that of the last write, %q", e.Post.UntrashedHash, created.ContentHash)
	}
	if _, err = s.client.Restore(t.Context(), created.ID, post, created.ContentHash); wordpress.KindOf(err) != wordpress.KindPreconditionFailed {
		t.Errorf("Restore with the hash of before: %v, want precondition failed", err)
	}
	restored, err := s.client.Restore(t.Context(), created.ID, post, e.Post.ContentHash)
	if err != nil {
		t.Fatalf("Restore: %v", err)
	}
	if restored.Status != "publish" || restored.Title != "Restored" || restored.Slug != created.Slug {
		t.Errorf("status %s, title %q, slug %s, want it published under its old slug %s", restored.Status, restored.Title, restored.Slug, created.Slug)
	}
}

// testEditedThenTrashed: restoring the post would overwrite what a person wrote,
// which only its hash of before tells.
func testEditedThenTrashed(t *testing.T, s *suite) {
	post := newPost()
	created := s.publish(t, post)
	if err := s.target.Edit(created.ID, "<p>By hand.</p>"); err != nil {
		t.Fatalf("Edit: %v", err)
	}
	edited, err := s.client.GetPost(t.Context(), created.ID)
	if err != nil {
		t.Fatalf("GetPost: %v", err)
	}
	if err := s.target.Trash(created.ID); err != nil {
		t.Fatalf("Trash: %v", err)
	}
	post.Title = "Restored"
	_, err = s.client.Update(t.Context(), created.ID, post, created.ContentHash)
	if e := refusal(t, err, wordpress.KindTrashed); e.Post == nil || e.Post.UntrashedHash != edited.ContentHash {
		t.Errorf("the problem carries %+v, want the hash of the edit, %s", e.Post, edited.ContentHash)
	}
}

func testWrongPost(t *testing.T, s *suite) {
	first, second := newPost(), newPost()
	one, two := s.publish(t, first), s.publish(t, second)
	_, err := s.client.Update(t.Context(), two.ID, first, two.ContentHash)
	if e := refusal(t, err, wordpress.KindMismatch); e.Post == nil || e.Post.ID != one.ID {
		t.Errorf("the problem carries %+v, want post %d of the key", e.Post, one.ID)
	}
	if _, err = s.client.Delete(t.Context(), wordpress.Target{ID: two.ID, ContentKey: first.ContentKey, Force: true}); wordpress.KindOf(err) != wordpress.KindMismatch {
		t.Errorf("Delete: %v, want a mismatch", err)
	}
	unknown := newPost()
	if _, err = s.client.Update(t.Context(), two.ID, unknown, two.ContentHash); wordpress.KindOf(err) != wordpress.KindMismatch {
		t.Errorf("Update with a key without post: %v, want a mismatch", err)
	}
	if _, err = s.client.Update(t.Context(), 1<<40, unknown, "sha256:x"); wordpress.KindOf(err) != wordpress.KindNotFound {
		t.Errorf("Update of nothing: %v, want not found", err)
	}
	if _, err = s.client.GetPost(t.Context(), two.ID); err != nil {
		t.Errorf("the other post: %v, want it untouched", err)
	}
}

func testRemove(t *testing.T, s *suite) {
	steps := []struct {
		force bool
		want  wordpress.Removal
	}{
		{false, wordpress.RemovalTrashed}, {false, wordpress.RemovalTrashed},
		{true, wordpress.RemovalDeleted}, {true, wordpress.RemovalGone}, {false, wordpress.RemovalGone},
	}
	post := newPost()
	created := s.publish(t, post)
	for i, step := range steps {
		got, err := s.client.Delete(t.Context(), wordpress.Target{ID: created.ID, ContentKey: post.ContentKey, Force: step.force})
		if err != nil || got != step.want {
			t.Errorf("step %d: Delete(force %t) = %q, %v, want %q", i, step.force, got, err, step.want)
		}
	}
	if again := s.publish(t, post); again.ID == created.ID {
		t.Errorf("the new post has the id %d of the deleted one", again.ID)
	}
}

func testRemoveByKey(t *testing.T, s *suite) {
	post := newPost()
	s.publish(t, post)
	for i, want := range []wordpress.Removal{wordpress.RemovalDeleted, wordpress.RemovalGone} {
		if got, err := s.client.Delete(t.Context(), wordpress.Target{ContentKey: post.ContentKey, Force: true}); err != nil || got != want {
			t.Errorf("step %d: Delete by key = %q, %v, want %q", i, got, err, want)
		}
	}
}

func testExtras(t *testing.T, s *suite) {
	image, err := s.client.UploadMedia(t.Context(), wordpress.Image{Bytes: picture(t), FileName: "extra.png"})
	if err != nil {
		t.Fatalf("UploadMedia: %v", err)
	}
	post := newPost()
	post.Taxonomies = []wordpress.TaxonomyTerms{{Taxonomy: "post_tag", Terms: []string{"extra"}}}
	post.Meta = map[string]any{"colour": "red", "sizes": []string{"s", "m"}, "count": 3, "new": true}
	post.FeaturedImageID, post.Gallery = image.ID, []int64{image.ID}
	post.CanonicalURL, post.Robots = "https://example.com/original/", []string{"noindex"}
	created := s.publish(t, post)
	if tags := created.Terms["post_tag"]; len(tags) != 1 || tags[0].Name != "extra" {
		t.Errorf("tags %v, want extra", tags)
	}
	post.Meta = map[string]any{"colour": "blue"}
	if updated := s.update(t, created.ID, post, created.ContentHash); updated.ContentHash == created.ContentHash {
		t.Error("other custom fields have the same hash")
	}
	refused := newPost()
	refused.Meta = map[string]any{"_secret": "x", "fine": "y"}
	e := refusal(t, second(s.client.Publish(t.Context(), refused)), wordpress.KindRejected)
	if len(e.Fields) != 1 || e.Fields[0].Field != "meta" || !strings.Contains(e.Fields[0].Message, "_secret") {
		t.Errorf("fields %v, want meta naming _secret", e.Fields)
	}
}

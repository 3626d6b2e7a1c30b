// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpresstest

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/igny8/wordpress-operator/internal/wordpress"
)

func testCreate(t *testing.T, s *suite) {
	post := newPost()
	post.ContentID, post.Owner, post.Claim, post.SourceDigest = 123, "default/blog", "claim-1", "sha256:aa"
	post.Title = "A new post"
	created := s.publish(t, post)

	type kept struct{ ContentKey, Type, Status, Title, Owner, Claim, SourceDigest string }
	want := kept{post.ContentKey, "post", "publish", "A new post", "default/blog", "claim-1", "sha256:aa"}
	got := kept{created.ContentKey, created.Type, created.Status, created.Title, created.Owner, created.Claim, created.SourceDigest}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("representation (-want +got):\n%s", diff)
	}
	if created.ModifiedGMT.IsZero() || created.Author.ID == 0 || created.Author.Login == "" {
		t.Errorf("time or author is missing: %+v", created)
	}
}

func testStatuses(t *testing.T, s *suite) {
	for _, status := range []string{"publish", "draft", "pending", "private"} {
		post := newPost()
		post.Status = status
		if created := s.publish(t, post); created.Status != status {
			t.Errorf("stored status %q, want %q", created.Status, status)
		}
	}
}

func testRepeat(t *testing.T, s *suite) {
	post := newPost()
	created := s.publish(t, post)
	post.Title = "Another title"
	_, err := s.client.Publish(t.Context(), post)

	var e *wordpress.Error
	if !errors.As(err, &e) || e.Kind != wordpress.KindAlreadyPublished || e.Problem != "already-published" {
		t.Fatalf("second publish: %v, want already-published", err)
	}
	if diff := cmp.Diff(created, e.Post); diff != "" {
		t.Errorf("the post was changed or is another (-first +second):\n%s", diff)
	}
}

// testParallel sends one key 16 times at once, as four parallel requests made
// three posts with a look-up by post meta.
func testParallel(t *testing.T, s *suite) {
	const n = 16
	ctx, cancel := context.WithTimeout(t.Context(), contractTimeout)
	defer cancel()
	if _, err := s.client.Discover(ctx); err != nil {
		t.Fatalf("Discover: %v", err)
	}
	post := newPost()
	created := make(chan int64, n)
	existing := make(chan int64, n)
	failures := make(chan error, n)
	for range n {
		go func() {
			p, err := publishUntilSettled(ctx, s.client, post)
			var e *wordpress.Error
			switch {
			case err == nil:
				created <- p.ID
			case errors.As(err, &e) && e.Kind == wordpress.KindAlreadyPublished:
				existing <- e.Post.ID
			default:
				failures <- err
			}
		}()
	}
	var first, others []int64
	for range n {
		select {
		case id := <-created:
			first = append(first, id)
		case id := <-existing:
			others = append(others, id)
		case err := <-failures:
			t.Errorf("publish: %v", err)
		}
	}
	if len(first) != 1 {
		t.Fatalf("%d calls created a post, want 1", len(first))
	}
	if slices.ContainsFunc(others, func(id int64) bool { return id != first[0] }) {
		t.Errorf("calls were answered with posts %v, want only %d", others, first[0])
	}
}

func testTrash(t *testing.T, s *suite) {
	post := newPost()
	created := s.publish(t, post)
	if err := s.target.Trash(created.ID); err != nil {
		t.Fatalf("Trash: %v", err)
	}
	got, err := s.client.GetPost(t.Context(), created.ID)
	if err != nil || got.Status != "trash" {
		t.Fatalf("GetPost: %+v, %v, want status trash", got, err)
	}
	_, err = s.client.Publish(t.Context(), post)
	if wordpress.KindOf(err) != wordpress.KindAlreadyPublished {
		t.Errorf("publish of a key in the trash: %v, want already-published", err)
	}
}

func testDelete(t *testing.T, s *suite) {
	post := newPost()
	created := s.publish(t, post)
	if err := s.target.Delete(created.ID); err != nil {
		t.Fatalf("Delete: %v", err)
	}
	for what, err := range map[string]error{
		"GetPost":  second(s.client.GetPost(t.Context(), created.ID)),
		"FindPost": second(s.client.FindPost(t.Context(), post.ContentKey)),
	} {
		if wordpress.KindOf(err) != wordpress.KindNotFound {
			t.Errorf("%s of a deleted post: %v, want not found", what, err)
		}
	}
	if again := s.publish(t, post); again.ID == created.ID {
		t.Errorf("the new post has the id %d of the deleted one", again.ID)
	}
}

func second[T any](_ T, err error) error { return err }

// testText has what wp_insert_post takes for slashes, what a Latin-1 or
// three-byte database cannot store, and right-to-left text.
func testText(t *testing.T, s *suite) {
	titles := map[string]string{
		"backslashes":   `C:\new\table and a\b\\c`,
		"quotes":        `It's "quoted" and “typographic”`,
		"scripts":       "Grüße 漢字 עברית ελληνικά",
		"astral plane":  "Rocket 🚀 and 𝒻ancy",
		"combining":     "e\u0301 stays decomposed",
		"percent signs": "100% of %s and %1$d",
	}
	for name, title := range titles {
		post := newPost()
		post.Title = title
		created := s.publish(t, post)
		got, err := s.client.GetPost(t.Context(), created.ID)
		if err != nil {
			t.Fatalf("%s: GetPost: %v", name, err)
		}
		if created.Title != title || got.Title != title {
			t.Errorf("%s: sent %q, answered %q, read %q", name, title, created.Title, got.Title)
		}
	}
}

func testTerms(t *testing.T, s *suite) {
	post := newPost()
	post.Categories = []string{"Contract news", "Contract region/Contract north"}
	post.Tags = []string{"contract tag", "größe"}
	created := s.publish(t, post)
	want := map[string][]string{
		"category": {"Contract news", "Contract north"},
		"post_tag": {"contract tag", "größe"},
	}
	got := map[string][]string{}
	for taxonomy := range want {
		for _, term := range created.Terms[taxonomy] {
			got[taxonomy] = append(got[taxonomy], term.Name)
			if term.ID < 1 {
				t.Errorf("term %q has id %d", term.Name, term.ID)
			}
		}
		slices.Sort(got[taxonomy])
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("terms (-want +got):\n%s", diff)
	}
	post = newPost()
	post.Categories = []string{"Contract region/Contract north"}
	again := s.publish(t, post)
	north := slices.IndexFunc(created.Terms["category"], func(term wordpress.Term) bool { return term.Name == "Contract north" })
	if north >= 0 && (len(again.Terms["category"]) != 1 || again.Terms["category"][0] != created.Terms["category"][north]) {
		t.Errorf("the path led to %v, before to %v", again.Terms["category"], created.Terms["category"])
	}
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpresstest

import (
	"net/http"
	"testing"

	"github.com/igny8/wordpress-operator/internal/wordpress"
)

func testBatch(t *testing.T, s *suite) {
	existing := newPost()
	there := s.publish(t, existing)
	bad := newPost()
	bad.Status = "no such status"
	posts := []*wordpress.Post{newPost(), existing, bad, newPost()}
	posts[3].Tags = []string{"batch"}

	results, err := s.client.PublishBatch(t.Context(), posts)
	if err != nil {
		t.Fatalf("PublishBatch: %v", err)
	}
	if len(results) != len(posts) {
		t.Fatalf("%d results for %d posts", len(results), len(posts))
	}
	for _, i := range []int{0, 3} {
		post := results[i].Post
		if post == nil || results[i].Err != nil || post.ContentKey != posts[i].ContentKey {
			t.Fatalf("item %d: %+v, %v, want its post", i, post, results[i].Err)
		}
		read, err := s.client.GetPost(t.Context(), post.ID)
		if err != nil || read.ContentHash != post.ContentHash {
			t.Errorf("item %d: read %+v, %v, want what the batch said", i, read, err)
		}
	}
	if e := refusal(t, results[1].Err, wordpress.KindAlreadyPublished); e.Post.ID != there.ID {
		t.Errorf("item 1 is said to be post %d, want %d", e.Post.ID, there.ID)
	}
	if e := refusal(t, results[2].Err, wordpress.KindRejected); len(e.Fields) != 1 || e.Fields[0].Field != "status" {
		t.Errorf("item 2: fields %v, want status", e.Fields)
	}
	again, err := s.client.PublishBatch(t.Context(), posts[:1])
	if err != nil {
		t.Fatalf("PublishBatch again: %v", err)
	}
	if e := refusal(t, again[0].Err, wordpress.KindAlreadyPublished); e.Post.ID != results[0].Post.ID {
		t.Errorf("sent again it is post %d, want %d", e.Post.ID, results[0].Post.ID)
	}
}

func testBadBatches(t *testing.T, s *suite) {
	item := func() map[string]any {
		return map[string]any{"content_key": newPost().ContentKey, "title": "T", "content_html": "C", "status": "draft"}
	}
	many := make([]any, wordpress.MaxBatchItems+1)
	for i := range many {
		many[i] = item()
	}
	cases := map[string]any{
		"no items":       map[string]any{"items": []any{}},
		"too many items": map[string]any{"items": many},
		"not a list":     map[string]any{"items": item()},
		"no field items": map[string]any{},
	}
	for name, body := range cases {
		res := s.raw(t, http.MethodPost, "igny8/v1/publish/batch", marshal(t, body), s.json())
		if res.status != http.StatusBadRequest || res.problem() != "invalid-payload" {
			t.Errorf("%s: answer %d %q, want 400 invalid-payload", name, res.status, res.problem())
		}
	}
}

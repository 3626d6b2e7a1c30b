// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/igny8/wordpress-operator/internal/netguard"
)

// FuzzAnswer throws answers at the whole path from bytes to error: no panic,
// no control characters in messages, a kind for everything, and no post that
// was not checked.
func FuzzAnswer(f *testing.F) {
	const problemType = "application/problem+json"
	f.Add(409, problemType, `{"type":"urn:igny8:problem:in-progress","detail":"d"}`, "1", "")
	f.Add(400, problemType, `{"type":"urn:igny8:problem:invalid-payload","errors":[{"field":"a\u0000","message":"\u202e"}]}`, "", "")
	f.Add(404, "application/json", `{"code":"rest_no_route","data":{"status":404}}`, "", "")
	f.Add(302, "text/html", "", "", "https://\u202eexample.net/wp-login.php")
	f.Add(201, "application/json; charset=UTF-8", `{"id":1,"terms":[]}`, "", "")
	f.Add(503, "text/html", "<title>Just a moment...</title>", "Mon, 23 Nov 2026 09:05:00 GMT", "")
	home := &url.URL{Scheme: "https", Host: "x.test", Path: "/"}
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	c := &Client{home: home, now: func() time.Time { return now }}
	f.Fuzz(func(t *testing.T, status int, media, body, retry, location string) {
		a := &answer{status: status, body: []byte(body), url: home, header: http.Header{
			"Content-Type": {media}, "Retry-After": {retry}, "Location": {location},
		}}
		e := c.answerError(OpPublish, a)
		if e.Kind.Explain() == "" || e.RetryAfter < 0 || e.RetryAfter > netguard.MaxRetryAfter {
			t.Errorf("kind %q, retry after %s", e.Kind, e.RetryAfter)
		}
		if strings.ContainsFunc(e.Error(), func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("control characters in %q", e.Error())
		}
		if e.Post != nil && e.Post.validate() != nil {
			t.Errorf("the post was not checked: %+v", e.Post)
		}
		post := &PostRepresentation{}
		if err := decode(a, call{}, post); err == nil && (post.ID < 1 || post.ID > maxID) {
			t.Errorf("accepted the id %d", post.ID)
		}
	})
}

// FuzzBatch throws answers at the reader of batches: no panic, a result for
// every post, and exactly one of a checked post and an error in each.
func FuzzBatch(f *testing.F) {
	const item = `{"content_key":"a","status":201,"post":{"id":1,"content_key":"a","type":"post","status":"publish","url":"https://x.test/a/",` +
		`"modified_gmt":"2026-11-23T09:00:00Z","content_hash":"sha256:1"}}`
	f.Add(`{"items":[` + item + `,` + item + `]}`)
	f.Add(`{"items":[` + item + `,{"content_key":"b","status":409,"problem":{"type":"urn:igny8:problem:in-progress","detail":"d"}}]}`)
	f.Add(`{"items":[` + item + `,{"content_key"`)
	f.Add(`{"items":[{"content_key":"a","status":409,"problem":{"type":"urn:igny8:problem:already-published","post":{"id":0}}}]}`)
	f.Add(`{"items":{}}`)
	c := &Client{home: &url.URL{Scheme: "https", Host: "x.test", Path: "/"}, now: time.Now}
	posts := []*Post{{ContentKey: "a"}, {ContentKey: "b"}}
	f.Fuzz(func(t *testing.T, body string) {
		answer := &batchAnswer{}
		if err := answer.read([]byte(body), nil); err != nil {
			return
		}
		for i, result := range c.batchResults(posts, answer) {
			if (result.Post == nil) == (result.Err == nil) {
				t.Errorf("item %d: %+v, want a post or an error", i, result)
			}
			if result.Post != nil && (result.Post.validate() != nil || result.Post.ContentKey != posts[i].ContentKey) {
				t.Errorf("item %d: the post was not checked: %+v", i, result.Post)
			}
		}
	})
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package plugin

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/igny8/wordpress-operator/internal/wordpress"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

// batch sends payloads as one batch.
func (c client) batch(t *testing.T, items ...fields) answer {
	t.Helper()
	raw, err := json.Marshal(fields{"items": items})
	if err != nil {
		t.Fatal(err)
	}
	return c.set("Content-Type", "application/json").must(t, http.MethodPost, "/publish/batch", string(raw))
}

// A whole batch makes its posts, and counts its terms once.
func TestBatchOfTwenty(t *testing.T) {
	c := newClient(t, shared)
	items := make([]fields, 20)
	for i := range items {
		items[i] = minimal(fmt.Sprint("batch ", i)).with(fields{"categories": []string{"Batch"}, "tags": []string{"batch-tag", fmt.Sprint("batch-", i%3)}})
	}
	a := c.batch(t, items...)
	var got struct {
		Items []struct {
			ContentKey string   `json:"content_key"`
			Status     int      `json:"status"`
			Post       *post    `json:"post"`
			Problem    *problem `json:"problem"`
		} `json:"items"`
	}
	a.decode(t, &got)
	if a.status != http.StatusOK || len(got.Items) != len(items) {
		t.Fatalf("status %d, %d items: %s", a.status, len(got.Items), a.body)
	}
	for i, item := range got.Items {
		if item.Status != http.StatusCreated || item.Post == nil || item.ContentKey != items[i]["content_key"] || len(item.Post.Terms["post_tag"]) != 2 {
			t.Errorf("item %d: %+v", i, item)
		}
		requireOnePost(t, shared, item.ContentKey)
	}
	if cache := a.header.Get("Cache-Control"); cache != "no-store" {
		t.Errorf("Cache-Control %q", cache)
	}
	requireRightCounts(t)
	requireTermsOnce(t, "Batch", "batch-tag", "batch-0", "batch-1", "batch-2")
}

// However the item in the middle ends PHP, the results of those before it arrive; sent again, each has one post.
func TestBatchKilled(t *testing.T) {
	for name, test := range map[string]struct {
		end string
		// last says whether the item after the deadly one is published; logged is what PHP says about it.
		last   bool
		logged string
	}{
		"an exception":      {`throw new Exception( 'Thrown by a test.' );`, true, ""},
		"an error":          {`no_such_function();`, true, ""},
		"exit":              {`exit;`, false, ""},
		"memory":            {`ini_set( 'memory_limit', '60M' ); $x = str_repeat( 'x', 100000000 );`, false, "Allowed memory size"},
		"time":              {`set_time_limit( 1 ); for ( ;; ) { $x = 1; }`, false, "Maximum execution time"},
		"killed by the OOM": {`posix_kill( getmypid(), 9 );`, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, shared)
			code := `add_action( 'save_post', function ( $id, $post ) { if ( 'deadly' === $post->post_title ) { ` + test.end + ` } }, 10, 2 );`
			items := []fields{
				minimal("first " + name).with(fields{"tags": []string{"killed batch"}}),
				minimal("deadly " + name).with(fields{"title": "deadly"}), minimal("last " + name),
			}
			a := c.set("X-Test-Code", oneLine(code)).tryBatch(t, items...)
			if !strings.Contains(a.body, `"content_key":"first `+name+`","status":201`) {
				t.Fatalf("the result of the first item is lost: status %d: %s", a.status, a.body)
			}
			if published := strings.Contains(a.body, `"content_key":"last `+name+`","status":201`); published != test.last {
				t.Errorf("the last item is published: %t, want %t: %s", published, test.last, a.body)
			}
			if test.logged != "" {
				allowLog(t, shared, test.logged)
			}
			for _, item := range items {
				c.publish(t, item)
				requireOnePost(t, shared, item["content_key"].(string))
			}
			if name == "killed by the OOM" { // Nothing can be done at its death, so the next batch does it, once it is surely dead.
				query(t, shared, `UPDATE wp_options SET option_value = CONCAT(SUBSTRING_INDEX(option_value, ':', 1), ':1') WHERE option_name LIKE 'igny8\_bridge\_batch\_%%'`)
				c.batch(t, minimal("after "+name))
			}
			requireRightCounts(t)
			if notes := value(t, shared, `SELECT COUNT(*) FROM wp_options WHERE option_name LIKE 'igny8\_bridge\_batch\_%%'`); notes != "0" {
				t.Errorf("%s notes are left", notes)
			}
		})
	}
}

// tryBatch sends a batch and takes an answer that breaks off.
func (c client) tryBatch(t *testing.T, items ...fields) answer {
	t.Helper()
	raw, err := json.Marshal(fields{"items": items})
	if err != nil {
		t.Fatal(err)
	}
	a, err := c.set("Content-Type", "application/json").do(t.Context(), http.MethodPost, "/publish/batch", string(raw))
	if err != nil && a.status != http.StatusOK {
		t.Fatal(err)
	}
	return a
}

// The operator's client reads what a batch that breaks off has told.
func TestClientReadsBrokenBatch(t *testing.T) {
	newClient(t, shared) // The log has to stay empty.
	const listener = `add_action( 'save_post', function ( $id, $post ) { if ( 'deadly for the client' === $post->post_title ) { posix_kill( getmypid(), 9 ); } }, 10, 2 );`
	installListener(t, listener)
	client, err := wordpress.NewClient(wordpress.Config{SiteURL: shared.URL, Key: wordpress.NewKey(shared.APIKey)}, wordpresstest.LoopbackTransports(t))
	if err != nil {
		t.Fatal(err)
	}
	posts := make([]*wordpress.Post, 3)
	for i, title := range []string{"alive", "deadly for the client", "never"} {
		posts[i] = &wordpress.Post{ContentKey: "broken batch " + title, Title: title, ContentHTML: "x", Status: "publish"}
	}
	results, err := client.PublishBatch(t.Context(), posts)
	if err != nil || len(results) != 3 {
		t.Fatalf("results %v: %v", results, err)
	}
	if results[0].Post == nil || results[0].Err != nil {
		t.Errorf("first item: %+v", results[0])
	}
	for i := 1; i < 3; i++ {
		if wordpress.KindOf(results[i].Err) != wordpress.KindInvalidResponse {
			t.Errorf("item %d: %v, want that its answer is lost", i, results[i].Err)
		}
	}
}

// A batch that is too long is refused as a whole.
func TestBatchTooLong(t *testing.T) {
	c := newClient(t, shared)
	c.batch(t, minimal("too long").with(fields{"content_html": strings.Repeat("x", 5<<20)})).problem(t, "too-large", http.StatusRequestEntityTooLarge)
	c.get(t, "/publish?content_key=too+long").problem(t, "post-not-found", http.StatusNotFound)
}

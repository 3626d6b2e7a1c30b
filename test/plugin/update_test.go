// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package plugin

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// Wherever PHP is killed during an update, the same request sent again leads to the whole update, and is no conflict with itself.
func TestUpdateKilled(t *testing.T) {
	for name, hook := range map[string]string{
		"before its terms":                 "pre_insert_term",
		"right before the UPDATE":          "pre_post_update",
		"after the UPDATE, before terms":   "add_term_relationship",
		"before its meta":                  "add_post_metadata",
		"when other plugins are told":      "save_post",
		"when everything is stored":        "wp_after_insert_post",
		"between the record and the reply": "rest_request_after_callbacks",
		"while the answer is written":      "rest_pre_echo_response",
	} {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, shared)
			key := "update killed " + hook
			made := c.publish(t, minimal(key).with(fields{"source_digest": "one"})).post(t, http.StatusCreated)
			changed := minimal(key).with(fields{
				"title": "Changed", "content_html": "<p>Changed</p>", "source_digest": "two", "owner": "default/blog", "claim": "c",
				"categories": []string{"Cat of " + hook}, "tags": []string{"tag of " + hook}, "seo_title": "SEO", "secondary_keywords": []string{"a", "b"},
			})
			if a := c.set("X-Test-Kill", hook).update(t, made.ID, changed, made.ContentHash); a.status != http.StatusBadGateway {
				t.Fatalf("status %d, want 502 from nginx: nobody was killed: %s", a.status, a.body)
			}
			requireWhole(t, c.update(t, made.ID, changed, made.ContentHash).post(t, http.StatusOK), changed)
			requireOnePost(t, shared, key)
			requireTermsOnce(t, "Cat of "+hook, "tag of "+hook)
			if n := value(t, shared, "SELECT COUNT(*) FROM wp_igny8_reservations WHERE intent <> ''"); n != "0" {
				t.Errorf("%s intents are left", n)
			}
		})
	}
}

// A half-written update that somebody edits afterwards is a conflict: that edit must not be lost.
func TestUpdateKilledThenEdited(t *testing.T) {
	c := newClient(t, shared)
	made := c.publish(t, minimal("killed, edited")).post(t, http.StatusCreated)
	changed := minimal("killed, edited").with(fields{"title": "Changed", "seo_title": "SEO", "source_digest": "two"})
	c.set("X-Test-Kill", "add_post_metadata").update(t, made.ID, changed, made.ContentHash)
	if half := c.get(t, "/publish/"+itoa(made.ID)).post(t, http.StatusOK); half.ContentHash != made.ContentHash || half.Title != "Changed" {
		t.Errorf("the half-written post has hash %s and title %s, want the hash of before", half.ContentHash, half.Title)
	}
	php(t, shared, `wp_update_post( array( 'ID' => %d, 'post_content' => 'By hand' ) );`, made.ID)
	p := c.update(t, made.ID, changed, made.ContentHash).problem(t, "precondition-failed", http.StatusPreconditionFailed)
	c.update(t, made.ID, changed, p.Post.ContentHash).post(t, http.StatusOK)
}

// A person who saves at the very moment of an update, after the hash was compared, is not overwritten.
func TestUpdateOvertaken(t *testing.T) {
	c := newClient(t, shared)
	made := c.publish(t, minimal("overtaken")).post(t, http.StatusCreated)
	changed := minimal("overtaken").with(fields{"title": "Changed", "categories": []string{"Overtaken"}})
	first := make(chan answer, 1)
	go func() {
		// An error shows below as an answer without a problem.
		a, _ := c.set("X-Test-Hold", "wp_insert_post_data").tryUpdate(t.Context(), made.ID, changed, made.ContentHash)
		first <- a
	}()
	release := waitUntilHeld(t, shared)
	php(t, shared, `wp_update_post( array( 'ID' => %d, 'post_content' => 'By hand' ) );`, made.ID)
	release()
	p := (<-first).problem(t, "precondition-failed", http.StatusPreconditionFailed)
	stored := value(t, shared, "SELECT CONCAT_WS('|', post_title, post_content) FROM wp_posts WHERE ID = %d", made.ID)
	if stored != "Hello|By hand" || p.Post.ContentHash == made.ContentHash {
		t.Errorf("stored %s, hash %s; want the post of the person", stored, p.Post.ContentHash)
	}
	c.update(t, made.ID, changed, p.Post.ContentHash).post(t, http.StatusOK)
	requireOnePost(t, shared, "overtaken")
	requireRightCounts(t)
}

// A restore that is killed in the middle is completed.
func TestRestoreKilled(t *testing.T) {
	for name, hook := range map[string]string{"before it is out of the trash": "untrash_post", "when it is": "untrashed_post", "after the UPDATE": "wp_after_insert_post"} {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, shared)
			key := "restore killed " + hook
			made := c.publish(t, minimal(key)).post(t, http.StatusCreated)
			php(t, shared, `wp_trash_post( %d );`, made.ID)
			back := minimal(key).with(fields{"restore": true, "title": "Back"})
			trashed := c.update(t, made.ID, minimal(key), made.ContentHash).problem(t, "post-trashed", http.StatusConflict).Post
			if a := c.set("X-Test-Kill", hook).update(t, made.ID, back, trashed.ContentHash); a.status != http.StatusBadGateway {
				t.Fatalf("status %d, want 502 from nginx: nobody was killed: %s", a.status, a.body)
			}
			got := c.update(t, made.ID, back, trashed.ContentHash).post(t, http.StatusOK)
			if got.Status != "publish" || got.Title != "Back" || got.Slug != made.Slug {
				t.Errorf("status %s, title %s, slug %s; want it published as Back under %s", got.Status, got.Title, got.Slug, made.Slug)
			}
		})
	}
}

// A post that became published when its time had come is no conflict; one that a person published early is.
func TestFutureIsPublished(t *testing.T) {
	c := newClient(t, shared)
	when := time.Now().Add(time.Hour).UTC().Format("2006-01-02T15:04:05Z")
	for name, test := range map[string]struct {
		publish string
		status  int
	}{
		"by the clock": {`wp_publish_post( %d );`, http.StatusOK},
		"by a person": {
			`wp_update_post( array( 'ID' => %d, 'post_status' => 'publish', 'edit_date' => true, 'post_date' => current_time( 'mysql' ), 'post_date_gmt' => current_time( 'mysql', true ) ) );`,
			http.StatusPreconditionFailed,
		},
	} {
		t.Run(name, func(t *testing.T) {
			payload := minimal("future " + name).with(fields{"status": "future", "date_gmt": when})
			made := c.publish(t, payload).post(t, http.StatusCreated)
			if made.Status != "future" || made.DateGMT != when {
				t.Fatalf("status %s at %s, want future at %s", made.Status, made.DateGMT, when)
			}
			php(t, shared, test.publish, made.ID)
			if a := c.update(t, made.ID, payload.with(fields{"title": "Later"}), made.ContentHash); a.status != test.status {
				t.Errorf("status %d, want %d: %s", a.status, test.status, a.body)
			}
		})
	}
}

// A date to come that a person gave a post is not ours to take away.
func TestAPersonsDateStays(t *testing.T) {
	c := newClient(t, shared)
	payload := minimal("a person's date")
	made := c.publish(t, payload).post(t, http.StatusCreated)
	when := time.Now().Add(time.Hour).UTC()
	php(t, shared, `wp_update_post( array( 'ID' => %d, 'edit_date' => true, 'post_date_gmt' => '%[2]s', 'post_date' => get_date_from_gmt( '%[2]s' ) ) );`,
		made.ID, when.Format(time.DateTime))
	got := c.update(t, made.ID, payload.with(fields{"title": "Later"}), made.ContentHash).post(t, http.StatusOK)
	if want := when.Format("2006-01-02T15:04:05Z"); got.Status != "future" || got.DateGMT != want {
		t.Errorf("status %s at %s, want it to wait until %s", got.Status, got.DateGMT, want)
	}
}

// What was never sent belongs to the people of the site; what was sent and is not any more goes.
func TestManaged(t *testing.T) {
	c := newClient(t, shared)
	payload := minimal("managed").with(fields{"meta": fields{"colour": "red", "size": "s"}, "categories": []string{"Managed"}})
	made := c.publish(t, payload).post(t, http.StatusCreated)
	php(t, shared, `wp_set_post_tags( %[1]d, 'by-hand' ); update_post_meta( %[1]d, 'note', 'by hand' );`, made.ID)
	updated := c.update(t, made.ID, minimal("managed").with(fields{"meta": fields{"colour": "blue"}}), made.ContentHash).post(t, http.StatusOK)
	want := map[string][]term{"category": {{Name: "Uncategorized"}}, "post_tag": {{Name: "by-hand"}}}
	if diff := cmp.Diff(want, updated.Terms, cmpopts.IgnoreFields(term{}, "ID")); diff != "" {
		t.Errorf("terms (-want +got):\n%s", diff)
	}
	all := meta(t, made.ID)
	got := map[string]string{"colour": all["colour"], "size": all["size"], "note": all["note"]}
	if diff := cmp.Diff(map[string]string{"colour": `"blue"`, "size": "", "note": `"by hand"`}, got); diff != "" {
		t.Errorf("meta (-want +got):\n%s", diff)
	}
}

// A change of anything that was sent is seen, whoever makes it; a change of anything else is not.
func TestWhatCountsAsChange(t *testing.T) {
	c := newClient(t, shared)
	sent := fields{
		"categories": []string{"Counts"}, "meta": fields{"colour": "red"}, "seo_title": "SEO", "template": "", "excerpt": "e",
	}
	for name, test := range map[string]struct {
		change string
		seen   bool
	}{
		"content":              {`wp_update_post( array( 'ID' => %d, 'post_content' => 'x' ) );`, true},
		"slug":                 {`wp_update_post( array( 'ID' => %d, 'post_name' => 'another-slug' ) );`, true},
		"status":               {`wp_update_post( array( 'ID' => %d, 'post_status' => 'private' ) );`, true},
		"category":             {`wp_set_post_categories( %d, array( 1 ) );`, true},
		"custom field":         {`update_post_meta( %d, 'colour', 'blue' );`, true},
		"SEO value":            {`update_post_meta( %d, '_igny8_seo_title', 'x' );`, true},
		"tags, never sent":     {`wp_set_post_tags( %d, 'x' );`, false},
		"field, never sent":    {`update_post_meta( %d, 'note', 'x' );`, false},
		"comments closed":      {`wp_update_post( array( 'ID' => %d, 'comment_status' => 'closed' ) );`, false},
		"saved without change": {`wp_update_post( array( 'ID' => %d ) );`, false},
	} {
		t.Run(name, func(t *testing.T) {
			made := c.publish(t, minimal("counts "+name).with(sent)).post(t, http.StatusCreated)
			php(t, shared, test.change, made.ID)
			read := c.get(t, "/publish/"+itoa(made.ID)).post(t, http.StatusOK)
			if seen := read.ContentHash != made.ContentHash; seen != test.seen {
				t.Errorf("seen %t, want %t", seen, test.seen)
			}
		})
	}
}

// Parallel updates against one hash: one wins, the others are told of it.
func TestParallelUpdates(t *testing.T) {
	const clients = 8
	c := newClient(t, shared)
	made := c.publish(t, minimal("parallel update")).post(t, http.StatusCreated)
	answers := inParallel(t, clients, func(i int) (answer, error) {
		payload := minimal("parallel update").with(fields{"title": fmt.Sprint("Title ", i), "source_digest": fmt.Sprint(i)})
		return c.tryUpdate(t.Context(), made.ID, payload, made.ContentHash)
	})
	statuses := map[int]int{}
	for _, a := range answers {
		statuses[a.status]++
	}
	if statuses[http.StatusOK] != 1 || statuses[http.StatusOK]+statuses[http.StatusPreconditionFailed]+statuses[http.StatusConflict] != clients {
		t.Errorf("answers by status: %v, want one 200 and else 412 or 409", statuses)
	}
}

// What a payload says about a post that cannot be is refused, and nothing is written.
func TestInvalidUpdate(t *testing.T) {
	c := newClient(t, shared)
	made := c.publish(t, minimal("invalid update")).post(t, http.StatusCreated)
	for name, test := range map[string]struct {
		change fields
		field  string
	}{
		"another type":        {fields{"post_type": "page"}, "post_type"},
		"unknown author":      {fields{"author": "nobody"}, "author"},
		"restore as text":     {fields{"restore": "yes"}, "restore"},
		"unknown taxonomy":    {fields{"taxonomies": []fields{{"taxonomy": "genre", "terms": []string{"x"}}}}, "taxonomies"},
		"terms given twice":   {fields{"tags": []string{"x"}, "taxonomies": []fields{{"taxonomy": "post_tag", "terms": []string{"x"}}}}, "taxonomies"},
		"terms as text":       {fields{"taxonomies": []fields{{"taxonomy": "post_tag", "terms": "a,b"}}}, "taxonomies"},
		"no such image":       {fields{"featured_image_id": 4711}, "featured_image_id"},
		"a post as image":     {fields{"gallery": []int{made.ID}}, "gallery"},
		"gallery of text":     {fields{"gallery": []string{"1"}}, "gallery"},
		"protected field":     {fields{"meta": fields{"_edit_lock": "x"}}, "meta"},
		"field of an object":  {fields{"meta": fields{"a": fields{"b": "c"}}}, "meta"},
		"31st of February":    {fields{"date_gmt": "2026-02-31T00:00:00Z"}, "date_gmt"},
		"date with offset":    {fields{"date_gmt": "2026-02-03T00:00:00+01:00"}, "date_gmt"},
		"script as canonical": {fields{"canonical_url": "javascript:alert(1)"}, "canonical_url"},
		"unknown directive":   {fields{"robots": []string{"none"}}, "robots"},
	} {
		t.Run(name, func(t *testing.T) {
			p := c.update(t, made.ID, minimal("invalid update").with(test.change), made.ContentHash).problem(t, "invalid-payload", http.StatusBadRequest)
			if len(p.Errors) != 1 || p.Errors[0].Field != test.field {
				t.Errorf("errors %v, want one of %s", p.Errors, test.field)
			}
		})
	}
	if read := c.get(t, "/publish/"+itoa(made.ID)).post(t, http.StatusOK); read.ContentHash != made.ContentHash {
		t.Error("a refused update changed the post")
	}
	c.set("Content-Type", "application/json").set("If-Match", "*").must(t, http.MethodPut, "/publish/"+itoa(made.ID), "{}").problem(t, "invalid-payload", http.StatusBadRequest)
}

// update sends a PUT request with fields as JSON, for a post with a content hash.
func (c client) update(t *testing.T, id int, f fields, hash string) answer {
	t.Helper()
	a, err := c.tryUpdate(t.Context(), id, f, hash)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// tryUpdate is update for goroutines, which may not end a test.
func (c client) tryUpdate(ctx context.Context, id int, f fields, hash string) (answer, error) {
	raw, err := json.Marshal(f)
	if err != nil {
		return answer{}, err
	}
	put := c.set("Content-Type", "application/json").set("If-Match", fmt.Sprintf("%q", hash))
	return put.do(ctx, http.MethodPut, fmt.Sprintf("/publish/%d", id), string(raw))
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package plugin

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
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

// A custom post type with taxonomies of its own: paths are made, and registered protected fields may be written.
func TestCustomType(t *testing.T) {
	const code = `add_action( 'init', function () {
		register_post_type( 'recipe', array( 'public' => true, 'map_meta_cap' => true ) );
		register_taxonomy( 'cuisine', 'recipe', array( 'hierarchical' => true ) );
		register_taxonomy( 'diet', 'recipe' );
		register_post_meta( 'recipe', '_minutes', array( 'single' => true, 'type' => 'string', 'auth_callback' => '__return_true' ) );
	} );`
	c := newClient(t, shared).set("X-Test-Code", oneLine(code))
	payload := minimal("recipe").with(fields{"post_type": "recipe", "meta": fields{"_minutes": "20"}, "taxonomies": []fields{
		{"taxonomy": "cuisine", "terms": []string{"Asia/Japan", "Quick"}}, {"taxonomy": "diet", "terms": []string{"vegan"}},
	}})
	made := c.publish(t, payload).post(t, http.StatusCreated)
	names := func(terms []term) (all []string) {
		for _, term := range terms {
			all = append(all, term.Name)
		}
		return slices.Sorted(slices.Values(all))
	}
	if diff := cmp.Diff([]string{"Japan", "Quick"}, names(made.Terms["cuisine"])); diff != "" {
		t.Errorf("cuisine (-want +got):\n%s", diff)
	}
	requireMeta(t, made.ID, map[string]string{"_minutes": `"20"`})
	updated := c.update(t, made.ID, minimal("recipe").with(fields{"taxonomies": []fields{{"taxonomy": "diet", "terms": []string{"fish"}}}}), made.ContentHash).post(t, http.StatusOK)
	if len(updated.Terms["cuisine"]) != 0 || strings.Join(names(updated.Terms["diet"]), ",") != "fish" {
		t.Errorf("terms %v, want only the diet", updated.Terms)
	}
}

// What the site's filters take out is named, and nothing is named where nothing was.
func TestStripped(t *testing.T) {
	for name, test := range map[string]struct {
		content string
		want    []string
	}{
		"nothing":          {`<!-- wp:paragraph --><p class="a">x &amp; y</p><!-- /wp:paragraph -->`, nil},
		"elements":         {`<p>a</p><script>b()</script><iframe src="https://example.com"></iframe><form><input></form>`, []string{"script", "iframe", "form", "input"}},
		"attributes":       {`<img src="a.jpg" onerror="x()" srcset="b.jpg 2x" alt="a">`, []string{"img[onerror]", "img[srcset]"}},
		"one of two":       {`<a href="javascript:x()">a</a><a href="https://example.com/">b</a>`, []string{"#text"}},
		"odd entities":     {`<p>&bogus; & x</p>`, []string{"#text"}},
		"a greater in one": {`<p title="a > b" onclick="y()">z</p>`, []string{"p[title]", "p[onclick]"}},
	} {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, shared)
			runAs(t, shared, "author")
			made := c.publish(t, minimal("stripped "+name).with(fields{"content_html": test.content})).post(t, http.StatusCreated)
			if diff := cmp.Diff(test.want, made.Stripped, cmpopts.SortSlices(strings.Compare)); diff != "" {
				stored := value(t, shared, "SELECT post_content FROM wp_posts WHERE ID = %d", made.ID)
				t.Errorf("stripped (-want +got):\n%s\nstored %s", diff, stored)
			}
		})
	}
	c := newClient(t, shared)
	if full := c.publish(t, minimal("stripped as administrator").with(fields{"content_html": `<script>a()</script>`})).post(t, http.StatusCreated); len(full.Stripped) > 0 {
		t.Errorf("stripped %v of somebody who may write anything", full.Stripped)
	}
}

// A half-made post of a dead request goes with its key: nobody learned its id.
func TestDeleteHalfMade(t *testing.T) {
	c := newClient(t, shared)
	c.set("X-Test-Kill", "add_term_relationship").publish(t, minimal("half deleted"))
	for i, want := range []string{`"result":"trashed"`, `"result":"trashed"`} {
		if a := c.must(t, http.MethodDelete, "/publish?content_key=half+deleted", ""); a.status != http.StatusOK || !strings.Contains(a.body, want) {
			t.Errorf("step %d: status %d: %s, want %s", i, a.status, a.body, want)
		}
	}
	for i, want := range []string{`"result":"deleted"`, `"result":"gone"`} {
		if a := c.must(t, http.MethodDelete, "/publish?content_key=half+deleted&force=true", ""); a.status != http.StatusOK || !strings.Contains(a.body, want) {
			t.Errorf("step %d, for good: status %d: %s, want %s", i, a.status, a.body, want)
		}
	}
	c.publish(t, minimal("half deleted")).post(t, http.StatusCreated)
	requireOnePost(t, shared, "half deleted")
}

// Deleting asks for the right to, and for the right hash if one is given.
func TestDeleteRefused(t *testing.T) {
	c := newClient(t, shared)
	made := c.publish(t, minimal("delete refused")).post(t, http.StatusCreated)
	route := fmt.Sprintf("/publish/%d?content_key=delete+refused", made.ID)
	c.set("If-Match", `"sha256:other"`).must(t, http.MethodDelete, route, "").problem(t, "precondition-failed", http.StatusPreconditionFailed)
	c.must(t, http.MethodDelete, route+"&colour=red", "").problem(t, "invalid-payload", http.StatusBadRequest)
	c.must(t, http.MethodDelete, fmt.Sprintf("/publish/%d", made.ID), "").problem(t, "invalid-payload", http.StatusBadRequest)
	runAs(t, shared, "author")
	c.must(t, http.MethodDelete, route, "").problem(t, "forbidden", http.StatusForbidden)
	c.update(t, made.ID, minimal("delete refused"), made.ContentHash).problem(t, "forbidden", http.StatusForbidden)
}

// Where the trash is turned off, WordPress deletes; the answer says what happened.
func TestDeleteWithoutTrash(t *testing.T) {
	c := newClient(t, shared)
	made := c.publish(t, minimal("no trash")).post(t, http.StatusCreated)
	a := c.set("X-Test-Code", `define( 'EMPTY_TRASH_DAYS', 0 );`).must(t, http.MethodDelete, fmt.Sprintf("/publish/%d?content_key=no+trash", made.ID), "")
	if a.status != http.StatusOK || !strings.Contains(a.body, `"result":"deleted"`) {
		t.Errorf("status %d: %s, want deleted", a.status, a.body)
	}
	c.publish(t, minimal("no trash")).post(t, http.StatusCreated)
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package plugin

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/igny8/wordpress-operator/hack/wordpress"
)

// waitUntilHeld waits until a request with X-Test-Hold has reached its hook, and returns what lets it go on.
func waitUntilHeld(t *testing.T, site *wordpress.Site) (release func()) {
	t.Helper()
	content := filepath.Join(site.Dir, "www", "wp-content")
	held, released := filepath.Join(content, "held"), filepath.Join(content, "release")
	t.Cleanup(func() {
		if err := errors.Join(os.Remove(held), os.Remove(released)); err != nil {
			t.Error(err)
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for tick := time.NewTicker(5 * time.Millisecond); ; {
		if _, err := os.Stat(held); err == nil {
			break
		} else if !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatal("no request reached its hook")
		}
	}
	return func() {
		if err := os.WriteFile(released, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// Wherever PHP is killed, the same request sent again leads to one whole post.
func TestKilled(t *testing.T) {
	for name, test := range map[string]struct {
		hook   string
		posts  string // posts of the key right after the kill
		status int    // of the request sent again
	}{
		"before its terms are resolved":         {"pre_insert_term", "0", http.StatusCreated},
		"between two terms":                     {"created_post_tag", "0", http.StatusCreated},
		"between reservation and INSERT":        {"wp_insert_post_data", "0", http.StatusCreated},
		"right after the INSERT, before terms":  {"add_term_relationship", "1", http.StatusCreated},
		"before the tags":                       {"added_term_relationship", "1", http.StatusCreated},
		"before its meta":                       {"add_post_metadata", "1", http.StatusCreated},
		"after its first meta":                  {"added_post_meta", "1", http.StatusCreated},
		"when other plugins are told":           {"save_post", "1", http.StatusCreated},
		"when everything is stored":             {"wp_after_insert_post", "1", http.StatusCreated},
		"between the record and the answer":     {"rest_request_after_callbacks", "1", http.StatusConflict},
		"while the answer is being written out": {"rest_pre_echo_response", "1", http.StatusConflict},
	} {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, shared)
			key := "killed-" + test.hook
			payload := minimal(key).with(fields{
				"categories": []string{"Cat " + test.hook}, "tags": []string{"tag " + test.hook, "tag too " + test.hook},
				"seo_title": "SEO", "secondary_keywords": []string{"a", "b"}, "owner": "default/blog", "claim": "c", "source_digest": "d",
			})
			if a := c.set("X-Test-Kill", test.hook).publish(t, payload); a.status != http.StatusBadGateway {
				t.Fatalf("status %d, want 502 from nginx: nobody was killed: %s", a.status, a.body)
			}
			if n := value(t, shared, "SELECT COUNT(*) FROM wp_posts WHERE guid LIKE '%%:%s'", keyHash(key)); n != test.posts {
				t.Errorf("%s posts after the kill, want %s", n, test.posts)
			}
			requireWhole(t, c.repeat(t, payload, test.status), payload)
			requireOnePost(t, shared, key)
			requireTermsOnce(t, "Cat "+test.hook, "tag "+test.hook, "tag too "+test.hook)
			requireRightCounts(t)
		})
	}
}

// repeat sends a payload again after its request was killed, and returns the post the key has.
func (c client) repeat(t *testing.T, payload fields, status int) post {
	t.Helper()
	a := c.publish(t, payload)
	if status == http.StatusCreated {
		return a.post(t, status)
	}
	return *a.problem(t, "already-published", status).Post
}

// requireWhole fails unless a post has everything its payload asked for.
func requireWhole(t *testing.T, got post, payload fields) {
	t.Helper()
	names := map[string][]string{}
	for taxonomy, terms := range got.Terms {
		for _, term := range terms {
			names[taxonomy] = append(names[taxonomy], term.Name)
		}
	}
	want := map[string][]string{"category": payload["categories"].([]string), "post_tag": payload["tags"].([]string)}
	if diff := cmp.Diff(want, names, cmpopts.SortSlices(strings.Compare)); diff != "" {
		t.Errorf("terms (-want +got):\n%s", diff)
	}
	origin := fields{"owner": got.Owner, "claim": got.Claim, "source_digest": got.SourceDigest, "title": got.Title, "status": got.Status}
	for name, value := range origin {
		if value != payload[name] {
			t.Errorf("%s is %q, want %q", name, value, payload[name])
		}
	}
	meta := php(t, shared, `echo get_post_meta( %d, '_igny8_seo_title', true ), ' ', implode( ',', get_post_meta( %[1]d, '_igny8_seo_secondary_keywords', true ) );`, got.ID)
	if meta != "SEO a,b" {
		t.Errorf("meta %q, want %q", meta, "SEO a,b")
	}
}

// A half-made post that a person threw away is that person's decision: it is not brought back.
func TestKilledThenTrashed(t *testing.T) {
	c := newClient(t, shared)
	c.set("X-Test-Kill", "add_term_relationship").publish(t, minimal("half-trashed"))
	id := value(t, shared, "SELECT ID FROM wp_posts WHERE guid LIKE '%%:%s'", keyHash("half-trashed"))
	php(t, shared, `wp_trash_post( %s );`, id)
	if p := c.publish(t, minimal("half-trashed")).problem(t, "already-published", http.StatusConflict); p.Post.Status != "trash" {
		t.Errorf("status %s, want trash", p.Post.Status)
	}
	requireOnePost(t, shared, "half-trashed")
}

// A half-made post that a person edited stays as that person left it.
func TestKilledThenEdited(t *testing.T) {
	for name, edit := range map[string]string{
		"in an editor":      `wp_update_post( array( 'ID' => %[1]s, 'post_title' => 'By hand' ) ); update_post_meta( %[1]s, '_edit_last', 1 );`,
		"in some other way": `wp_update_post( array( 'ID' => %s, 'post_title' => 'By hand' ) );`,
	} {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, shared)
			key := "edited " + name
			c.set("X-Test-Kill", "add_term_relationship").publish(t, minimal(key))
			id := value(t, shared, "SELECT ID FROM wp_posts WHERE guid LIKE '%%:%s'", keyHash(key))
			php(t, shared, edit, id)
			if name == "in some other way" { // Only the time tells, so the kill has to be a while ago.
				query(t, shared, "UPDATE wp_igny8_reservations SET updated_gmt = updated_gmt - INTERVAL 5 MINUTE WHERE key_hash = '%s'", keyHash(key))
			}
			p := c.publish(t, minimal(key)).problem(t, "already-published", http.StatusConflict)
			if itoa(p.Post.ID) != id || p.Post.Title != "By hand" {
				t.Errorf("post %d with title %q, want %s as it was edited", p.Post.ID, p.Post.Title, id)
			}
			requireOnePost(t, shared, key)
		})
	}
}

// A kill long ago is no edit.
func TestKilledLongAgo(t *testing.T) {
	c := newClient(t, shared)
	payload := minimal("long ago").with(fields{"tags": []string{"long ago"}})
	c.set("X-Test-Kill", "add_term_relationship").publish(t, payload)
	query(t, shared, "UPDATE wp_igny8_reservations SET updated_gmt = updated_gmt - INTERVAL 5 MINUTE WHERE key_hash = '%s'", keyHash("long ago"))
	query(t, shared, `UPDATE wp_posts SET post_modified = post_modified - INTERVAL 5 MINUTE, post_modified_gmt = post_modified_gmt - INTERVAL 5 MINUTE
		WHERE guid LIKE '%%:%s'`, keyHash("long ago"))
	if made := c.publish(t, payload).post(t, http.StatusCreated); len(made.Terms["post_tag"]) != 1 {
		t.Errorf("terms %v, want the tag", made.Terms)
	}
	requireOnePost(t, shared, "long ago")
}

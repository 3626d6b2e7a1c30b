// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package plugin

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// end tells a site that the request with a claim was deleted.
func end(t *testing.T, c client, key, claim string) {
	t.Helper()
	route := "/publish?force=true&content_key=" + url.QueryEscape(key) + "&claim=" + claim
	if a := c.must(t, http.MethodDelete, route, ""); a.status != http.StatusOK {
		t.Fatalf("status %d: %s", a.status, a.body)
	}
}

// age has all claims of a key have ended so many hours ago.
func age(t *testing.T, key string, hours int) {
	t.Helper()
	query(t, shared, "UPDATE wp_igny8_reservations SET updated_gmt = updated_gmt - INTERVAL %d HOUR WHERE key_hash = '%s'", hours, keyHash(key))
}

// A request that exists again, because the cluster was restored from a backup, is
// accepted when nothing of its former life can be on its way any more.
func TestAnEndedClaimIsAcceptedAgain(t *testing.T) {
	c := newClient(t, shared)
	late := minimal("ended").with(fields{"claim": "uid-ended"})
	end(t, c, "ended", "uid-ended")
	age(t, "ended", 23)
	if p := c.publish(t, late).problem(t, "claim-ended", http.StatusConflict); p.RetryAfter < 3000 || p.RetryAfter > 3600 {
		t.Errorf("retry_after %d, want an hour", p.RetryAfter)
	}
	age(t, "ended", 1)
	c.publish(t, late).post(t, http.StatusCreated)
	requireOnePost(t, shared, "ended")
}

// What is refused no longer is forgotten: each deletion leaves a row.
func TestEndedClaimsAreForgotten(t *testing.T) {
	c := newClient(t, shared)
	for _, key := range []string{"forgotten", "remembered"} {
		end(t, c, key, "uid-ended")
	}
	age(t, "forgotten", 24)
	if got := php(t, shared, `echo (int) ( wp_next_scheduled( Igny8_Bridge_Ended::EVENT ) > time() + 80000 );`); got != "1" {
		t.Errorf("scheduled: %s, want a day from now", got)
	}
	got := php(t, shared, `wp_unschedule_hook( Igny8_Bridge_Ended::EVENT ); do_action( Igny8_Bridge_Ended::EVENT ); echo (int) (bool) wp_next_scheduled( Igny8_Bridge_Ended::EVENT );`)
	if got != "1" {
		t.Errorf("scheduled again: %s, want 1 while there are others", got)
	}
	for key, want := range map[string]string{"forgotten": "0", "remembered": "1"} {
		if n := value(t, shared, "SELECT COUNT(*) FROM wp_igny8_reservations WHERE key_hash = '%s'", keyHash(key)); n != want {
			t.Errorf("%s: %s rows, want %s", key, n, want)
		}
	}
}

// trash tells a site that the request with a claim was deleted, and that its post
// goes into the trash. What is to be killed, is killed first.
func trash(t *testing.T, c client, route, hook string) {
	t.Helper()
	if hook != "" {
		if a := c.set("X-Test-Kill", hook).must(t, http.MethodDelete, route, ""); a.status != http.StatusBadGateway {
			t.Fatalf("status %d, want 502 from nginx: nobody was killed: %s", a.status, a.body)
		}
	}
	if a := c.must(t, http.MethodDelete, route, ""); a.status != http.StatusOK || !strings.Contains(a.body, `"result":"trashed"`) {
		t.Fatalf("status %d: %s, want trashed", a.status, a.body)
	}
}

// Wherever PHP is killed, the post that went with its request comes back with the
// next one, whole and under its id.
func TestBringBackKilled(t *testing.T) {
	for name, hooks := range map[string]struct{ remove, publish string }{
		"nowhere":                               {"", ""},
		"before the post is in the trash":       {"wp_trash_post", ""},
		"when it is":                            {"trashed_post", ""},
		"before it is out of it":                {"", "untrash_post"},
		"when it is out":                        {"", "untrashed_post"},
		"after the UPDATE":                      {"", "wp_after_insert_post"},
		"when the post was marked, and then in": {"wp_trash_post", "untrashed_post"},
	} {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, shared)
			key := "bring back " + hooks.remove + hooks.publish
			made := c.publish(t, minimal(key).with(fields{"claim": "uid-ended"})).post(t, http.StatusCreated)
			trash(t, c, fmt.Sprintf("/publish/%d?claim=uid-ended&content_key=%s", made.ID, url.QueryEscape(key)), hooks.remove)
			next := minimal(key).with(fields{"claim": "uid-next", "title": "Back"})
			if hooks.publish != "" {
				if a := c.set("X-Test-Kill", hooks.publish).publish(t, next); a.status != http.StatusBadGateway {
					t.Fatalf("status %d, want 502 from nginx: nobody was killed: %s", a.status, a.body)
				}
			}
			got := c.publish(t, next).post(t, http.StatusCreated)
			if got.ID != made.ID || got.Status != "publish" || got.Title != "Back" || got.Slug != made.Slug || got.Claim != "uid-next" {
				t.Errorf("post %+v, want %d published as Back under %s", got, made.ID, made.Slug)
			}
			requireOnePost(t, shared, key)
		})
	}
}

// A half-made post goes with the request that was last at it.
func TestDeleteHalfMadeByTheNextRequest(t *testing.T) {
	c := newClient(t, shared)
	for _, claim := range []string{"uid-first", "uid-next"} {
		payload := minimal("half made twice").with(fields{"claim": claim})
		if a := c.set("X-Test-Kill", "add_term_relationship").publish(t, payload); a.status != http.StatusBadGateway {
			t.Fatalf("status %d, want 502 from nginx: nobody was killed: %s", a.status, a.body)
		}
	}
	trash(t, c, "/publish?content_key=half+made+twice&claim=uid-next", "")
}

// One that is half-made is also removed by its id.
func TestDeleteHalfMadeByID(t *testing.T) {
	c := newClient(t, shared)
	payload := minimal("half made id").with(fields{"claim": "uid-first"})
	if a := c.set("X-Test-Kill", "add_term_relationship").publish(t, payload); a.status != http.StatusBadGateway {
		t.Fatalf("status %d, want 502 from nginx: nobody was killed: %s", a.status, a.body)
	}
	id := value(t, shared, "SELECT ID FROM wp_posts WHERE guid LIKE '%%:%s'", keyHash("half made id"))
	trash(t, c, "/publish/"+id+"?content_key=half+made+id&claim=uid-first", "")
}

// A post of another type takes the key from the one in the trash, and only a post
// that can be made does.
func TestAnotherTypeTakesTheKey(t *testing.T) {
	c := newClient(t, shared)
	made := c.publish(t, minimal("typed").with(fields{"claim": "uid-ended"})).post(t, http.StatusCreated)
	trash(t, c, fmt.Sprintf("/publish/%d?claim=uid-ended&content_key=typed", made.ID), "")
	next := minimal("typed").with(fields{"claim": "uid-next"})
	c.publish(t, next.with(fields{"post_type": "nonsense"})).problem(t, "invalid-payload", http.StatusBadRequest)
	if found := c.must(t, http.MethodGet, "/publish?content_key=typed", ""); found.status != http.StatusOK {
		t.Fatalf("status %d: a refused request has taken the key: %s", found.status, found.body)
	}
	page := c.publish(t, next.with(fields{"post_type": "page"})).post(t, http.StatusCreated)
	if page.ID == made.ID || page.Type != "page" {
		t.Errorf("post %d of type %s, want another one than %d", page.ID, page.Type, made.ID)
	}
	requireOnePost(t, shared, "typed")
	query(t, shared, "DROP TABLE wp_igny8_reservations")
	if p := c.publish(t, next).problem(t, "already-published", http.StatusConflict); p.Post.ID != page.ID {
		t.Errorf("made again from the guids, the key has post %d, want %d", p.Post.ID, page.ID)
	}
	if got := value(t, shared, "SELECT post_status FROM wp_posts WHERE ID = %d", made.ID); got != "trash" {
		t.Errorf("the former post is %s, want it in the trash", got)
	}
}

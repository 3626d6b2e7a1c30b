// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package plugin

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/igny8/wordpress-operator/hack/wordpress"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

// A post reads back as it was answered when it was made, by id and by key.
func TestReadBack(t *testing.T) {
	c := newClient(t, shared)
	const key = "read:ä/?&=+ %"
	made := c.publish(t, minimal(key).with(fields{"tags": []string{"read"}, "seo_title": "s"})).post(t, http.StatusCreated)
	for name, route := range map[string]string{
		"by id":  "/publish/" + itoa(made.ID),
		"by key": "/publish?content_key=" + url.QueryEscape(key),
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(made, c.get(t, route).post(t, http.StatusOK)); diff != "" {
				t.Errorf("read back (-made +read):\n%s", diff)
			}
		})
	}
}

// A post that is finished between the look-up and the question whether somebody is at it is found.
func TestFinishedWhileReading(t *testing.T) {
	c := newClient(t, shared)
	made := c.publish(t, minimal("meanwhile")).post(t, http.StatusCreated)
	query(t, shared, "UPDATE wp_igny8_reservations SET state = 'reserved' WHERE post_id = %d", made.ID)
	finish := `add_filter( 'query', function ( $sql ) {
		if ( 0 === strpos( $sql, 'SELECT IS_USED_LOCK' ) ) {
			global $wpdb;
			mysqli_query( $wpdb->dbh, "UPDATE wp_igny8_reservations SET state = 'done' WHERE post_id = ` + itoa(made.ID) + `" );
		}
		return $sql;
	} );`
	if read := c.set("X-Test-Code", oneLine(finish)).get(t, "/publish?content_key=meanwhile").post(t, http.StatusOK); read.ID != made.ID {
		t.Errorf("post %d, want %d", read.ID, made.ID)
	}
}

// No cache keeps an answer, whatever it is.
func TestNoStore(t *testing.T) {
	c := newClient(t, shared)
	stranger := c.set("X-Igny8-Api-Key", "")
	for what, a := range map[string]answer{
		"site": c.get(t, "/site"), "new post": c.publish(t, minimal("cache")), "published": c.publish(t, minimal("cache")),
		"read": c.get(t, "/publish?content_key=cache"), "unknown": c.get(t, "/publish?content_key=cache2"),
		"without key": stranger.get(t, "/site"), "no route": stranger.get(t, "/nowhere"),
	} {
		if got := a.header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s: status %d with Cache-Control %q, want no-store", what, a.status, got)
		}
	}
}

// The digest follows what is managed, and nothing else.
func TestContentHash(t *testing.T) {
	c := newClient(t, shared)
	for name, test := range map[string]struct {
		change  string
		changed bool
	}{
		"title":          {`wp_update_post( array( 'ID' => %d, 'post_title' => 'Other' ) );`, true},
		"content":        {`wp_update_post( array( 'ID' => %d, 'post_content' => 'Other' ) );`, true},
		"excerpt":        {`wp_update_post( array( 'ID' => %d, 'post_excerpt' => 'Other' ) );`, true},
		"slug":           {`wp_update_post( array( 'ID' => %d, 'post_name' => 'other-slug' ) );`, true},
		"status":         {`wp_update_post( array( 'ID' => %d, 'post_status' => 'draft' ) );`, true},
		"tag less":       {`wp_set_post_tags( %d, 'hash-a' );`, true},
		"seo":            {`update_post_meta( %d, '_igny8_seo_title', 'other' );`, true},
		"saved again":    {`wp_update_post( array( 'ID' => %d ) );`, false},
		"order of tags":  {`wp_set_post_tags( %d, '' ); wp_set_post_tags( %[1]d, 'hash-b,hash-a' );`, false},
		"foreign meta":   {`update_post_meta( %d, 'views', 7 );`, false},
		"comment status": {`wp_update_post( array( 'ID' => %d, 'comment_status' => 'closed' ) );`, false},
	} {
		t.Run(name, func(t *testing.T) {
			payload := minimal("hash-" + name).with(fields{"tags": []string{"hash-a", "hash-b"}, "seo_title": "s"})
			before := c.publish(t, payload).post(t, http.StatusCreated)
			php(t, shared, test.change, before.ID)
			after := c.get(t, "/publish/"+itoa(before.ID)).post(t, http.StatusOK)
			if changed := before.ContentHash != after.ContentHash; changed != test.changed {
				t.Errorf("digest changed: %t, want %t", changed, test.changed)
			}
		})
	}
}

// A post in the trash keeps its key; deleted for good, by whichever way, it frees it.
func TestTrashAndDeletion(t *testing.T) {
	c := newClient(t, shared)
	publish := func() post { return c.publish(t, minimal("gone")).post(t, http.StatusCreated) }
	first := publish()

	php(t, shared, `wp_trash_post( %d );`, first.ID)
	if p := c.publish(t, minimal("gone")).problem(t, "already-published", http.StatusConflict); p.Post.ID != first.ID || p.Post.Status != "trash" {
		t.Errorf("post %d is %s, want %d in the trash", p.Post.ID, p.Post.Status, first.ID)
	}
	if read := c.get(t, "/publish?content_key=gone").post(t, http.StatusOK); read.Status != "trash" {
		t.Errorf("status %s, want trash", read.Status)
	}

	php(t, shared, `wp_delete_post( %d, true );`, first.ID)
	c.get(t, "/publish?content_key=gone").problem(t, "post-not-found", http.StatusNotFound)
	c.get(t, "/publish/"+itoa(first.ID)).problem(t, "post-not-found", http.StatusNotFound)
	second := publish()

	query(t, shared, "DELETE FROM wp_posts WHERE ID = %d", second.ID) // No hook runs.
	c.get(t, "/publish/"+itoa(second.ID)).problem(t, "post-not-found", http.StatusNotFound)
	if third := publish(); third.ID <= second.ID {
		t.Errorf("post %d, want a new one after %d", third.ID, second.ID)
	}
	requireOnePost(t, shared, "gone")
}

// Ids move when a database is restored: a row that points to another's post is not believed.
func TestForeignPostUnderOurID(t *testing.T) {
	c := newClient(t, shared)
	made := c.publish(t, minimal("moved")).post(t, http.StatusCreated)
	query(t, shared, "UPDATE wp_igny8_reservations SET post_id = 1 WHERE post_id = %d", made.ID)
	if read := c.get(t, "/publish?content_key=moved").post(t, http.StatusOK); read.ID != made.ID {
		t.Errorf("post %d, want %d, which has the guid", read.ID, made.ID)
	}
	if p := c.publish(t, minimal("moved")).problem(t, "already-published", http.StatusConflict); p.Post.ID != made.ID {
		t.Errorf("already published as %d, want %d", p.Post.ID, made.ID)
	}
}

// The site tells about itself.
func TestSite(t *testing.T) {
	c := newClient(t, shared)
	got := c.get(t, "/site").site(t)
	want := site{
		Name: "Test site", HomeURL: shared.URL + "/", RESTURL: shared.URL + "/wp-json/", PluginVersion: "2.2.0", Locale: "en_US", TimeZone: "+00:00",
		User:         user{ID: 1, Login: shared.AdminUser},
		Capabilities: []string{"edit_posts", "publish_posts", "edit_others_posts", "edit_pages", "publish_pages", "manage_categories", "upload_files", "unfiltered_html"},
		Limits:       map[string]int64{"upload_max_bytes": 64 << 20, "post_max_bytes": 64 << 20, "memory_bytes": 256 << 20, "execution_seconds": 30},
		SEOPlugins:   []string{}, BlockEditorTypes: []string{"post", "page"},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(site{}, "UUID", "WordPressVersion", "PHPVersion", "Epoch", "Mark")); diff != "" {
		t.Errorf("site (-want +got):\n%s", diff)
	}
	for what, version := range map[string]string{"WordPress": got.WordPressVersion, "PHP": got.PHPVersion} {
		if !regexp.MustCompile(`^\d+\.\d+`).MatchString(version) {
			t.Errorf("version of %s is %q", what, version)
		}
	}
	if again := c.get(t, "/site").site(t); again.UUID != got.UUID || !regexp.MustCompile(`^[0-9a-f-]{36}$`).MatchString(got.UUID) {
		t.Errorf("uuid %q, then %q", got.UUID, again.UUID)
	}
}

// What the site is set to, and who the key stands for, shows.
func TestSiteChanged(t *testing.T) {
	c := newClient(t, shared)
	php(t, shared, `update_option( 'timezone_string', 'Europe/Berlin' ); update_option( 'blogname', 'Käse & "Wein"' );`)
	got := c.get(t, "/site").site(t)
	php(t, shared, `update_option( 'timezone_string', '' ); update_option( 'blogname', 'Test site' );`)
	if got.TimeZone != "Europe/Berlin" || got.Name != `Käse & "Wein"` {
		t.Errorf("time zone %q, name %q", got.TimeZone, got.Name)
	}
	login := runAs(t, shared, "author")
	got = c.get(t, "/site").site(t)
	if diff := cmp.Diff([]string{"edit_posts", "publish_posts", "upload_files"}, got.Capabilities); diff != "" || got.User.Login != login {
		t.Errorf("user %s, capabilities (-want +got):\n%s", got.User.Login, diff)
	}
}

// Of many first requests, one mints the UUID.
func TestUUIDIsMintedOnce(t *testing.T) {
	const clients = 8
	c := newClient(t, shared)
	before := c.get(t, "/site").site(t).UUID
	t.Cleanup(func() {
		// Not the context of the test, which is over by now.
		_, err := shared.Query(context.Background(), "UPDATE wp_options SET option_value = '"+before+"' WHERE option_name = 'igny8_bridge_site_uuid'")
		if err != nil {
			t.Error(err)
		}
	})
	php(t, shared, `delete_option( 'igny8_bridge_site_uuid' );`)
	seen := map[string]bool{}
	for _, a := range inParallel(t, clients, func(int) (answer, error) { return c.do(t.Context(), http.MethodGet, "/site", "") }) {
		seen[a.site(t).UUID] = true
	}
	if len(seen) != 1 || seen[before] {
		t.Errorf("UUIDs %v, want one, and not %s", seen, before)
	}
}

// A site below a path and without pretty permalinks is served through ?rest_route=.
func TestPlainPermalinksInSubFolder(t *testing.T) {
	site, err := wordpress.Start(t.Context(), wordpress.Options{PlainPermalinks: true, SubFolder: "blog"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := site.Stop(); err != nil {
			t.Error(err)
		}
	})
	c := newClient(t, site)
	c.base = site.URL + "/?rest_route=/igny8/v1"
	made := c.publish(t, minimal("plain")).post(t, http.StatusCreated)
	if want := fmt.Sprintf("%s/?p=%d", site.URL, made.ID); made.URL != want {
		t.Errorf("url %s, want %s", made.URL, want)
	}
	c.get(t, "/publish&content_key=plain").post(t, http.StatusOK)
	if got := c.get(t, "/site").site(t); !strings.HasSuffix(got.HomeURL, "/blog/") || !strings.Contains(got.RESTURL, "?rest_route=/") {
		t.Errorf("home %s, REST %s", got.HomeURL, got.RESTURL)
	}
	t.Run("contract", func(t *testing.T) {
		wordpresstest.RunContract(t, func(t *testing.T) wordpresstest.Target { return target(t, site) })
	})
	requireUninstalls(t, site, made.ID)

	php(t, site, `Igny8_Bridge_Credentials::set( '%s', 1 );`, site.APIKey) // As after a new installation.
	if p := c.publish(t, minimal("plain")).problem(t, "already-published", http.StatusConflict); p.Post.ID != made.ID {
		t.Errorf("published after the deletion of the plugin as %d, want %d", p.Post.ID, made.ID)
	}
}

// requireUninstalls deletes the plugin and fails when it leaves anything but posts and the site's UUID behind.
func requireUninstalls(t *testing.T, site *wordpress.Site, id int) {
	t.Helper()
	php(t, site, `require ABSPATH . 'wp-admin/includes/plugin.php'; uninstall_plugin( 'igny8-wp-bridge/igny8-wp-bridge.php' );`)
	for what, statement := range map[string]string{
		"options": "SELECT option_name FROM wp_options WHERE option_name LIKE '%igny8%' AND option_name NOT IN ('active_plugins', 'igny8_bridge_site_uuid')",
		"tables":  "SHOW TABLES LIKE '%igny8%'",
	} {
		if left := query(t, site, "%s", statement); len(left) > 0 {
			t.Errorf("%s are left: %v", what, left)
		}
	}
	if n := value(t, site, "SELECT COUNT(*) FROM wp_posts WHERE ID = %d", id); n != "1" {
		t.Error("the post is gone")
	}
}

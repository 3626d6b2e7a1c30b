// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package plugin

import (
	"net/http"
	"testing"
)

// Other plugins of the site that change the guid do not lead to a second post.
func TestMeddlingWithTheGUID(t *testing.T) {
	for name, code := range map[string]string{
		"protocol not allowed": `add_filter( 'kses_allowed_protocols', function ( $all ) { return array_diff( $all, array( 'urn' ) ); } );
			add_action( 'init', 'wp_allowed_protocols' );`,
		"changed in the INSERT": `add_filter( 'wp_insert_post_data', function ( $data ) { $data['guid'] = 'http://other.test/'; return $data; } );`,
		"changed afterwards": `add_action( 'wp_after_insert_post', function ( $id ) {
			global $wpdb; $wpdb->update( $wpdb->posts, array( 'guid' => 'http://other.test/' . $id ), array( 'ID' => $id ) ); } );`,
	} {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, shared)
			meddled := c.set("X-Test-Code", oneLine(code))
			made := meddled.publish(t, minimal("guid "+name)).post(t, http.StatusCreated)
			if p := meddled.publish(t, minimal("guid "+name)).problem(t, "already-published", http.StatusConflict); p.Post.ID != made.ID {
				t.Errorf("already published as %d, want %d", p.Post.ID, made.ID)
			}
			requireOnePost(t, shared, "guid "+name)
		})
	}
}

// A title of which the site leaves nothing is refused before there is a post, or its post is taken away.
func TestTitleThatVanishes(t *testing.T) {
	c := newClient(t, shared)
	posts := func() string { return value(t, shared, "SELECT COUNT(*) FROM wp_posts WHERE post_type = 'post'") }
	before := posts()
	for name, test := range map[string]struct {
		code, problem string
		status        int
	}{
		"by a filter of the title": {
			`add_filter( 'title_save_pre', '__return_empty_string' );`,
			"invalid-payload", http.StatusBadRequest,
		},
		"by a filter of the row": {
			`add_filter( 'wp_insert_post_data', function ( $data ) { $data['post_title'] = ''; return $data; } );`,
			"not-stored", http.StatusInternalServerError,
		},
	} {
		t.Run(name, func(t *testing.T) {
			meddled := c.set("X-Test-Code", oneLine(test.code))
			for range 2 {
				p := meddled.publish(t, minimal("title")).problem(t, test.problem, test.status)
				if len(p.Errors) > 0 && p.Errors[0].Field != "title" {
					t.Errorf("errors %v, want one of the title", p.Errors)
				}
			}
		})
	}
	if after := posts(); after != before {
		t.Errorf("%s posts after the refusals, want %s", after, before)
	}
	c.publish(t, minimal("title")).post(t, http.StatusCreated)
	requireOnePost(t, shared, "title")
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package plugin

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"testing"
)

// The count of a big term is added to and right; what goes wrong beside it is put right by the full count that follows.
func TestBigTerm(t *testing.T) {
	const posts = 600
	c := newClient(t, shared)
	id := php(t, shared, `echo wp_insert_term( 'Big', 'category' )['term_taxonomy_id'];`)
	query(t, shared, `INSERT INTO wp_posts (post_author, post_date, post_date_gmt, post_modified, post_modified_gmt, post_title, post_content, post_excerpt, to_ping, pinged, post_content_filtered, guid)
		SELECT 1, NOW(), UTC_TIMESTAMP(), NOW(), UTC_TIMESTAMP(), 'Filler', 'x', '', '', '', '', CONCAT('big:', seq) FROM seq_1_to_%d`, posts)
	query(t, shared, "INSERT INTO wp_term_relationships (object_id, term_taxonomy_id) SELECT ID, %s FROM wp_posts WHERE guid LIKE 'big:%%'", id)
	php(t, shared, `wp_update_term_count_now( array( %s ), 'category' );`, id)
	t.Cleanup(func() {
		if _, err := shared.Query(context.Background(), "DELETE p, r FROM wp_posts p JOIN wp_term_relationships r ON r.object_id = p.ID WHERE p.guid LIKE 'big:%'"); err != nil {
			t.Error(err)
		}
		if _, err := shared.PHP(context.Background(), fmt.Sprintf(`wp_update_term_count_now( array( %s ), 'category' );`, id)); err != nil {
			t.Error(err)
		}
	})

	into := fields{"categories": []string{"Big"}, "tags": []string{"beside the big one"}}
	made := c.publish(t, minimal("big 1").with(into)).post(t, http.StatusCreated)
	c.publish(t, minimal("big draft").with(into).with(fields{"status": "draft"})).post(t, http.StatusCreated)
	c.batch(t, minimal("big 2").with(into), minimal("big 3").with(into), minimal("big 4").with(into).with(fields{"status": "private"}))
	c.set("X-Test-Kill", "add_post_metadata").publish(t, minimal("big killed").with(into).with(fields{"seo_title": "x"}))
	c.publish(t, minimal("big killed").with(into)).post(t, http.StatusCreated)
	requireRightCounts(t)
	if n := value(t, shared, "SELECT count FROM wp_term_taxonomy WHERE term_taxonomy_id = %s", id); n != strconv.Itoa(posts+4) {
		t.Errorf("the term has %s posts, want %d", n, posts+4)
	}
	c.update(t, made.ID, minimal("big 1"), made.ContentHash).post(t, http.StatusOK)
	requireRightCounts(t)

	query(t, shared, "UPDATE wp_term_taxonomy SET count = count + 1 WHERE term_taxonomy_id = %s", id)
	out := php(t, shared, `$events = array_filter( _get_cron_array(), function ( $event ) { return isset( $event['igny8_bridge_count_term'] ); } );
		echo count( $events ); do_action_ref_array( 'igny8_bridge_count_term', array( %s, 'category' ) );`, id)
	if out != "1" {
		t.Errorf("%s full counts are scheduled, want one", out)
	}
	requireRightCounts(t)
}

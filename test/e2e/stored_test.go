// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// storedPost is what the shared site keeps of a post. Terms are paths, by
// taxonomy; metas are JSON.
type storedPost struct {
	Type, Title, Content, Excerpt string
	Terms                         map[string][]string
	Meta                          map[string]json.RawMessage
}

// storedOf reads the post of a request with WordPress's own functions.
func storedOf(t *testing.T, request *v1alpha1.PublishRequest) storedPost {
	t.Helper()
	answer := ask(t, `$p = get_post( %d );
$terms = array();
foreach ( get_object_taxonomies( $p ) as $taxonomy ) {
	foreach ( wp_get_object_terms( $p->ID, $taxonomy ) as $term ) {
		$path = get_term_parents_list( $term->term_id, $taxonomy, array( 'link' => false ) );
		$terms[ $taxonomy ][] = substr( $path, 0, -1 );
	}
}
$meta = array();
foreach ( array_keys( get_post_meta( $p->ID ) ) as $key ) { $meta[ $key ] = get_post_meta( $p->ID, $key, true ); }
echo wp_json_encode( array( 'type' => $p->post_type, 'title' => $p->post_title, 'content' => $p->post_content, 'excerpt' => $p->post_excerpt, 'terms' => $terms ?: null, 'meta' => $meta ) );`,
		request.Status.Post.ID)
	var post storedPost
	if err := json.Unmarshal([]byte(answer), &post); err != nil {
		t.Fatalf("read post: %v: %s", err, answer)
	}
	return post
}

// metaText is a meta that is a text, empty if there is none.
func (p storedPost) metaText(t *testing.T, key string) string {
	t.Helper()
	if p.Meta[key] == nil {
		return ""
	}
	var text string
	if err := json.Unmarshal(p.Meta[key], &text); err != nil {
		t.Errorf("meta %s: %v", key, err)
	}
	return text
}

// checkBlocks reads each post with block markup that the run has left at the
// shared site as WordPress does, and fails on text that stands in no block: the
// editor would show it as one of the classic editor.
func checkBlocks(ctx context.Context, out io.Writer) error {
	answer, err := site.PHP(ctx, `global $wpdb;
$blocks = 0; $loose = array();
$ids = $wpdb->get_col( "SELECT ID FROM $wpdb->posts WHERE post_content LIKE '%<!-- wp:%' AND post_type IN ('post', 'page', 'recipe', 'event')" );
foreach ( $ids as $id ) {
	$post = $wpdb->get_row( "SELECT post_title, post_content FROM $wpdb->posts WHERE ID = $id" );
	foreach ( parse_blocks( $post->post_content ) as $block ) {
		if ( null !== $block['blockName'] ) { ++$blocks; }
		elseif ( '' !== trim( $block['innerHTML'] ) ) { $loose[] = "$post->post_title: $block[innerHTML]"; }
	}
}
echo wp_json_encode( array( 'posts' => count( $ids ), 'blocks' => $blocks, 'loose' => $loose ) );`)
	if err != nil {
		return err
	}
	var found struct {
		Posts, Blocks int
		Loose         []string
	}
	if err := json.Unmarshal([]byte(answer), &found); err != nil {
		return fmt.Errorf("read blocks: %w: %s", err, answer)
	}
	fmt.Fprintf(out, "blocks of %d posts: %d, text in none of them: %d\n", found.Posts, found.Blocks, len(found.Loose))
	var errs []error
	for _, text := range found.Loose {
		errs = append(errs, fmt.Errorf("text in no block of the post %.300q", text))
	}
	return errors.Join(errs...)
}

// TestCheckOfBlocks: text beside a block is found.
func TestCheckOfBlocks(t *testing.T) {
	before := checkBlocks(t.Context(), io.Discard)
	id := ask(t, `echo wp_insert_post( array( 'post_title' => 'Loose', 'post_content' => '<!-- wp:paragraph --><p>x</p><!-- /wp:paragraph --><p>loose</p>' ) );`)
	found := checkBlocks(t.Context(), io.Discard)
	ask(t, "wp_delete_post( %s, true );", id)
	if before != nil || found == nil || !strings.Contains(found.Error(), "Loose: <p>loose</p>") {
		t.Errorf("found %v, before %v", found, before)
	}
}

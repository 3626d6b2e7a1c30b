// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"maps"
	"os"
	"path/filepath"
)

// extras is a must-use plugin with what a site has beside posts: a type whose
// posts open in the block editor, with taxonomies of its own; one whose posts do
// not, as WordPress has it for types that say nothing; a shortcode that shows what
// it is given; and videos to embed. Two options say which SEO plugins there are
// and that the Classic Editor is, with the hook and the priority of that plugin.
const extras = `<?php
$_SERVER['HTTP_X_TEST_SEO'] = (string) get_option( 'test_seo' );
if ( get_option( 'test_classic' ) ) {
	add_filter( 'use_block_editor_for_post_type', '__return_false', 100 );
}
add_action( 'init', function () {
	register_post_type( 'recipe', array( 'public' => true, 'show_in_rest' => true, 'supports' => array( 'title', 'editor', 'excerpt', 'custom-fields' ) ) );
	register_taxonomy( 'cuisine', 'recipe', array( 'hierarchical' => true ) );
	register_taxonomy( 'diet', 'recipe' );
	register_post_type( 'event', array( 'public' => true ) );
	add_shortcode( 'echo', fn( $attributes, $text ) => 'echo(' . http_build_query( $attributes, '', ';' ) . ')' . $text );
	wp_embed_register_handler( 'test', '#^https://video\.example\.com/(\d+)$#', fn( $match ) => '<iframe title="Video ' . $match[1] . '"></iframe>' );
} );
`

// mustUse are the must-use plugins of the shared site. WordPress loads them in the
// order of their names: the doubles of the SEO plugins, which are those of the
// plugin's own tests, come after what says which of them there are.
func mustUse() (map[string]string, error) {
	seo, err := os.ReadFile(filepath.Join(root, "test", "plugin", "seo.php"))
	if err != nil {
		return nil, err
	}
	all := map[string]string{"extras.php": extras, "seo.php": string(seo)}
	maps.Copy(all, faults())
	return all, nil
}

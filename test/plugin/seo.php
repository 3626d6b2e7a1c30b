<?php
/**
 * Must-use plugin of the tests: doubles of the SEO plugins that the header X-Test-SEO names, which keep values where the plugins
 * do. The header may name several.
 */

foreach ( explode( ',', isset( $_SERVER['HTTP_X_TEST_SEO'] ) ? $_SERVER['HTTP_X_TEST_SEO'] : '' ) as $test_seo ) {
	switch ( $test_seo ) {
		case 'yoast':
			define( 'WPSEO_VERSION', '26.0' );
			// Yoast cleans its values while they are stored.
			add_filter( 'sanitize_post_meta__yoast_wpseo_title', 'sanitize_text_field' );
			add_filter( 'sanitize_post_meta__yoast_wpseo_metadesc', 'sanitize_text_field' );
			break;
		case 'rank-math':
			define( 'RANK_MATH_VERSION', '1.0.273' );
			break;
		case 'aioseo':
			define( 'AIOSEO_VERSION', '4.9.9' );
			class_alias( 'Test_Aioseo_Post', 'AIOSEO\Plugin\Common\Models\Post' );
			break;
		case 'seopress':
			define( 'SEOPRESS_VERSION', '9.7.4' );
			break;
		case 'the-seo-framework':
			define( 'THE_SEO_FRAMEWORK_VERSION', '5.1.5' );
			break;
		case 'slim-seo':
			define( 'SLIM_SEO_VER', '4.0.0' );
			break;
	}
}

/**
 * All in One SEO's model of a post: a row of its table, and a mirror in post meta.
 */
class Test_Aioseo_Post {

	/**
	 * Makes the plugin's table, with the columns that are looked at.
	 */
	public static function install() {
		global $wpdb;
		$wpdb->query(
			"CREATE TABLE {$wpdb->prefix}aioseo_posts (id bigint AUTO_INCREMENT PRIMARY KEY, post_id bigint, title text, description text, keyphrases longtext,
			canonical_url text, robots_default tinyint NOT NULL DEFAULT 1, robots_noindex tinyint NOT NULL DEFAULT 0, robots_nofollow tinyint NOT NULL DEFAULT 0,
			og_title text) DEFAULT CHARSET utf8mb4"
		);
	}

	/**
	 * Saves what is given and leaves the rest.
	 */
	public static function savePost( $post_id, $data ) {
		global $wpdb;
		$table = $wpdb->prefix . 'aioseo_posts';
		if ( $wpdb->get_var( $wpdb->prepare( "SELECT id FROM $table WHERE post_id = %d", $post_id ) ) ) {
			$wpdb->update( $table, $data, array( 'post_id' => $post_id ) );
		} else {
			$wpdb->insert( $table, array( 'post_id' => $post_id ) + $data );
		}
		if ( isset( $data['title'] ) ) {
			update_post_meta( $post_id, '_aioseo_title', $data['title'] );
		}
		return '';
	}
}

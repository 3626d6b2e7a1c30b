<?php
/**
 * All in One SEO.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Keeps SEO fields where All in One SEO looks for them: in its own table, written through its own model, which also keeps the
 * mirror in post meta and the plugin's caches right. It is read past the model, so that it can be while the plugin is off.
 */
final class Igny8_Bridge_Seo_Aioseo implements Igny8_Bridge_Seo_Adapter {

	/**
	 * The plugin's model of a post.
	 */
	const MODEL = 'AIOSEO\\Plugin\\Common\\Models\\Post';

	/**
	 * Columns that hold our values; robots_default says that the two after it do not count.
	 */
	const COLUMNS = array( 'title', 'description', 'keyphrases', 'canonical_url', 'robots_default', 'robots_noindex', 'robots_nofollow' );

	/**
	 * {@inheritDoc}
	 *
	 * @return string
	 */
	public function id() {
		return 'aioseo';
	}

	/**
	 * {@inheritDoc}
	 *
	 * @return bool
	 */
	public function is_active() {
		return defined( 'AIOSEO_VERSION' ) && is_callable( array( self::MODEL, 'savePost' ) );
	}

	/**
	 * {@inheritDoc}
	 *
	 * @param array<string,mixed> $fields Fields that were sent.
	 * @return array<string,mixed>
	 */
	public function values( array $fields ) {
		$values = array();
		$map    = array(
			'seo_title'       => 'title',
			'seo_description' => 'description',
			'canonical_url'   => 'canonical_url',
		);
		foreach ( $map as $field => $column ) {
			if ( isset( $fields[ $field ] ) ) {
				$values[ $column ] = $fields[ $field ];
			}
		}
		if ( isset( $fields['primary_keyword'] ) || ! empty( $fields['secondary_keywords'] ) ) {
			$values['keyphrases'] = $this->keyphrases( $fields );
		}
		if ( ! empty( $fields['robots'] ) ) {
			$values['robots_default']  = '0';
			$values['robots_noindex']  = in_array( 'noindex', $fields['robots'], true ) ? '1' : '0';
			$values['robots_nofollow'] = in_array( 'nofollow', $fields['robots'], true ) ? '1' : '0';
		}
		return $values;
	}

	/**
	 * {@inheritDoc}
	 *
	 * @param int $post_id Post.
	 * @return array<string,mixed>
	 */
	public function read( $post_id ) {
		global $wpdb;
		$suppressed = $wpdb->suppress_errors();
		// phpcs:ignore WordPress.DB -- the table of a plugin that may not be active; its name is made of the prefix and a constant.
		$row = $wpdb->get_row( $wpdb->prepare( "SELECT * FROM {$wpdb->prefix}aioseo_posts WHERE post_id = %d", $post_id ), ARRAY_A );
		$wpdb->suppress_errors( $suppressed );
		$values = array_intersect_key( is_array( $row ) ? $row : array(), array_flip( self::COLUMNS ) );
		if ( isset( $values['keyphrases'] ) ) {
			$values['keyphrases'] = $this->phrases( $values['keyphrases'] );
		}
		if ( ! empty( $values['robots_default'] ) ) {
			unset( $values['robots_default'], $values['robots_noindex'], $values['robots_nofollow'] );
		}
		return array_filter(
			$values,
			static function ( $value ) {
				return null !== $value && '' !== $value;
			}
		);
	}

	/**
	 * {@inheritDoc}
	 *
	 * @param int                 $post_id Post, 0 for one to come.
	 * @param array<string,mixed> $values  Values to write, by key.
	 * @param string[]            $gone    Keys to take away.
	 * @return array<string,mixed>
	 */
	public function meta( $post_id, array $values, array $gone ) { // phpcs:ignore Generic.CodeAnalysis.UnusedFunctionParameter -- the interface's.
		return array();
	}

	/**
	 * {@inheritDoc}
	 *
	 * @param int                 $post_id Post.
	 * @param array<string,mixed> $values  Values to write, by key.
	 * @param string[]            $gone    Keys to take away.
	 * @return void
	 */
	public function store( $post_id, array $values, array $gone ) {
		$data = $values + array_fill_keys( $gone, '' );
		if ( in_array( 'robots_default', $gone, true ) ) {
			$data['robots_default'] = '1';
		}
		if ( $data ) {
			call_user_func( array( self::MODEL, 'savePost' ), $post_id, $data );
		}
	}

	/**
	 * The keywords in the plugin's form.
	 *
	 * @param array<string,mixed> $fields Fields.
	 * @return string JSON.
	 */
	private function keyphrases( array $fields ) {
		$additional = array();
		foreach ( isset( $fields['secondary_keywords'] ) ? $fields['secondary_keywords'] : array() as $keyword ) {
			$additional[] = array( 'keyphrase' => $keyword );
		}
		$focus = array( 'keyphrase' => isset( $fields['primary_keyword'] ) ? $fields['primary_keyword'] : '' );
		return (string) wp_json_encode(
			array(
				'focus'      => $focus,
				'additional' => $additional,
			)
		);
	}

	/**
	 * Stored keywords without what the plugin adds when it has analysed the post: scores are no change of a person.
	 *
	 * @param string $stored JSON.
	 * @return string JSON in the form of keyphrases(), empty for none.
	 */
	private function phrases( $stored ) {
		$known = json_decode( $stored, true );
		$focus = isset( $known['focus']['keyphrase'] ) ? $known['focus']['keyphrase'] : '';
		$more  = isset( $known['additional'] ) && is_array( $known['additional'] ) ? wp_list_pluck( $known['additional'], 'keyphrase' ) : array();
		if ( '' === $focus && ! $more ) {
			return '';
		}
		return $this->keyphrases(
			array(
				'primary_keyword'    => $focus,
				'secondary_keywords' => $more,
			)
		);
	}
}

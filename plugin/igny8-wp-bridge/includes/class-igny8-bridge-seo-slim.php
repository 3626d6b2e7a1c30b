<?php
/**
 * Slim SEO.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Keeps SEO fields where Slim SEO looks for them: in one meta with a list, of which others' values stay as they are.
 */
final class Igny8_Bridge_Seo_Slim implements Igny8_Bridge_Seo_Adapter {

	/**
	 * The meta.
	 */
	const META_KEY = 'slim_seo';

	/**
	 * Key within the list of each field.
	 */
	const KEYS = array(
		'seo_title'       => 'title',
		'seo_description' => 'description',
		'canonical_url'   => 'canonical',
		'noindex'         => 'noindex',
	);

	/**
	 * {@inheritDoc}
	 *
	 * @return string
	 */
	public function id() {
		return 'slim-seo';
	}

	/**
	 * {@inheritDoc}
	 *
	 * @return bool
	 */
	public function is_active() {
		return defined( 'SLIM_SEO_VER' );
	}

	/**
	 * {@inheritDoc}
	 *
	 * It has no place for keywords.
	 *
	 * @param array<string,mixed> $fields Fields that were sent.
	 * @return array<string,mixed>
	 */
	public function values( array $fields ) {
		if ( isset( $fields['robots'] ) && in_array( 'noindex', $fields['robots'], true ) ) {
			$fields['noindex'] = 1;
		}
		$values = array();
		foreach ( self::KEYS as $field => $key ) {
			if ( isset( $fields[ $field ] ) ) {
				$values[ $key ] = $fields[ $field ];
			}
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
		return array_intersect_key( $this->all( $post_id ), array_flip( self::KEYS ) );
	}

	/**
	 * {@inheritDoc}
	 *
	 * @param int                 $post_id Post, 0 for one to come.
	 * @param array<string,mixed> $values  Values to write, by key.
	 * @param string[]            $gone    Keys to take away.
	 * @return array<string,mixed>
	 */
	public function meta( $post_id, array $values, array $gone ) {
		$all = 0 === $post_id ? array() : $this->all( $post_id );
		$new = $values + array_diff_key( $all, array_flip( $gone ) );
		return $new === $all ? array() : array( self::META_KEY => $new );
	}

	/**
	 * {@inheritDoc}
	 *
	 * @param int                 $post_id Post.
	 * @param array<string,mixed> $values  Values to write, by key.
	 * @param string[]            $gone    Keys to take away.
	 * @return void
	 */
	public function store( $post_id, array $values, array $gone ) { // phpcs:ignore Generic.CodeAnalysis.UnusedFunctionParameter -- the interface's.
		if ( $gone && ! $this->all( $post_id ) ) {
			delete_post_meta( $post_id, self::META_KEY );
		}
	}

	/**
	 * The whole list.
	 *
	 * @param int $post_id Post.
	 * @return array<string,mixed>
	 */
	private function all( $post_id ) {
		$all = get_post_meta( $post_id, self::META_KEY, true );
		return is_array( $all ) ? $all : array();
	}
}

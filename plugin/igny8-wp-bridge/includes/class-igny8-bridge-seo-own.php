<?php
/**
 * The plugin's own place for SEO fields.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Keeps SEO fields in meta of this plugin, whichever SEO plugins come and go.
 */
final class Igny8_Bridge_Seo_Own implements Igny8_Bridge_Seo_Adapter {

	/**
	 * Meta key of each field; the underscore keeps them out of the custom fields box.
	 */
	const META_KEYS = array(
		'seo_title'          => '_igny8_seo_title',
		'seo_description'    => '_igny8_seo_description',
		'primary_keyword'    => '_igny8_seo_primary_keyword',
		'secondary_keywords' => '_igny8_seo_secondary_keywords',
	);

	/**
	 * {@inheritDoc}
	 *
	 * @return string
	 */
	public function id() {
		return 'igny8';
	}

	/**
	 * {@inheritDoc}
	 *
	 * @param array<string,mixed> $fields Fields that were sent.
	 * @return array<string,mixed>
	 */
	public function meta( array $fields ) {
		$meta = array();
		foreach ( self::META_KEYS as $field => $key ) {
			if ( isset( $fields[ $field ] ) ) {
				$meta[ $key ] = $fields[ $field ];
			}
		}
		return $meta;
	}

	/**
	 * {@inheritDoc}
	 *
	 * @param int $post_id Post.
	 * @return array<string,mixed>
	 */
	public function read( $post_id ) {
		$values = array();
		foreach ( self::META_KEYS as $key ) {
			if ( metadata_exists( 'post', $post_id, $key ) ) {
				$values[ $key ] = get_post_meta( $post_id, $key, true );
			}
		}
		return $values;
	}
}

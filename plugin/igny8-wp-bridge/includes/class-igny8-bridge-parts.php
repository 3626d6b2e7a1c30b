<?php
/**
 * Parts of a post beside its text and terms.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Template, date and images: where they are kept, and how they are read back for the content hash.
 */
final class Igny8_Bridge_Parts {

	/**
	 * Meta with the ids of the gallery's images; themes may show them.
	 */
	const GALLERY_META = '_igny8_gallery';

	/**
	 * Fields that are parts.
	 */
	const ALL = array( 'template', 'featured_image_id', 'gallery', 'date_gmt' );

	/**
	 * Meta that holds a part.
	 */
	const META = array(
		'template'          => '_wp_page_template',
		'featured_image_id' => '_thumbnail_id',
		'gallery'           => self::GALLERY_META,
	);

	/**
	 * The managed parts and custom fields of a post.
	 *
	 * The date is among them, because it tells a post that was published when its time had come, which is no change, from one
	 * that a person published early.
	 *
	 * @param WP_Post              $post    Post.
	 * @param Igny8_Bridge_Managed $managed What is managed.
	 * @return array<string,mixed> Empty when nothing is managed.
	 */
	public static function read( WP_Post $post, Igny8_Bridge_Managed $managed ) {
		$values = array();
		foreach ( array_intersect_key( self::META, array_flip( $managed->parts ) ) as $part => $key ) {
			$values[ $part ] = get_post_meta( $post->ID, $key, true );
		}
		if ( in_array( 'date_gmt', $managed->parts, true ) ) {
			$values['date_gmt'] = $post->post_date_gmt;
		}
		foreach ( $managed->meta as $key ) {
			$values['custom'][ $key ] = get_post_meta( $post->ID, $key, true );
		}
		return $values;
	}

	/**
	 * Takes away what is no longer sent.
	 *
	 * @param int                  $post_id Post.
	 * @param Igny8_Bridge_Managed $before  What was managed.
	 * @param Igny8_Bridge_Managed $after   What is.
	 * @return void
	 */
	public static function clear( $post_id, Igny8_Bridge_Managed $before, Igny8_Bridge_Managed $after ) {
		$keys = array_values( array_intersect_key( self::META, array_flip( array_diff( $before->parts, $after->parts ) ) ) );
		foreach ( array_merge( $keys, array_diff( $before->meta, $after->meta ) ) as $key ) {
			delete_post_meta( $post_id, $key );
		}
	}
}

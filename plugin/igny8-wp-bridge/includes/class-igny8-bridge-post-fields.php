<?php
/**
 * Fields of a post.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * The schema of what can be said about a post.
 */
final class Igny8_Bridge_Post_Fields {

	/**
	 * Form of a time: RFC 3339 in UTC, to the second.
	 */
	const TIME = '^[12][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$';

	/**
	 * Most taxonomies, custom fields or images of a gallery.
	 */
	const MOST = 100;

	/**
	 * All fields, required ones marked.
	 *
	 * @return array<string,array<string,mixed>>
	 */
	public static function schema() {
		return self::identity() + self::text() + self::placement() + self::terms() + self::extras() + self::seo();
	}

	/**
	 * Who makes the post, and of what.
	 *
	 * @return array<string,array<string,mixed>>
	 */
	private static function identity() {
		return array(
			'content_key'   => self::required( Igny8_Bridge_Types::text( 128, 1 ) ),
			'content_id'    => Igny8_Bridge_Types::integer( 1 ),
			'owner'         => Igny8_Bridge_Types::text( 128 ),
			'claim'         => Igny8_Bridge_Types::text( 128 ),
			'source_digest' => Igny8_Bridge_Types::text( 128 ),
		);
	}

	/**
	 * What the post says.
	 *
	 * @return array<string,array<string,mixed>>
	 */
	private static function text() {
		return array(
			'title'        => self::required( Igny8_Bridge_Types::text( 500, 1 ) ),
			'content_html' => self::required( Igny8_Bridge_Types::text() ),
			'excerpt'      => Igny8_Bridge_Types::text(),
		);
	}

	/**
	 * What kind of post it is, whose, where and from when.
	 *
	 * @return array<string,array<string,mixed>>
	 */
	private static function placement() {
		return array(
			'status'         => self::required( Igny8_Bridge_Types::choice( array( 'publish', 'draft', 'pending', 'private', 'future' ) ) ),
			'slug'           => Igny8_Bridge_Types::text( 200 ),
			'post_type'      => Igny8_Bridge_Types::text(),
			'author'         => Igny8_Bridge_Types::text(),
			'comment_status' => Igny8_Bridge_Types::choice( array( 'open', 'closed' ) ),
			'template'       => Igny8_Bridge_Types::text(),
			'parent'         => Igny8_Bridge_Types::integer( 0 ),
			'date_gmt'       => Igny8_Bridge_Types::text() + array( 'pattern' => self::TIME ),
		);
	}

	/**
	 * Its terms.
	 *
	 * @return array<string,array<string,mixed>>
	 */
	private static function terms() {
		$item = array(
			'type'                 => 'object',
			'additionalProperties' => false,
			'properties'           => array(
				'taxonomy' => self::required( Igny8_Bridge_Types::text( 32, 1 ) ),
				'terms'    => self::required( Igny8_Bridge_Types::texts( self::MOST ) ),
			),
		);
		return array(
			'categories' => Igny8_Bridge_Types::texts( self::MOST ),
			'tags'       => Igny8_Bridge_Types::texts( self::MOST ),
			'taxonomies' => Igny8_Bridge_Types::items( self::MOST, $item ),
		);
	}

	/**
	 * Custom fields and images.
	 *
	 * @return array<string,array<string,mixed>>
	 */
	private static function extras() {
		return array(
			'meta'              => array(
				'type'          => 'object',
				'maxProperties' => self::MOST,
			),
			'featured_image_id' => Igny8_Bridge_Types::integer( 1 ),
			'gallery'           => Igny8_Bridge_Types::items( self::MOST, Igny8_Bridge_Types::integer( 1 ) ),
		);
	}

	/**
	 * What search engines are told.
	 *
	 * @return array<string,array<string,mixed>>
	 */
	private static function seo() {
		return array(
			'seo_title'          => Igny8_Bridge_Types::text(),
			'seo_description'    => Igny8_Bridge_Types::text(),
			'primary_keyword'    => Igny8_Bridge_Types::text(),
			'secondary_keywords' => Igny8_Bridge_Types::texts( 50 ),
			'canonical_url'      => Igny8_Bridge_Types::text( 2048 ),
			'robots'             => Igny8_Bridge_Types::items( 2, Igny8_Bridge_Types::choice( array( 'noindex', 'nofollow' ) ) ),
		);
	}

	/**
	 * Marks a field as required.
	 *
	 * @param array<string,mixed> $schema Schema of the field.
	 * @return array<string,mixed>
	 */
	private static function required( array $schema ) {
		return $schema + array( 'required' => true );
	}
}

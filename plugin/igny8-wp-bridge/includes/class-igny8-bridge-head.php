<?php
/**
 * SEO fields in the head of pages.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Shows the SEO fields of a post to search engines where no SEO plugin does.
 */
final class Igny8_Bridge_Head {

	/**
	 * Prepares the head of the page that is about to be shown.
	 *
	 * @return void
	 */
	public static function prepare() {
		$post_id = is_singular() ? get_queried_object_id() : 0;
		$values  = 0 === $post_id || Igny8_Bridge_Seo::detected_plugins() ? array() : ( new Igny8_Bridge_Seo_Own() )->read( $post_id );
		if ( ! $values ) {
			return;
		}
		self::title( $values );
		self::description( $values );
		self::canonical( $values );
		self::robots( $values );
	}

	/**
	 * The title: it is what was asked for, without the name of the site.
	 *
	 * @param array<string,mixed> $values Values by meta key.
	 * @return void
	 */
	private static function title( array $values ) {
		$title = self::text( $values, 'seo_title' );
		if ( '' !== $title ) {
			add_filter(
				'pre_get_document_title',
				static function () use ( $title ) {
					return esc_html( $title );
				},
				20
			);
		}
	}

	/**
	 * The description.
	 *
	 * @param array<string,mixed> $values Values by meta key.
	 * @return void
	 */
	private static function description( array $values ) {
		$description = self::text( $values, 'seo_description' );
		if ( '' !== $description ) {
			add_action(
				'wp_head',
				static function () use ( $description ) {
					echo '<meta name="description" content="' . esc_attr( $description ) . '" />' . "\n";
				},
				1
			);
		}
	}

	/**
	 * The canonical address, in place of WordPress's own.
	 *
	 * @param array<string,mixed> $values Values by meta key.
	 * @return void
	 */
	private static function canonical( array $values ) {
		$url = self::text( $values, 'canonical_url' );
		if ( '' !== $url ) {
			add_filter(
				'get_canonical_url',
				static function () use ( $url ) {
					return $url;
				},
				20
			);
		}
	}

	/**
	 * The directives to robots.
	 *
	 * @param array<string,mixed> $values Values by meta key.
	 * @return void
	 */
	private static function robots( array $values ) {
		$key        = Igny8_Bridge_Seo_Own::META_KEYS['robots'];
		$directives = isset( $values[ $key ] ) ? array_intersect( (array) $values[ $key ], array( 'noindex', 'nofollow' ) ) : array();
		if ( $directives ) {
			add_filter(
				'wp_robots',
				static function ( $robots ) use ( $directives ) {
					return array_fill_keys( $directives, true ) + $robots;
				}
			);
		}
	}

	/**
	 * A value as text.
	 *
	 * @param array<string,mixed> $values Values by meta key.
	 * @param string              $field  Field.
	 * @return string
	 */
	private static function text( array $values, $field ) {
		$key = Igny8_Bridge_Seo_Own::META_KEYS[ $field ];
		return isset( $values[ $key ] ) && is_string( $values[ $key ] ) ? trim( $values[ $key ] ) : '';
	}
}

<?php
/**
 * SEO fields of posts.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Hands SEO fields to the adapters and tells which SEO plugins the site runs.
 */
final class Igny8_Bridge_Seo {

	/**
	 * A constant that each known SEO plugin defines when it is active.
	 */
	const PLUGINS = array(
		'yoast'             => 'WPSEO_VERSION',
		'rank-math'         => 'RANK_MATH_VERSION',
		'aioseo'            => 'AIOSEO_VERSION',
		'seopress'          => 'SEOPRESS_VERSION',
		'the-seo-framework' => 'THE_SEO_FRAMEWORK_VERSION',
		'slim-seo'          => 'SLIM_SEO_VER',
	);

	/**
	 * Names of the SEO plugins that are active.
	 *
	 * @return string[]
	 */
	public static function detected_plugins() {
		return array_keys( array_filter( self::PLUGINS, 'defined' ) );
	}

	/**
	 * The fields of a payload as post meta of all adapters.
	 *
	 * @param array<string,mixed> $fields Fields of the payload.
	 * @return array<string,mixed>
	 */
	public static function meta( array $fields ) {
		$meta = array();
		foreach ( self::adapters() as $adapter ) {
			$meta += $adapter->meta( $fields );
		}
		return $meta;
	}

	/**
	 * The SEO values a post has, by adapter; adapters without any are left out.
	 *
	 * @param int $post_id Post.
	 * @return array<string,array<string,mixed>>
	 */
	public static function read( $post_id ) {
		$values = array();
		foreach ( self::adapters() as $adapter ) {
			$values[ $adapter->id() ] = $adapter->read( $post_id );
		}
		return array_filter( $values );
	}

	/**
	 * The adapters in use.
	 *
	 * @return Igny8_Bridge_Seo_Adapter[]
	 */
	private static function adapters() {
		return array( new Igny8_Bridge_Seo_Own() );
	}
}

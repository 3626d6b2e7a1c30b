<?php
/**
 * SEO fields of posts.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Knows the adapters and tells which SEO plugins the site runs.
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
	 * The adapters: the own one first, whose values are there whichever plugins come and go.
	 *
	 * @return array<string,Igny8_Bridge_Seo_Adapter> By id.
	 */
	public static function adapters() {
		static $adapters;
		if ( null === $adapters ) {
			$adapters = array();
			foreach ( array( 'Own', 'Yoast', 'Rank_Math', 'Aioseo', 'Seopress', 'Framework', 'Slim' ) as $name ) {
				$class                      = 'Igny8_Bridge_Seo_' . $name;
				$adapter                    = new $class();
				$adapters[ $adapter->id() ] = $adapter;
			}
		}
		return $adapters;
	}

	/**
	 * The SEO values of a post that are managed, by adapter; adapters without any are left out.
	 *
	 * @param int                  $post_id Post.
	 * @param Igny8_Bridge_Managed $managed What is managed.
	 * @return array<string,array<string,mixed>>
	 */
	public static function read( $post_id, Igny8_Bridge_Managed $managed ) {
		$adapters = self::adapters();
		if ( null === $managed->seo ) {
			return array_filter( array( 'igny8' => $adapters['igny8']->read( $post_id ) ) );
		}
		$values = array();
		foreach ( array_intersect_key( $managed->seo, $adapters ) as $id => $keys ) {
			$values[ $id ] = array_intersect_key( $adapters[ $id ]->read( $post_id ), $keys );
		}
		return array_filter( $values );
	}
}

<?php
/**
 * Names of terms.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * How names of terms are read, compared and stored.
 */
final class Igny8_Bridge_Term_Names {

	/**
	 * Longest name: the width of WordPress's column.
	 */
	const MAX_NAME = 200;

	/**
	 * Says whether a text can name a term, or a path of them.
	 *
	 * @param string $name     Name or path.
	 * @param string $taxonomy Taxonomy.
	 * @return bool
	 */
	public static function is_name( $name, $taxonomy ) {
		foreach ( self::segments( $name, is_taxonomy_hierarchical( $taxonomy ) ) as $segment ) {
			$stored = self::stored( $segment, $taxonomy );
			if ( '' === trim( $stored ) || mb_strlen( $stored ) > self::MAX_NAME ) {
				return false;
			}
		}
		return true;
	}

	/**
	 * The names a path is made of.
	 *
	 * @param string $name         Name or path.
	 * @param bool   $hierarchical Whether the taxonomy has paths.
	 * @return string[]
	 */
	public static function segments( $name, $hierarchical ) {
		return $hierarchical ? array_map( 'trim', explode( '/', $name ) ) : array( $name );
	}

	/**
	 * A name in the form in which names are compared.
	 *
	 * @param string $name     Name as it was sent.
	 * @param string $taxonomy Taxonomy.
	 * @return string
	 */
	public static function fold( $name, $taxonomy ) {
		return self::lower( self::stored( $name, $taxonomy ) );
	}

	/**
	 * A name as WordPress will store it: without tags, with `&` as an entity.
	 *
	 * @param string $name     Name as it was sent.
	 * @param string $taxonomy Taxonomy.
	 * @return string
	 */
	public static function stored( $name, $taxonomy ) {
		return wp_unslash( sanitize_term_field( 'name', wp_slash( $name ), 0, $taxonomy, 'db' ) );
	}

	/**
	 * A text in lower case; the polyfills of WordPress do not cover mb_strtolower().
	 *
	 * @param string $text Text.
	 * @return string
	 */
	public static function lower( $text ) {
		return function_exists( 'mb_strtolower' ) ? mb_strtolower( $text, 'UTF-8' ) : strtolower( $text );
	}
}

<?php
/**
 * Custom fields.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Says which custom fields may be written, and with what.
 *
 * The list of allowed keys is WordPress's own: keys that are not protected (no leading underscore), and protected ones that a
 * plugin or theme registered with an `auth_callback` that lets the user of the API key write them.
 */
final class Igny8_Bridge_Custom_Fields {

	/**
	 * Longest key: the width of WordPress's column.
	 */
	const MAX_KEY = 255;

	/**
	 * What is wrong with custom fields, empty when nothing is.
	 *
	 * @param array<string,mixed> $meta      Values by key.
	 * @param string              $post_type Post type.
	 * @param int                 $post_id   Post, 0 for one to come.
	 * @return string
	 */
	public static function fault( array $meta, $post_type, $post_id ) {
		$protected = array();
		foreach ( $meta as $key => $value ) {
			$key = (string) $key;
			if ( '' === trim( $key ) || strlen( $key ) > self::MAX_KEY ) {
				return 'meta has an empty or too long key.';
			}
			if ( ! self::is_value( $value ) ) {
				return sprintf( 'meta has a value that is no text, number, truth value or list of texts: %s.', $key );
			}
			if ( ! self::is_allowed( $key, $post_type, $post_id ) ) {
				$protected[] = $key;
			}
		}
		return $protected ? sprintf( 'meta has keys that this site protects: %s.', implode( ', ', $protected ) ) : '';
	}

	/**
	 * Says whether a value can be stored.
	 *
	 * @param mixed $value Value out of JSON.
	 * @return bool
	 */
	private static function is_value( $value ) {
		if ( ! is_array( $value ) ) {
			return is_scalar( $value );
		}
		return array_values( $value ) === $value && array_filter( $value, 'is_string' ) === $value;
	}

	/**
	 * Says whether the current user may write a key, as map_meta_cap() does; that asks for a post, which may not be there yet.
	 *
	 * @param string $key       Key.
	 * @param string $post_type Post type.
	 * @param int    $post_id   Post, 0 for one to come.
	 * @return bool
	 */
	private static function is_allowed( $key, $post_type, $post_id ) {
		if ( 0 === strpos( $key, '_igny8_' ) || ( 0 === strpos( $key, '_wp_' ) ) ) {
			return false; // Ours, and what WordPress itself keeps about a post.
		}
		$allowed = ! is_protected_meta( $key, 'post' );
		foreach ( array( "auth_post_meta_{$key}_for_{$post_type}", "auth_post_meta_{$key}" ) as $filter ) {
			if ( has_filter( $filter ) ) {
				$cap = 'edit_post_meta';
				return (bool) apply_filters( $filter, $allowed, $key, $post_id, get_current_user_id(), $cap, array( $cap ) ); // phpcs:ignore WordPress.NamingConventions -- core's filter.
			}
		}
		return $allowed;
	}
}

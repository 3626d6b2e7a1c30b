<?php
/**
 * Rotation of the API key.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Changes the site's keys as requests ask for it, or as they use them.
 */
final class Igny8_Bridge_Rotation {

	/**
	 * Has the current key offer another one, or itself, to retire what is older.
	 *
	 * @param string $sent Key of the request.
	 * @param string $key  Key that is offered, well formed.
	 * @return true|WP_Error Problem when the request's key may not do this.
	 */
	public static function offer( $sent, $key ) {
		return Igny8_Bridge_Credentials::change(
			static function ( array $fields ) use ( $sent, $key ) {
				$part = Igny8_Bridge_Key_Ring::part( $fields, $sent );
				if ( Igny8_Bridge_Key_Ring::CURRENT === $part ) {
					return Igny8_Bridge_Key_Ring::offer( $fields, $key );
				}
				return '' === $part ? Igny8_Bridge_Problem::error( 'key-unknown', 'The API key was replaced at this moment.' )
					: Igny8_Bridge_Problem::error( 'key-retiring', 'A newer API key is in use, and only that one may change keys.' );
			}
		);
	}

	/**
	 * Makes a key the current one if it is the candidate.
	 *
	 * @param string $key Key as it was sent.
	 * @return void
	 */
	public static function promote( $key ) {
		Igny8_Bridge_Credentials::change(
			static function ( array $fields ) use ( $key ) {
				$is_candidate = Igny8_Bridge_Key_Ring::CANDIDATE === Igny8_Bridge_Key_Ring::part( $fields, $key );
				return $is_candidate ? Igny8_Bridge_Key_Ring::promote( $fields ) : $fields;
			}
		);
	}
}

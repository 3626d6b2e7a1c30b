<?php
/**
 * Failure of the database.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * The database did not answer a question about a reservation.
 *
 * An exception, because the alternative to an answer must not be mistaken for "there is none": that would be a second post.
 */
final class Igny8_Bridge_Database_Error extends RuntimeException {

	/**
	 * Makes the error of the last statement.
	 *
	 * @return self
	 */
	public static function last() {
		global $wpdb;
		return new self( '' === (string) $wpdb->last_error ? 'The reservation of the content key could not be written.' : $wpdb->last_error );
	}

	/**
	 * Throws when the last statement failed.
	 *
	 * @return void
	 * @throws self With the database's own words.
	 */
	public static function check() {
		global $wpdb;
		if ( '' !== (string) $wpdb->last_error ) {
			throw self::last();
		}
	}
}

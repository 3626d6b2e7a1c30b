<?php
/**
 * Options past WordPress's caches.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Reads and changes the row of an option in the database, so that of requests that change it at once none undoes what
 * another did.
 *
 * Update_option() compares with what its cache has and then overwrites; with an object cache that outlives the request, a
 * reader may even put an old value back into it. What decides about keys can afford neither.
 */
final class Igny8_Bridge_Row {

	/**
	 * The value as it is stored, null when there is none.
	 *
	 * @param string $name Name of the option.
	 * @return string|null
	 * @throws Igny8_Bridge_Database_Error When the database does not answer.
	 */
	public static function read( $name ) {
		global $wpdb;
		if ( method_exists( $wpdb, 'send_reads_to_masters' ) ) {
			$wpdb->send_reads_to_masters(); // A replica of HyperDB or LudicrousDB may be behind.
		}
		// phpcs:ignore WordPress.DB.DirectDatabaseQuery -- see above.
		$value = $wpdb->get_var( $wpdb->prepare( "SELECT option_value FROM $wpdb->options WHERE option_name = %s", $name ) );
		Igny8_Bridge_Database_Error::check();
		return $value;
	}

	/**
	 * Stores a value if the row still has the one that was read.
	 *
	 * @param string      $name Name of the option.
	 * @param string|null $old  Value that was read, null for none.
	 * @param string      $new  Value to store; another one than $old.
	 * @return bool False when somebody else was faster.
	 * @throws Igny8_Bridge_Database_Error When the database refused.
	 */
	public static function swap( $name, $old, $new ) {
		global $wpdb;
		// phpcs:disable WordPress.DB.DirectDatabaseQuery -- see above; the caches are cleared below.
		if ( null === $old ) {
			$sql     = "INSERT IGNORE INTO $wpdb->options ( option_name, option_value, autoload ) VALUES ( %s, %s, 'no' )";
			$changed = $wpdb->query( $wpdb->prepare( $sql, $name, $new ) );
		} else {
			// As bytes: the column's collation takes a and A for the same.
			$sql     = "UPDATE $wpdb->options SET option_value = %s WHERE option_name = %s AND CAST( option_value AS BINARY ) = %s";
			$changed = $wpdb->query( $wpdb->prepare( $sql, $new, $name, $old ) );
		}
		// phpcs:enable
		if ( false === $changed ) {
			throw Igny8_Bridge_Database_Error::last();
		}
		wp_cache_delete( $name, 'options' );
		wp_cache_delete( 'notoptions', 'options' );
		return $changed > 0;
	}
}

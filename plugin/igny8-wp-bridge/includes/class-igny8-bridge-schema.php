<?php
/**
 * The plugin's database table.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Creates and upgrades the reservation table of the current site.
 */
final class Igny8_Bridge_Schema {

	/**
	 * Version of the table's layout; raised with each change of it.
	 */
	const VERSION = '1';

	/**
	 * Option that holds the layout version the site's table has.
	 */
	const OPTION = 'igny8_bridge_schema';

	/**
	 * Name of the table of the current site.
	 *
	 * @return string
	 */
	public static function table() {
		global $wpdb;
		return $wpdb->prefix . 'igny8_reservations';
	}

	/**
	 * Creates or upgrades the table unless it is known to be current.
	 *
	 * @return void
	 */
	public static function ensure() {
		if ( self::VERSION !== get_option( self::OPTION ) ) {
			self::install();
		}
	}

	/**
	 * Creates or upgrades the table, whatever the option says: a restored database may have the option and no table.
	 *
	 * @return void
	 */
	public static function install() {
		require_once ABSPATH . 'wp-admin/includes/upgrade.php';
		dbDelta( self::definition() );
		update_option( self::OPTION, self::VERSION, false );
	}

	/**
	 * Removes the table of the current site.
	 *
	 * @return void
	 */
	public static function drop() {
		global $wpdb;
		// phpcs:ignore WordPress.DB.DirectDatabaseQuery, WordPress.DB.PreparedSQL.InterpolatedNotPrepared -- the plugin's own table; its name is made of the prefix and a constant.
		$wpdb->query( 'DROP TABLE IF EXISTS ' . self::table() );
	}

	/**
	 * Adds the table to those WordPress drops when a site of a network is deleted.
	 *
	 * @param string[] $tables Names of the tables to drop.
	 * @return string[]
	 */
	public static function drop_with_site( $tables ) {
		$tables[] = self::table();
		return $tables;
	}

	/**
	 * The table's definition in the form dbDelta reads.
	 *
	 * The primary key is a digest because a content key must be compared byte by byte, while the site's
	 * collation ignores case, accents and trailing spaces.
	 *
	 * @return string
	 */
	private static function definition() {
		global $wpdb;
		$table   = self::table();
		$collate = $wpdb->get_charset_collate();

		return "CREATE TABLE $table (
			key_hash char(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
			content_key varchar(128) NOT NULL,
			content_id bigint(20) unsigned DEFAULT NULL,
			post_id bigint(20) unsigned DEFAULT NULL,
			state varchar(20) NOT NULL DEFAULT 'reserved',
			owner varchar(128) NOT NULL DEFAULT '',
			claim varchar(128) NOT NULL DEFAULT '',
			source_digest varchar(128) NOT NULL DEFAULT '',
			content_hash varchar(128) NOT NULL DEFAULT '',
			first_id bigint(20) unsigned NOT NULL DEFAULT 0,
			created_gmt datetime NOT NULL,
			updated_gmt datetime NOT NULL,
			PRIMARY KEY  (key_hash),
			KEY post_id (post_id)
		) $collate;";
	}
}

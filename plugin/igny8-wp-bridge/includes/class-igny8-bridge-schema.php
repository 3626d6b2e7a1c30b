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
	const VERSION = '3';

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
		if ( self::exists() ) {
			require_once ABSPATH . 'wp-admin/includes/upgrade.php';
			dbDelta( self::definition( self::table() ) );
		} else {
			self::create();
		}
		update_option( self::OPTION, self::VERSION, false );
	}

	/**
	 * Creates the table if its absence is why a statement failed.
	 *
	 * @param Igny8_Bridge_Database_Error $failed Error of the statement.
	 * @return void
	 * @throws Igny8_Bridge_Database_Error The same when it failed for another reason.
	 */
	public static function recover( Igny8_Bridge_Database_Error $failed ) {
		if ( self::exists() ) {
			throw $failed;
		}
		self::install();
	}

	/**
	 * Says whether the site has the table.
	 *
	 * @return bool
	 * @throws Igny8_Bridge_Database_Error When the database does not answer.
	 */
	public static function exists() {
		global $wpdb;
		// phpcs:ignore WordPress.DB.DirectDatabaseQuery -- must be the truth of this moment.
		$found = $wpdb->get_var( $wpdb->prepare( 'SHOW TABLES LIKE %s', $wpdb->esc_like( self::table() ) ) );
		Igny8_Bridge_Database_Error::check();
		return null !== $found;
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
	 * Creates the table with what the posts say, in one step: a table that is there and not yet filled would say that every
	 * key is free. Of several requests that do this at once, one renames its table.
	 *
	 * @return void
	 */
	private static function create() {
		global $wpdb;
		$table      = self::table();
		$new        = $table . '_' . bin2hex( random_bytes( 4 ) );
		$suppressed = $wpdb->suppress_errors();
		// phpcs:disable WordPress.DB -- the plugin's own tables; their names are made of the prefix, a constant and random digits.
		if ( false !== $wpdb->query( self::definition( $new ) ) ) {
			if ( false === self::fill( $new ) || false === $wpdb->query( "RENAME TABLE $new TO $table" ) ) {
				$wpdb->query( "DROP TABLE $new" );
			}
		}
		// phpcs:enable
		$wpdb->suppress_errors( $suppressed );
	}

	/**
	 * Fills a table with the posts that carry this site's guid: it may be missing because the plugin was deleted and installed
	 * again, or only part of a database was restored.
	 *
	 * @param string $table Name of the table.
	 * @return int|false Number of rows, false when the database refused.
	 */
	private static function fill( $table ) {
		global $wpdb;
		// phpcs:disable WordPress.DB -- see create().
		return $wpdb->query(
			$wpdb->prepare(
				"INSERT IGNORE INTO $table ( key_hash, content_key, post_id, state, first_id, created_gmt, updated_gmt )
				SELECT SUBSTRING_INDEX( p.guid, ':', -1 ), COALESCE( m.meta_value, '' ), p.ID, IF( m.meta_id IS NULL, %s, %s ),
					p.ID - 1, UTC_TIMESTAMP(), UTC_TIMESTAMP()
				FROM $wpdb->posts p LEFT JOIN $wpdb->postmeta m ON m.post_id = p.ID AND m.meta_key = %s
				WHERE p.guid LIKE %s ORDER BY p.ID",
				Igny8_Bridge_Reservation::RESERVED,
				Igny8_Bridge_Reservation::DONE,
				Igny8_Bridge_Publisher::KEY_META,
				$wpdb->esc_like( Igny8_Bridge_Guid::prefix() ) . '%'
			)
		);
		// phpcs:enable
	}

	/**
	 * The table's definition in the form dbDelta reads.
	 *
	 * The primary key is a digest because a content key must be compared byte by byte, while the site's collation ignores
	 * case, accents and trailing spaces. What the operator sends is kept as bytes: not every site's character set has all
	 * characters, and 128 of them take at most 512 bytes.
	 *
	 * @param string $table Name of the table.
	 * @return string
	 */
	private static function definition( $table ) {
		global $wpdb;
		$collate = $wpdb->get_charset_collate();

		return "CREATE TABLE $table (
			key_hash char(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
			content_key varbinary(512) NOT NULL,
			content_id bigint(20) unsigned DEFAULT NULL,
			post_id bigint(20) unsigned DEFAULT NULL,
			state varchar(20) NOT NULL DEFAULT 'reserved',
			attempt varbinary(32) NOT NULL DEFAULT '',
			owner varbinary(512) NOT NULL DEFAULT '',
			claim varbinary(512) NOT NULL DEFAULT '',
			source_digest varbinary(512) NOT NULL DEFAULT '',
			content_hash varchar(128) NOT NULL DEFAULT '',
			managed mediumblob,
			intent varbinary(1024) NOT NULL DEFAULT '',
			first_id bigint(20) unsigned NOT NULL DEFAULT 0,
			created_gmt datetime NOT NULL,
			updated_gmt datetime NOT NULL,
			PRIMARY KEY  (key_hash),
			KEY post_id (post_id)
		) $collate;";
	}
}

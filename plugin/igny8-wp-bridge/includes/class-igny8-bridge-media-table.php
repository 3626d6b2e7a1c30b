<?php
/**
 * The table of images.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * The table that says which attachment the bytes of an image have become.
 *
 * Like the reservation of a content key: the digest is reserved before the file is moved to its place. The INSERT of the
 * attachment carries a mark with the digest, so that a reservation whose holder died is resolved to the attachment it made.
 * The mark is in `post_content_filtered`, which attachments have no other use for; their guid has to stay an address.
 */
final class Igny8_Bridge_Media_Table {

	/**
	 * Version of the table's layout.
	 */
	const VERSION = '1';

	/**
	 * Option that holds the layout version the site's table has.
	 */
	const OPTION = 'igny8_bridge_media_schema';

	/**
	 * Prefix of the mark of an attachment made here; the digest follows.
	 */
	const MARK = 'urn:igny8-media:';

	/**
	 * Name of the table of the current site.
	 *
	 * @return string
	 */
	public static function table() {
		global $wpdb;
		return $wpdb->prefix . 'igny8_media';
	}

	/**
	 * Creates the table unless it is known to be there.
	 *
	 * @return void
	 */
	public static function ensure() {
		if ( self::VERSION !== get_option( self::OPTION ) ) {
			self::install();
		}
	}

	/**
	 * Creates the table with what the attachments say.
	 *
	 * @return void
	 */
	public static function install() {
		global $wpdb;
		$table   = self::table();
		$collate = $wpdb->get_charset_collate();
		// phpcs:disable WordPress.DB -- the plugin's own table; its name is made of the prefix and a constant. Not dbDelta():
		// two first requests at the same time would both find no table, and one of them would fail to make it.
		$wpdb->query(
			"CREATE TABLE IF NOT EXISTS $table (
				sha256 char(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
				attachment_id bigint(20) unsigned DEFAULT NULL,
				file varchar(255) NOT NULL DEFAULT '',
				tries tinyint(3) unsigned NOT NULL DEFAULT 0,
				first_id bigint(20) unsigned NOT NULL DEFAULT 0,
				created_gmt datetime NOT NULL,
				PRIMARY KEY (sha256)
			) $collate"
		);
		$wpdb->query(
			$wpdb->prepare(
				"INSERT IGNORE INTO $table ( sha256, attachment_id, first_id, created_gmt )
				SELECT SUBSTRING_INDEX( post_content_filtered, ':', -1 ), ID, ID - 1, UTC_TIMESTAMP() FROM $wpdb->posts
				WHERE post_type = 'attachment' AND post_content_filtered LIKE %s ORDER BY ID",
				$wpdb->esc_like( self::MARK ) . '%'
			)
		);
		// phpcs:enable
		update_option( self::OPTION, self::VERSION, false );
	}

	/**
	 * Removes the table.
	 *
	 * @return void
	 */
	public static function drop() {
		global $wpdb;
		// phpcs:ignore WordPress.DB -- see install().
		$wpdb->query( 'DROP TABLE IF EXISTS ' . self::table() );
		delete_option( self::OPTION );
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
	 * Finds the reservation of a digest; makes one when there is none.
	 *
	 * @param string $sha256 Digest.
	 * @return object
	 * @throws Igny8_Bridge_Database_Error When the database does not answer.
	 */
	public static function reserve( $sha256 ) {
		global $wpdb;
		$table = self::table();
		// phpcs:disable WordPress.DB -- see install(); the answer must be of this moment.
		$insert     = $wpdb->prepare(
			"INSERT IGNORE INTO $table ( sha256, first_id, created_gmt ) SELECT %s, COALESCE( MAX( ID ), 0 ), UTC_TIMESTAMP() FROM $wpdb->posts",
			$sha256
		);
		$select     = $wpdb->prepare( "SELECT * FROM $table WHERE sha256 = %s", $sha256 );
		$suppressed = $wpdb->suppress_errors();
		$row        = $wpdb->get_row( $select );
		if ( '' !== $wpdb->last_error ) {
			self::install(); // A restored database may have the option and no table.
			$row = $wpdb->get_row( $select );
		}
		if ( ! $row && '' === $wpdb->last_error ) {
			$wpdb->query( $insert );
			$row = $wpdb->get_row( $select );
		}
		$wpdb->suppress_errors( $suppressed );
		// phpcs:enable
		Igny8_Bridge_Database_Error::check();
		if ( ! $row ) {
			throw new Igny8_Bridge_Database_Error( 'The image could not be reserved.' );
		}
		return $row;
	}

	/**
	 * The attachment of a reservation, 0 when there is none (any more).
	 *
	 * @param object $row Row of the table.
	 * @return int
	 * @throws Igny8_Bridge_Database_Error When the database does not answer.
	 */
	public static function locate( $row ) {
		global $wpdb;
		$condition = null === $row->attachment_id ? 'ID > %d' : 'ID = %d';
		$id        = null === $row->attachment_id ? $row->first_id : $row->attachment_id;
		// phpcs:disable WordPress.DB -- a stale cache would be a second attachment; $condition is one of two constants.
		$found = $wpdb->get_var(
			$wpdb->prepare(
				"SELECT ID FROM $wpdb->posts WHERE $condition AND post_type = 'attachment' AND post_content_filtered = %s ORDER BY ID LIMIT 1",
				$id,
				self::MARK . $row->sha256
			)
		);
		// phpcs:enable
		Igny8_Bridge_Database_Error::check();
		return (int) $found;
	}

	/**
	 * Says whether an attachment may have a file. That of one that WordPress scaled or rotated, or somebody edited, is another,
	 * but its name begins the same; better to keep a file that nobody has than to lose such an original.
	 *
	 * @param string $file Path below the folder of uploads.
	 * @return bool
	 * @throws Igny8_Bridge_Database_Error When the database does not answer.
	 */
	public static function is_attached( $file ) {
		global $wpdb;
		$stem = substr( $file, 0, -strlen( pathinfo( $file, PATHINFO_EXTENSION ) ) - 1 );
		// phpcs:disable WordPress.DB -- as in locate().
		$found = $wpdb->get_var(
			$wpdb->prepare(
				"SELECT post_id FROM $wpdb->postmeta WHERE meta_key = '_wp_attached_file' AND meta_value LIKE %s LIMIT 1",
				$wpdb->esc_like( $stem ) . '%'
			)
		);
		// phpcs:enable
		Igny8_Bridge_Database_Error::check();
		return null !== $found;
	}

	/**
	 * Changes a reservation.
	 *
	 * @param object              $row     Row of the table.
	 * @param array<string,mixed> $changes New values by column.
	 * @return void
	 * @throws Igny8_Bridge_Database_Error When the database refused.
	 */
	public static function update( $row, array $changes ) {
		global $wpdb;
		// phpcs:ignore WordPress.DB.DirectDatabaseQuery -- the plugin's own table.
		if ( false === $wpdb->update( self::table(), $changes, array( 'sha256' => $row->sha256 ) ) ) {
			throw Igny8_Bridge_Database_Error::last();
		}
		foreach ( $changes as $column => $value ) {
			$row->$column = $value;
		}
	}
}

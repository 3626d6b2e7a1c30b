<?php
/**
 * Reservations of content keys.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * The table that says which post a content key has.
 *
 * A key is reserved before its post is inserted, and the reservation is done once the post is complete. A reservation that
 * is not done and whose lock is free belongs to a request that died; the guid tells whether it died before or after its INSERT.
 */
final class Igny8_Bridge_Reservation {

	/**
	 * State of a key whose post is not complete yet.
	 */
	const RESERVED = 'reserved';

	/**
	 * State of a key whose post is complete.
	 */
	const DONE = 'done';

	/**
	 * Prefix of the guid of every post made here.
	 */
	const GUID_PREFIX = 'urn:igny8:';

	/**
	 * Finds the reservation of a content key.
	 *
	 * @param string $content_key Content key.
	 * @return object|null Row of the table.
	 */
	public static function find( $content_key ) {
		return self::row( 'key_hash = %s', self::hash( $content_key ) );
	}

	/**
	 * Finds the reservation whose post is the given one.
	 *
	 * @param int $post_id Post.
	 * @return object|null Row of the table.
	 */
	public static function find_by_post( $post_id ) {
		return self::row( 'post_id = %d', $post_id );
	}

	/**
	 * Reserves a content key for a post to come.
	 *
	 * @param Igny8_Bridge_Payload $payload What the post will be made of.
	 * @return bool False when the database refused.
	 */
	public static function reserve( Igny8_Bridge_Payload $payload ) {
		global $wpdb;
		$now = current_time( 'mysql', true );
		$row = array(
			'key_hash'    => self::hash( $payload->content_key() ),
			'content_key' => $payload->content_key(),
			'state'       => self::RESERVED,
			'first_id'    => self::newest_post_id(),
			'created_gmt' => $now,
			'updated_gmt' => $now,
		);
		// phpcs:ignore WordPress.DB.DirectDatabaseQuery.DirectQuery -- the plugin's own table.
		return false !== $wpdb->insert( Igny8_Bridge_Schema::table(), $row + $payload->origin() );
	}

	/**
	 * Records that the post of a key is complete.
	 *
	 * @param Igny8_Bridge_Payload $payload      What the post was made of.
	 * @param int                  $post_id      The post.
	 * @param string               $content_hash Digest of what the site stored.
	 * @return bool False when the database refused, or the reservation is gone because the post was deleted meanwhile.
	 */
	public static function finish( Igny8_Bridge_Payload $payload, $post_id, $content_hash ) {
		$changes = array(
			'post_id'      => $post_id,
			'state'        => self::DONE,
			'content_hash' => $content_hash,
		);
		return self::update( $payload->content_key(), $changes + $payload->origin() );
	}

	/**
	 * Records that the key of a dead request has a post that must stay as it is.
	 *
	 * @param object $row     Row of the table.
	 * @param int    $post_id The post.
	 * @return bool False when the database refused.
	 */
	public static function settle( $row, $post_id ) {
		return self::update(
			$row->content_key,
			array(
				'post_id' => $post_id,
				'state'   => self::DONE,
			)
		);
	}

	/**
	 * Frees a content key.
	 *
	 * @param string $content_key Content key.
	 * @return void
	 */
	public static function free( $content_key ) {
		global $wpdb;
		// phpcs:ignore WordPress.DB.DirectDatabaseQuery -- the plugin's own table.
		$wpdb->delete( Igny8_Bridge_Schema::table(), array( 'key_hash' => self::hash( $content_key ) ) );
	}

	/**
	 * Frees the key of a post that was deleted for good; `deleted_post` fires for nothing else.
	 *
	 * @param int $post_id Post.
	 * @return void
	 */
	public static function forget_post( $post_id ) {
		global $wpdb;
		if ( Igny8_Bridge_Schema::VERSION !== get_option( Igny8_Bridge_Schema::OPTION ) ) {
			return; // A site of a network that has never published has no table yet.
		}
		// phpcs:ignore WordPress.DB.DirectDatabaseQuery -- the plugin's own table.
		$wpdb->delete( Igny8_Bridge_Schema::table(), array( 'post_id' => (int) $post_id ) );
	}

	/**
	 * The post of a reservation, 0 when there is none (any more).
	 *
	 * Read from the database, past any object cache: a stale entry here would be a second post. The guid is compared too,
	 * because ids move when a database is restored or content is imported.
	 *
	 * @param object $row Row of the table.
	 * @return int
	 */
	public static function locate( $row ) {
		global $wpdb;
		$guid = self::guid( $row->content_key );
		// phpcs:disable WordPress.DB.DirectDatabaseQuery -- see above.
		if ( null !== $row->post_id ) {
			$found = $wpdb->get_var( $wpdb->prepare( "SELECT ID FROM $wpdb->posts WHERE ID = %d AND guid = %s", $row->post_id, $guid ) );
			if ( null !== $found ) {
				return (int) $found;
			}
		}
		// The guid has no index; only ids that did not exist at the reservation are looked at, by primary key.
		return (int) $wpdb->get_var(
			$wpdb->prepare( "SELECT ID FROM $wpdb->posts WHERE ID > %d AND guid = %s ORDER BY ID LIMIT 1", $row->first_id, $guid )
		);
		// phpcs:enable
	}

	/**
	 * The guid of the post of a content key.
	 *
	 * @param string $content_key Content key.
	 * @return string
	 */
	public static function guid( $content_key ) {
		return self::GUID_PREFIX . Igny8_Bridge_Site::uuid() . ':' . self::hash( $content_key );
	}

	/**
	 * How many keys have a post.
	 *
	 * @return int
	 */
	public static function count_done() {
		global $wpdb;
		$table = Igny8_Bridge_Schema::table();
		// phpcs:ignore WordPress.DB.DirectDatabaseQuery, WordPress.DB.PreparedSQL.InterpolatedNotPrepared -- the plugin's own table.
		return (int) $wpdb->get_var( $wpdb->prepare( "SELECT COUNT(*) FROM $table WHERE state = %s", self::DONE ) );
	}

	/**
	 * Digest by which a content key is found.
	 *
	 * @param string $content_key Content key.
	 * @return string
	 */
	private static function hash( $content_key ) {
		return hash( 'sha256', $content_key );
	}

	/**
	 * Reads one row; creates the table when it turns out to be missing.
	 *
	 * @param string     $condition Condition with one placeholder, a constant of this class.
	 * @param string|int $value     Value for it.
	 * @return object|null
	 */
	private static function row( $condition, $value ) {
		global $wpdb;
		$table      = Igny8_Bridge_Schema::table();
		$suppressed = $wpdb->suppress_errors();
		// phpcs:disable WordPress.DB -- the plugin's own table and conditions; a reservation must not come from a cache.
		$sql = $wpdb->prepare( "SELECT * FROM $table WHERE $condition", $value );
		$row = $wpdb->get_row( $sql );
		if ( '' !== $wpdb->last_error ) {
			Igny8_Bridge_Schema::install();
			$row = $wpdb->get_row( $sql );
		}
		// phpcs:enable
		$wpdb->suppress_errors( $suppressed );
		return $row;
	}

	/**
	 * Changes the reservation of a content key.
	 *
	 * @param string              $content_key Content key.
	 * @param array<string,mixed> $changes     New values by column.
	 * @return bool
	 */
	private static function update( $content_key, array $changes ) {
		global $wpdb;
		$changes['updated_gmt'] = current_time( 'mysql', true );
		// phpcs:ignore WordPress.DB.DirectDatabaseQuery -- the plugin's own table.
		return (bool) $wpdb->update( Igny8_Bridge_Schema::table(), $changes, array( 'key_hash' => self::hash( $content_key ) ) );
	}

	/**
	 * The highest id a post has.
	 *
	 * @return int
	 */
	private static function newest_post_id() {
		global $wpdb;
		// phpcs:ignore WordPress.DB.DirectDatabaseQuery -- must be the value of this moment.
		return (int) $wpdb->get_var( "SELECT MAX(ID) FROM $wpdb->posts" );
	}
}

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
 *
 * A reservation belongs to the attempt that wrote it. Where locks exclude nobody, as between the nodes of a database
 * cluster that all take writes, who comes later may take over or free what is alive; the first then finds it changed.
 *
 * Each method throws Igny8_Bridge_Database_Error when the database does not answer.
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
	 * State of a key whose post was removed for the request that has the claim. It is no reservation: another request may have the key.
	 */
	const ENDED = 'ended';

	/**
	 * Finds the reservation of a content key.
	 *
	 * @param string $content_key Content key.
	 * @return object|null Row of the table.
	 */
	public static function find( $content_key ) {
		$row = self::row( 'key_hash = %s', self::hash( $content_key ) );
		if ( $row && '' === $row->content_key ) {
			// Made again from a half-made post, whose guid has only the digest of the key.
			self::update( $row, array( 'content_key' => $content_key ) );
			$row->content_key = $content_key;
		}
		return $row;
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
	 * @return object|null The reservation, null when another request was first.
	 * @throws Igny8_Bridge_Database_Error When the database refused.
	 */
	public static function reserve( Igny8_Bridge_Payload $payload ) {
		global $wpdb;
		$now = current_time( 'mysql', true );
		$row = array(
			'key_hash'    => self::hash( $payload->content_key() ),
			'content_key' => $payload->content_key(),
			'state'       => self::RESERVED,
			'attempt'     => self::new_attempt(),
			'first_id'    => self::newest_post_id(),
			'created_gmt' => $now,
			'updated_gmt' => $now,
		);
		// phpcs:ignore WordPress.DB.DirectDatabaseQuery.DirectQuery -- the plugin's own table.
		if ( false !== $wpdb->insert( Igny8_Bridge_Schema::table(), $row + $payload->origin() ) ) {
			return (object) $row;
		}
		$refused = Igny8_Bridge_Database_Error::last();
		if ( self::find( $payload->content_key() ) ) {
			return null;
		}
		throw $refused;
	}

	/**
	 * Takes over the reservation of a request that died after its INSERT. Whose it is from now on is part of that: if this one dies, too,
	 * the half-made post goes with the request that was last at it.
	 *
	 * @param object               $row     Row of the table.
	 * @param int                  $post_id Its post.
	 * @param Igny8_Bridge_Payload $payload What the post is made of.
	 * @return object|null The reservation, null when another request was first.
	 */
	public static function take_over( $row, $post_id, Igny8_Bridge_Payload $payload ) {
		$attempt = array(
			'post_id'     => $post_id,
			'attempt'     => self::new_attempt(),
			'updated_gmt' => current_time( 'mysql', true ),
		);
		$changes = $attempt + $payload->origin();
		return self::update( $row, $changes ) ? (object) ( $changes + (array) $row ) : null;
	}

	/**
	 * Records that the post of a key is complete.
	 *
	 * @param object               $row          The reservation of this attempt.
	 * @param Igny8_Bridge_Payload $payload      What the post was made of.
	 * @param int                  $post_id      The post.
	 * @param Igny8_Bridge_Managed $managed      What of the post is managed.
	 * @param string               $content_hash Digest of what the site stored.
	 * @return bool False when the reservation is no longer of this attempt, or gone because the post was deleted meanwhile.
	 */
	public static function finish( $row, Igny8_Bridge_Payload $payload, $post_id, Igny8_Bridge_Managed $managed, $content_hash ) {
		$changes = array(
			'post_id'      => $post_id,
			'state'        => self::DONE,
			'managed'      => $managed->encode(),
			'intent'       => '',
			'content_hash' => $content_hash,
			'updated_gmt'  => current_time( 'mysql', true ),
		);
		return self::update( $row, $changes + $payload->origin() );
	}

	/**
	 * Records what an update is about to write.
	 *
	 * @param object $row    Row of the table.
	 * @param string $intent The intent.
	 * @return object The reservation, which is this attempt's from now on.
	 * @throws Igny8_Bridge_Database_Error When the database refused, or another request was first.
	 */
	public static function intend( $row, $intent ) {
		$changes = array(
			'attempt'     => self::new_attempt(),
			'intent'      => $intent,
			'updated_gmt' => current_time( 'mysql', true ),
		);
		if ( ! self::update( $row, $changes ) ) {
			throw new Igny8_Bridge_Database_Error( 'Another request is updating this post.' );
		}
		return (object) ( $changes + (array) $row );
	}

	/**
	 * Records whose post it is, and of which source, where nothing else is to be written.
	 *
	 * @param object              $row    Row of the table.
	 * @param array<string,mixed> $origin New values by column.
	 * @return object The reservation.
	 */
	public static function claim( $row, array $origin ) {
		$changes = array();
		foreach ( $origin as $column => $value ) {
			if ( (string) $row->$column !== (string) $value ) {
				$changes[ $column ] = $value;
			}
		}
		if ( $changes ) {
			self::update( $row, $changes );
		}
		return (object) ( $changes + (array) $row );
	}

	/**
	 * Records that the key of a dead request has a post that must stay as it is.
	 *
	 * @param object $row     Row of the table.
	 * @param int    $post_id The post.
	 * @return bool False when another request was first.
	 */
	public static function settle( $row, $post_id ) {
		$changes = array(
			'post_id'     => $post_id,
			'state'       => self::DONE,
			'updated_gmt' => current_time( 'mysql', true ),
		);
		return self::update( $row, $changes );
	}

	/**
	 * Frees the content key of a reservation, unless it is no longer as it was read.
	 *
	 * @param object $row Row of the table.
	 * @return void
	 */
	public static function free( $row ) {
		global $wpdb;
		// phpcs:ignore WordPress.DB.DirectDatabaseQuery -- the plugin's own table.
		$wpdb->delete( Igny8_Bridge_Schema::table(), self::condition( $row ) );
		Igny8_Bridge_Database_Error::check();
	}

	/**
	 * Notes that the request with a claim makes no post of the key any more: one of its calls may still be on its way.
	 *
	 * @param string $content_key Content key, whose lock is held.
	 * @param string $claim       The claim.
	 * @return void
	 * @throws Igny8_Bridge_Database_Error When the database refused.
	 */
	public static function end( $content_key, $claim ) {
		global $wpdb;
		$row = self::find( $content_key );
		if ( $row && self::ENDED !== $row->state && $claim !== $row->claim ) {
			return; // Another request is at it.
		}
		if ( $row ) {
			self::free( $row );
		}
		$now = current_time( 'mysql', true );
		$row = array(
			'key_hash'    => self::hash( $content_key ),
			'content_key' => $content_key,
			'state'       => self::ENDED,
			'claim'       => $claim,
			'first_id'    => self::newest_post_id(),
			'created_gmt' => $now,
			'updated_gmt' => $now,
		);
		// phpcs:ignore WordPress.DB.DirectDatabaseQuery.DirectQuery -- the plugin's own table.
		if ( false === $wpdb->insert( Igny8_Bridge_Schema::table(), $row ) ) {
			throw Igny8_Bridge_Database_Error::last();
		}
	}

	/**
	 * The post of a reservation, 0 when there is none (any more).
	 *
	 * @param object $row Row of the table.
	 * @return int
	 */
	public static function locate( $row ) {
		$guid = new Igny8_Bridge_Guid( Igny8_Bridge_Guid::prefix() . $row->key_hash );
		if ( null !== $row->post_id && $guid->is_of( $row->post_id ) ) {
			return (int) $row->post_id;
		}
		$found = $guid->find_after( $row->first_id );
		if ( 0 !== $found ) {
			self::update( $row, array( 'post_id' => $found ) );
		}
		return $found;
	}

	/**
	 * Digest by which a content key is found.
	 *
	 * @param string $content_key Content key.
	 * @return string
	 */
	public static function hash( $content_key ) {
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
		try {
			// phpcs:disable WordPress.DB -- the plugin's own table and conditions; a reservation must not come from a cache.
			$sql = $wpdb->prepare( "SELECT * FROM $table WHERE $condition", $value );
			$row = $wpdb->get_row( $sql );
			if ( '' !== $wpdb->last_error ) {
				Igny8_Bridge_Schema::recover( Igny8_Bridge_Database_Error::last() );
				$row = $wpdb->get_row( $sql );
				Igny8_Bridge_Database_Error::check();
			}
			// phpcs:enable
			return $row;
		} finally {
			$wpdb->suppress_errors( $suppressed );
		}
	}

	/**
	 * Changes a reservation, unless it is no longer as it was read.
	 *
	 * @param object              $row     Row of the table.
	 * @param array<string,mixed> $changes New values by column.
	 * @return bool
	 */
	private static function update( $row, array $changes ) {
		global $wpdb;
		// phpcs:ignore WordPress.DB.DirectDatabaseQuery -- the plugin's own table.
		$changed = $wpdb->update( Igny8_Bridge_Schema::table(), $changes, self::condition( $row ) );
		if ( false === $changed ) {
			throw Igny8_Bridge_Database_Error::last();
		}
		return $changed > 0;
	}

	/**
	 * What tells that a reservation is still as it was read.
	 *
	 * @param object $row Row of the table.
	 * @return array<string,string>
	 */
	private static function condition( $row ) {
		return array(
			'key_hash' => $row->key_hash,
			'attempt'  => $row->attempt,
			'state'    => $row->state,
		);
	}

	/**
	 * A name for an attempt to publish that no other has.
	 *
	 * @return string
	 */
	private static function new_attempt() {
		return bin2hex( random_bytes( 16 ) );
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

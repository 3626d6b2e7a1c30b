<?php
/**
 * What the site keeps of its API key.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Keeps the digest of the API key, the callback token derived from it, and the user the key stands for.
 *
 * The key itself is never stored: who reads the site's database can report events for this site, but can publish nowhere.
 */
final class Igny8_Bridge_Credentials {

	/**
	 * Option with the fields key_sha256, callback_token, user_id, super_admin and set_gmt.
	 */
	const OPTION = 'igny8_bridge_credentials';

	/**
	 * Fewest characters of a key: 32 characters of base64 are 192 bits.
	 */
	const MIN_LENGTH = 32;

	/**
	 * Most characters of a key: servers commonly bound a header at 4 or 8 KiB.
	 */
	const MAX_LENGTH = 512;

	/**
	 * What the callback token is derived for; the operator uses the same text.
	 */
	const CALLBACK_PURPOSE = 'igny8/callback/v1';

	/**
	 * Says whether a text can be a key at all: visible ASCII, since it travels in a header.
	 *
	 * @param string $key Text to look at.
	 * @return bool
	 */
	public static function is_well_formed( $key ) {
		$length = strlen( $key );
		return $length >= self::MIN_LENGTH && $length <= self::MAX_LENGTH && 1 === preg_match( '/^[\x21-\x7E]+$/D', $key );
	}

	/**
	 * Replaces the key and the user it stands for.
	 *
	 * @param string $key     The new key in the clear.
	 * @param int    $user_id The user under whom requests with the key run.
	 * @return true|WP_Error
	 */
	public static function set( $key, $user_id ) {
		if ( ! self::is_well_formed( $key ) ) {
			return new WP_Error(
				'igny8_bridge_key',
				/* translators: %d: number of characters */
				sprintf( __( 'An API key has at least %d characters and no spaces.', 'igny8-wp-bridge' ), self::MIN_LENGTH )
			);
		}
		$user = self::user_fields( $user_id );
		if ( is_wp_error( $user ) ) {
			return $user;
		}
		self::save(
			array(
				'key_sha256'     => hash( 'sha256', $key ),
				'callback_token' => hash_hmac( 'sha256', self::CALLBACK_PURPOSE, $key ),
				'set_gmt'        => current_time( 'mysql', true ),
			) + $user
		);
		return true;
	}

	/**
	 * Replaces the user the key stands for and keeps the key.
	 *
	 * @param int $user_id The user under whom requests with the key run.
	 * @return true|WP_Error
	 */
	public static function set_user( $user_id ) {
		$user = self::user_fields( $user_id );
		if ( is_wp_error( $user ) ) {
			return $user;
		}
		self::save( $user + self::all() );
		return true;
	}

	/**
	 * Says whether the current user may let a key stand for a user: who enters a key can do with it all that its user can.
	 *
	 * @param int $user_id User to look at.
	 * @return bool
	 */
	public static function may_choose( $user_id ) {
		if ( get_current_user_id() === $user_id ) {
			return true;
		}
		if ( ! is_multisite() ) {
			return current_user_can( 'edit_user', $user_id );
		}
		// On a network only super admins may edit users, but the admins of a site assign its posts to its members.
		return is_user_member_of_blog( $user_id ) && ( ! is_super_admin( $user_id ) || is_super_admin() );
	}

	/**
	 * Forgets the key.
	 *
	 * @return void
	 */
	public static function clear() {
		delete_option( self::OPTION );
	}

	/**
	 * Says whether a key is set.
	 *
	 * @return bool
	 */
	public static function has_key() {
		return '' !== self::all()['key_sha256'];
	}

	/**
	 * Says in constant time whether a key is the one that is set.
	 *
	 * @param string $key Key as it was sent.
	 * @return bool
	 */
	public static function matches( $key ) {
		$known = self::all()['key_sha256'];
		return '' !== $known && hash_equals( $known, hash( 'sha256', $key ) );
	}

	/**
	 * Id of the user the key stands for, 0 for none.
	 *
	 * @return int
	 */
	public static function user_id() {
		return (int) self::all()['user_id'];
	}

	/**
	 * When the key was set: UTC, `Y-m-d H:i:s`, empty when none is.
	 *
	 * @return string
	 */
	public static function set_gmt() {
		return self::all()['set_gmt'];
	}

	/**
	 * Says whether requests may run under a user now: one of this site who may edit posts on it.
	 *
	 * @param int $user_id User to look at.
	 * @return bool
	 */
	public static function is_suitable( $user_id ) {
		return self::is_of_this_site( $user_id ) && user_can( (int) $user_id, 'edit_posts' );
	}

	/**
	 * Says whether a user is a member of this site; a super admin of a network has to have been chosen as one, or else a
	 * promotion would hand the network to whoever has the key. Asks for no capability, see Igny8_Bridge_Auth.
	 *
	 * @param int $user_id User to look at.
	 * @return bool
	 */
	public static function is_of_this_site( $user_id ) {
		if ( self::is_super_admin( $user_id ) ) {
			return (bool) self::all()['super_admin'];
		}
		return $user_id > 0 && is_user_member_of_blog( $user_id );
	}

	/**
	 * The fields that say which user the key stands for.
	 *
	 * @param int $user_id User.
	 * @return array<string,mixed>|WP_Error Error for a user who cannot stand behind a key.
	 */
	private static function user_fields( $user_id ) {
		$super_admin = self::is_super_admin( $user_id );
		$is_member   = $user_id > 0 && is_user_member_of_blog( $user_id );
		if ( ( ! $super_admin && ! $is_member ) || ! user_can( (int) $user_id, 'edit_posts' ) ) {
			return new WP_Error( 'igny8_bridge_user', __( 'Choose a user who may edit posts.', 'igny8-wp-bridge' ) );
		}
		return array(
			'user_id'     => (int) $user_id,
			'super_admin' => $super_admin,
		);
	}

	/**
	 * Says whether a user is a super admin of a network; without a network, core calls every administrator one.
	 *
	 * @param int $user_id User to look at.
	 * @return bool
	 */
	private static function is_super_admin( $user_id ) {
		return is_multisite() && is_super_admin( $user_id );
	}

	/**
	 * The stored fields, with empty ones where nothing is stored.
	 *
	 * @return array<string,mixed>
	 */
	private static function all() {
		$empty = array(
			'key_sha256'     => '',
			'callback_token' => '',
			'user_id'        => 0,
			'super_admin'    => false,
			'set_gmt'        => '',
		);
		return wp_parse_args( get_option( self::OPTION, array() ), $empty );
	}

	/**
	 * Stores the fields; not autoloaded, so that they are read only where they are needed.
	 *
	 * @param array<string,mixed> $fields All fields.
	 * @return void
	 */
	private static function save( array $fields ) {
		update_option( self::OPTION, $fields, false );
	}
}

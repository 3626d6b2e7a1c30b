<?php
/**
 * What the site keeps of its API key.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Keeps the digests of the API keys, the callback token derived from the current one, and the user they stand for.
 *
 * The key itself is never stored: who reads the site's database can report events for this site, but can publish nowhere.
 */
final class Igny8_Bridge_Credentials {

	/**
	 * Option with the fields of Igny8_Bridge_Key_Ring, user_id and super_admin.
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
	 * How often a change is tried when others change the keys at the same moment. Each of them changes them once.
	 */
	const ATTEMPTS = 50;

	/**
	 * Fields by site of the network, as they were last read or written in this request.
	 *
	 * @var array<int,array<string,mixed>>
	 */
	private static $seen = array();

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
	 * Replaces all keys by one, and the user it stands for.
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
		return self::change(
			static function () use ( $key, $user ) {
				return $user + Igny8_Bridge_Key_Ring::only( $key );
			}
		);
	}

	/**
	 * Replaces the user the keys stand for and keeps the keys.
	 *
	 * @param int $user_id The user under whom requests with the key run.
	 * @return true|WP_Error
	 */
	public static function set_user( $user_id ) {
		$user = self::user_fields( $user_id );
		if ( is_wp_error( $user ) ) {
			return $user;
		}
		return self::change(
			static function ( array $fields ) use ( $user ) {
				return $user + $fields;
			}
		);
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
		self::$seen = array();
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
	 * Which of the site's keys a text is: a part of Igny8_Bridge_Key_Ring, empty for none.
	 *
	 * @param string $key Key as it was sent.
	 * @return string
	 */
	public static function part( $key ) {
		return Igny8_Bridge_Key_Ring::part( self::all(), $key );
	}

	/**
	 * Digests of the site's keys by part, null where there is none.
	 *
	 * @return array<string,string|null>
	 */
	public static function states() {
		return Igny8_Bridge_Key_Ring::show( self::all() );
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
	 * The stored fields, with empty ones where nothing is stored; read once in a request.
	 *
	 * @return array<string,mixed>
	 */
	private static function all() {
		$site = get_current_blog_id();
		if ( ! isset( self::$seen[ $site ] ) ) {
			self::$seen[ $site ] = self::parse( Igny8_Bridge_Row::read( self::OPTION ) );
		}
		return self::$seen[ $site ];
	}

	/**
	 * Changes the fields, whoever else changes them at the same moment.
	 *
	 * @param callable $change Makes the new fields of the stored ones, or an error that leaves them alone.
	 * @return true|WP_Error The error.
	 * @throws Igny8_Bridge_Database_Error When the database refused.
	 */
	public static function change( callable $change ) {
		for ( $attempt = 0; $attempt < self::ATTEMPTS; $attempt++ ) {
			$stored = Igny8_Bridge_Row::read( self::OPTION );
			$fields = $change( self::parse( $stored ) );
			if ( is_wp_error( $fields ) ) {
				return $fields;
			}
			ksort( $fields ); // The same fields are always the same bytes.
			$wanted = maybe_serialize( $fields );
			if ( $wanted === $stored || Igny8_Bridge_Row::swap( self::OPTION, $stored, $wanted ) ) {
				self::$seen[ get_current_blog_id() ] = $fields;
				return true;
			}
		}
		throw new Igny8_Bridge_Database_Error( 'The API keys are being changed by too many requests at once.' );
	}

	/**
	 * The fields of a stored value, with empty ones where it has none: version 2.0.0 stored fewer.
	 *
	 * @param string|null $stored Value as it is stored.
	 * @return array<string,mixed>
	 */
	private static function parse( $stored ) {
		$fields = null === $stored ? array() : maybe_unserialize( $stored );
		$none   = Igny8_Bridge_Key_Ring::NONE + array(
			'user_id'     => 0,
			'super_admin' => false,
		);
		return is_array( $fields ) ? array_merge( $none, $fields ) : $none;
	}
}

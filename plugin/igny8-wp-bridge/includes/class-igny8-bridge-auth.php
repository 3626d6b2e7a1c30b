<?php
/**
 * Authentication of REST requests by API key.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Maps the API key of a REST request to the user it stands for, on core's routes as on the plugin's own.
 */
final class Igny8_Bridge_Auth {

	/**
	 * Answers WordPress's question who the current user is.
	 *
	 * Only on REST requests: a key must never open wp-admin or change what a page shows. No capability is asked here,
	 * because plugins that filter capabilities ask for the current user and would lead back to this filter.
	 *
	 * @param int|false $user_id User found so far.
	 * @return int|false
	 */
	public function determine_user( $user_id ) {
		if ( ! defined( 'REST_REQUEST' ) || ! REST_REQUEST ) {
			return $user_id;
		}
		$key = $this->sent_key();
		try {
			if ( '' === $key || '' === Igny8_Bridge_Credentials::part( $key ) ) {
				return $user_id;
			}
			$key_user = Igny8_Bridge_Credentials::user_id();
		} catch ( Igny8_Bridge_Database_Error $error ) {
			return $user_id; // The plugin's own routes ask again, and say so.
		}
		return Igny8_Bridge_Credentials::is_of_this_site( $key_user ) ? $key_user : $user_id;
	}

	/**
	 * Makes a candidate the current key, on core's routes as on the plugin's own, once a request with it is about to be served.
	 *
	 * Not in determine_user(): a candidate whose user may do nothing must not take over from a key in the eyes of an operator
	 * who is told that it is refused.
	 *
	 * @param mixed $response Error of WordPress's own check, if any.
	 * @return mixed The same.
	 */
	public function note_use( $response ) {
		$key = defined( 'REST_REQUEST' ) && REST_REQUEST ? $this->sent_key() : '';
		if ( '' === $key ) {
			return $response;
		}
		try {
			$is_candidate = Igny8_Bridge_Key_Ring::CANDIDATE === Igny8_Bridge_Credentials::part( $key );
			if ( $is_candidate && Igny8_Bridge_Credentials::is_suitable( Igny8_Bridge_Credentials::user_id() ) ) {
				Igny8_Bridge_Rotation::promote( $key );
			}
		} catch ( Igny8_Bridge_Database_Error $error ) {
			return $response; // It stays a candidate, which is accepted too; the next use promotes it.
		}
		return $response;
	}

	/**
	 * Permission callback of every route of the plugin: refuses with the problem that fits.
	 *
	 * @return true|WP_Error
	 */
	public function check() {
		$key = $this->sent_key();
		if ( '' === $key ) {
			return Igny8_Bridge_Problem::error( 'key-missing', 'The request carries no API key.' );
		}
		try {
			return $this->check_key( $key );
		} catch ( Igny8_Bridge_Database_Error $error ) {
			return Igny8_Bridge_Problem::not_stored( $error->getMessage() );
		}
	}

	/**
	 * Refuses a key that is not the site's, or whose user may not publish; makes its user the current one.
	 *
	 * @param string $key Key as it was sent.
	 * @return true|WP_Error
	 * @throws Igny8_Bridge_Database_Error When the database does not answer: the key may be right.
	 */
	private function check_key( $key ) {
		if ( '' === Igny8_Bridge_Credentials::part( $key ) ) {
			return Igny8_Bridge_Problem::error( 'key-unknown', $this->unknown_detail() );
		}
		$user_id = Igny8_Bridge_Credentials::user_id();
		if ( ! Igny8_Bridge_Credentials::is_suitable( $user_id ) ) {
			return Igny8_Bridge_Problem::error( 'key-user-invalid', 'The user the API key stands for does not exist or may not edit posts.' );
		}
		if ( get_current_user_id() !== $user_id ) {
			// A login cookie without nonce made core fall back to nobody.
			wp_set_current_user( $user_id );
		}
		return true;
	}

	/**
	 * What to tell about a key that does not match.
	 *
	 * @return string
	 */
	private function unknown_detail() {
		return Igny8_Bridge_Credentials::has_key()
			? 'The API key is not the one entered on this site.'
			: 'No API key has been entered on this site yet: Settings → IGNY8.';
	}

	/**
	 * The key the request carries, empty when there is none.
	 *
	 * @return string
	 */
	public function sent_key() {
		$key = $this->header( 'HTTP_X_IGNY8_API_KEY' );
		if ( '' !== $key ) {
			return $key;
		}
		// Apache passes the header under the second name after an internal redirect.
		foreach ( array( 'HTTP_AUTHORIZATION', 'REDIRECT_HTTP_AUTHORIZATION' ) as $name ) {
			if ( 1 === preg_match( '/^Bearer +([\x21-\x7E]+)$/iD', $this->header( $name ), $match ) ) {
				return $match[1];
			}
		}
		return '';
	}

	/**
	 * A request header, empty unless it is visible ASCII of bounded length.
	 *
	 * Sanitize_text_field() would change keys that contain `%` or `<`, so the value is matched instead.
	 *
	 * @param string $name Name as PHP puts it into $_SERVER.
	 * @return string
	 */
	private function header( $name ) {
		// phpcs:ignore WordPress.Security.ValidatedSanitizedInput.InputNotSanitized -- matched against a pattern in the next line.
		$value = isset( $_SERVER[ $name ] ) ? trim( (string) wp_unslash( $_SERVER[ $name ] ) ) : '';
		$limit = Igny8_Bridge_Credentials::MAX_LENGTH + strlen( 'Bearer ' );
		return strlen( $value ) <= $limit && 1 === preg_match( '/^[\x20-\x7E]+$/D', $value ) ? $value : '';
	}
}

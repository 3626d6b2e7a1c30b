<?php
/**
 * The keys a site accepts.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Decides over the stored fields of the keys, and stores nothing: which key a text is, and what becomes of the keys when one
 * is offered, used for the first time, or retired.
 *
 * There is always one current key. Beside it there is at most one other: a candidate that was offered and never used, or the
 * retiring key, which was the current one before. Calls with it may still be under way; it can make every call but those that
 * change keys, so that an old key that leaked cannot take the site over.
 */
final class Igny8_Bridge_Key_Ring {

	/**
	 * Names of the keys' parts.
	 */
	const CURRENT   = 'current';
	const CANDIDATE = 'candidate';
	const RETIRING  = 'retiring';

	/**
	 * Seconds for which a retiring key works after the first use of its successor: twice the longest call, which takes
	 * 300 seconds. It ends by itself because whoever began the rotation may be gone.
	 */
	const RETIREMENT = 600;

	/**
	 * What the callback token is derived for; the operator uses the same text.
	 */
	const CALLBACK_PURPOSE = 'igny8/callback/v1';

	/**
	 * Fields of the keys, empty.
	 */
	const NONE = array(
		'key_sha256'       => '',
		'callback_token'   => '',
		'set_gmt'          => '',
		'candidate_sha256' => '',
		'candidate_token'  => '',
		'retiring_sha256'  => '',
		'retires_at'       => 0,
	);

	/**
	 * Fields for one key that replaces all others.
	 *
	 * @param string $key Key in the clear.
	 * @return array<string,mixed>
	 */
	public static function only( $key ) {
		return array(
			'key_sha256'     => self::digest( $key ),
			'callback_token' => self::callback_token( $key ),
			'set_gmt'        => self::gmt(),
		) + self::NONE;
	}

	/**
	 * Which of the keys a text is; empty for none. Takes as long for each.
	 *
	 * @param array<string,mixed> $fields Fields.
	 * @param string              $key    Key as it was sent.
	 * @return string
	 */
	public static function part( array $fields, $key ) {
		$digest  = self::digest( $key );
		$fields  = self::alive( $fields );
		$matches = array(
			self::CURRENT   => hash_equals( $fields['key_sha256'], $digest ),
			self::CANDIDATE => hash_equals( $fields['candidate_sha256'], $digest ),
			self::RETIRING  => hash_equals( $fields['retiring_sha256'], $digest ),
		);
		return (string) array_search( true, $matches, true );
	}

	/**
	 * Fields after the current key offered another: that becomes the candidate. Itself it offers to have older keys forgotten.
	 * Either way, a retiring key dies.
	 *
	 * @param array<string,mixed> $fields Fields.
	 * @param string              $key    Key that is offered.
	 * @return array<string,mixed>
	 */
	public static function offer( array $fields, $key ) {
		$fields = self::forget_retiring( $fields );
		if ( self::CURRENT === self::part( $fields, $key ) ) {
			return $fields;
		}
		return array(
			'candidate_sha256' => self::digest( $key ),
			'candidate_token'  => self::callback_token( $key ),
		) + $fields;
	}

	/**
	 * Fields after the first use of the candidate.
	 *
	 * @param array<string,mixed> $fields Fields with a candidate.
	 * @return array<string,mixed>
	 */
	public static function promote( array $fields ) {
		return array(
			'key_sha256'       => $fields['candidate_sha256'],
			'callback_token'   => $fields['candidate_token'],
			'set_gmt'          => self::gmt(),
			'candidate_sha256' => '',
			'candidate_token'  => '',
			'retiring_sha256'  => $fields['key_sha256'],
			'retires_at'       => Igny8_Bridge_Clock::now() + self::RETIREMENT,
		) + $fields;
	}

	/**
	 * Digests of the keys as the routes show them, null for none.
	 *
	 * @param array<string,mixed> $fields Fields.
	 * @return array<string,string|null>
	 */
	public static function show( array $fields ) {
		$fields = self::alive( $fields );
		$shown  = static function ( $digest ) {
			return '' === $digest ? null : 'sha256:' . $digest;
		};
		return array(
			self::CURRENT   => $shown( $fields['key_sha256'] ),
			self::CANDIDATE => $shown( $fields['candidate_sha256'] ),
			self::RETIRING  => $shown( $fields['retiring_sha256'] ),
		);
	}

	/**
	 * Fields without a retiring key whose time is over.
	 *
	 * @param array<string,mixed> $fields Fields.
	 * @return array<string,mixed>
	 */
	private static function alive( array $fields ) {
		return Igny8_Bridge_Clock::now() < $fields['retires_at'] ? $fields : self::forget_retiring( $fields );
	}

	/**
	 * Fields without a retiring key.
	 *
	 * @param array<string,mixed> $fields Fields.
	 * @return array<string,mixed>
	 */
	private static function forget_retiring( array $fields ) {
		return array(
			'retiring_sha256' => '',
			'retires_at'      => 0,
		) + $fields;
	}

	/**
	 * Digest by which a key is known.
	 *
	 * @param string $key Key in the clear.
	 * @return string
	 */
	private static function digest( $key ) {
		return hash( 'sha256', $key );
	}

	/**
	 * Token by which the site names itself when it reports events.
	 *
	 * @param string $key Key in the clear.
	 * @return string
	 */
	private static function callback_token( $key ) {
		return hash_hmac( 'sha256', self::CALLBACK_PURPOSE, $key );
	}

	/**
	 * The time now in the form of WordPress's columns, UTC.
	 *
	 * @return string
	 */
	private static function gmt() {
		return gmdate( 'Y-m-d H:i:s', Igny8_Bridge_Clock::now() );
	}
}

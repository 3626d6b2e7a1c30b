<?php
/**
 * Fields of the REST routes that are about the site.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * The schemas of what Igny8_Bridge_Site_Routes takes.
 */
final class Igny8_Bridge_Site_Fields {

	/**
	 * Highest integer: what a JSON number holds exactly.
	 */
	const MAX_INTEGER = 9007199254740991;

	/**
	 * Fields of `GET /site`.
	 *
	 * @return array<string,array<string,mixed>>
	 */
	public static function position() {
		return self::in_query(
			array(
				'epoch' => array(
					'type'    => 'string',
					'pattern' => '^[0-9a-f]{32}$',
				),
				'mark'  => self::integer( 0, self::MAX_INTEGER ),
			)
		);
	}

	/**
	 * Fields of `GET /structure/terms`.
	 *
	 * @return array<string,array<string,mixed>>
	 */
	public static function page() {
		return self::in_query(
			array(
				'taxonomy' => array(
					'type'     => 'string',
					'required' => true,
				),
				'after'    => self::integer( 0, self::MAX_INTEGER ),
				'limit'    => self::integer( 1, Igny8_Bridge_Term_Page::MOST ),
			)
		);
	}

	/**
	 * Fields of `POST /keys/rotate`. What a key looks like is not part of it: the messages of WordPress's check are not ours.
	 *
	 * @return array<string,array<string,mixed>>
	 */
	public static function rotation() {
		return array(
			'key' => array(
				'type'              => 'string',
				'required'          => true,
				'validate_callback' => array( 'Igny8_Bridge_Fields', 'validate' ),
			),
		);
	}

	/**
	 * Schema of an integer.
	 *
	 * @param int $least Least value.
	 * @param int $most  Highest value.
	 * @return array<string,mixed>
	 */
	private static function integer( $least, $most ) {
		return array(
			'type'    => 'integer',
			'minimum' => $least,
			'maximum' => $most,
		);
	}

	/**
	 * Adds WordPress's schema callbacks to every field: a query has only texts, which they convert.
	 *
	 * @param array<string,array<string,mixed>> $fields Fields.
	 * @return array<string,array<string,mixed>>
	 */
	private static function in_query( array $fields ) {
		foreach ( $fields as $name => $rules ) {
			$fields[ $name ] = $rules + array(
				'validate_callback' => 'rest_validate_request_arg',
				'sanitize_callback' => array( 'Igny8_Bridge_Fields', 'sanitize' ),
			);
		}
		return $fields;
	}
}

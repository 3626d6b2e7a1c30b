<?php
/**
 * Types of fields.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Schemas of the types that fields of the REST routes have.
 */
final class Igny8_Bridge_Types {

	/**
	 * Highest content id: what a JSON number holds exactly.
	 */
	const MAX_INTEGER = 9007199254740991;

	/**
	 * Schema of a text.
	 *
	 * @param int $longest  Most characters, 0 for any number.
	 * @param int $shortest Fewest characters.
	 * @return array<string,mixed>
	 */
	public static function text( $longest = 0, $shortest = 0 ) {
		return array_filter(
			array(
				'type'      => 'string',
				'minLength' => $shortest,
				'maxLength' => $longest,
			)
		);
	}

	/**
	 * Schema of a list of texts.
	 *
	 * @param int $most Most items.
	 * @return array<string,mixed>
	 */
	public static function texts( $most ) {
		return self::items( $most, self::text() );
	}

	/**
	 * Schema of a list.
	 *
	 * @param int                 $most Most items.
	 * @param array<string,mixed> $item Schema of an item.
	 * @return array<string,mixed>
	 */
	public static function items( $most, array $item ) {
		return array(
			'type'     => 'array',
			'maxItems' => $most,
			'items'    => $item,
		);
	}

	/**
	 * Schema of a text out of a set.
	 *
	 * @param string[] $values The set.
	 * @return array<string,mixed>
	 */
	public static function choice( array $values ) {
		return array(
			'type' => 'string',
			'enum' => $values,
		);
	}

	/**
	 * Schema of an integer.
	 *
	 * @param int $least Least value.
	 * @return array<string,mixed>
	 */
	public static function integer( $least ) {
		return array(
			'type'    => 'integer',
			'minimum' => $least,
			'maximum' => self::MAX_INTEGER,
		);
	}

	/**
	 * Schema of a truth value.
	 *
	 * @return array<string,mixed>
	 */
	public static function boolean() {
		return array( 'type' => 'boolean' );
	}
}

<?php
/**
 * Preconditions of changes.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Reads If-Match. The wildcard is refused: it would overwrite what nobody has seen.
 */
final class Igny8_Bridge_Precondition {

	/**
	 * The content hash that a request expects.
	 *
	 * A weak tag is taken as well: proxies that compress answers weaken the tags they pass on.
	 *
	 * @param WP_REST_Request $request  The request.
	 * @param bool            $required Whether the request must have one.
	 * @return string|WP_Error Empty for none.
	 */
	public static function read( WP_REST_Request $request, $required ) {
		$header = trim( (string) $request->get_header( 'if_match' ) );
		if ( '' === $header ) {
			return $required ? Igny8_Bridge_Problem::error( 'precondition-required', 'If-Match with the content hash is required.' ) : '';
		}
		if ( 1 !== preg_match( '/^(?:W\/)?"([\x21\x23-\x7E]+)"$/D', $header, $match ) ) {
			return Igny8_Bridge_Problem::invalid( array( Igny8_Bridge_Fields::fault( 'If-Match', 'If-Match is not one entity tag.' ) ) );
		}
		return $match[1];
	}
}

<?php
/**
 * Errors of the REST API as RFC 9457 problems.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Makes problems as WP_Error, the form WordPress passes around, and turns them into responses.
 */
final class Igny8_Bridge_Problem {

	/**
	 * Prefix of the type of every problem.
	 */
	const TYPE_PREFIX = 'urn:igny8:problem:';

	/**
	 * Seconds after which a request that found its key being published may try again.
	 *
	 * A publish takes well under a second on a small site; two leave room for a slow one.
	 */
	const RETRY_AFTER = 2;

	/**
	 * Status and title of each problem.
	 */
	const KINDS = array(
		'key-missing'            => array( 401, 'API key missing' ),
		'key-unknown'            => array( 401, 'API key unknown' ),
		'key-user-invalid'       => array( 403, 'User of the API key not usable' ),
		'key-retiring'           => array( 403, 'API key retiring' ),
		'forbidden'              => array( 403, 'Not allowed' ),
		'invalid-payload'        => array( 400, 'Invalid payload' ),
		'post-not-found'         => array( 404, 'Post not found' ),
		'already-published'      => array( 409, 'Already published' ),
		'in-progress'            => array( 409, 'Being published' ),
		'content-key-mismatch'   => array( 409, 'Post of another content key' ),
		'post-trashed'           => array( 409, 'Post in the trash' ),
		'claimed-by-other'       => array( 409, 'Post of another request' ),
		'claim-ended'            => array( 409, 'Request deleted' ),
		'precondition-failed'    => array( 412, 'Post changed' ),
		'precondition-required'  => array( 428, 'Precondition required' ),
		'post-locked'            => array( 423, 'Post being edited' ),
		'too-large'              => array( 413, 'Too large' ),
		'unsupported-media-type' => array( 415, 'Unsupported media type' ),
		'not-stored'             => array( 500, 'Not stored' ),
	);

	/**
	 * Makes a problem.
	 *
	 * @param string              $name    Name of the problem, a key of KINDS.
	 * @param string              $detail  What happened this time.
	 * @param array<string,mixed> $members Further members of the problem.
	 * @return WP_Error
	 */
	public static function error( $name, $detail, array $members = array() ) {
		list( $status, $title ) = self::KINDS[ $name ];

		$problem = array(
			'type'   => self::TYPE_PREFIX . $name,
			'title'  => $title,
			'status' => $status,
			'detail' => $detail,
		);
		return new WP_Error(
			'igny8_' . str_replace( '-', '_', $name ),
			$detail,
			array(
				'status'  => $status,
				'problem' => $problem + $members,
			)
		);
	}

	/**
	 * Makes the problem for a payload with faults.
	 *
	 * @param array<int,array{field:string,message:string}> $errors The faults.
	 * @return WP_Error
	 */
	public static function invalid( array $errors ) {
		$detail = implode( ' ', wp_list_pluck( $errors, 'message' ) );
		return self::error( 'invalid-payload', $detail, array( 'errors' => array_values( $errors ) ) );
	}

	/**
	 * Makes the problem for a post that WordPress or its database refused, in their own words.
	 *
	 * @param WP_Error|string $cause What went wrong.
	 * @return WP_Error
	 */
	public static function not_stored( $cause ) {
		if ( ! is_wp_error( $cause ) ) {
			return self::error( 'not-stored', $cause );
		}
		$words = $cause->get_error_messages();
		$data  = $cause->get_error_data();
		if ( is_string( $data ) && '' !== $data ) {
			$words[] = $data; // The database's message, where core adds it.
		}
		return self::error( 'not-stored', implode( ' ', $words ) );
	}

	/**
	 * Turns a problem into the response that carries it; leaves other errors alone.
	 *
	 * @param WP_Error $error Error of a route.
	 * @return WP_REST_Response|WP_Error
	 */
	public static function to_response( WP_Error $error ) {
		$data = $error->get_error_data();
		if ( ! isset( $data['problem'] ) ) {
			return $error;
		}
		$response = new WP_REST_Response( $data['problem'], $data['status'] );
		$response->header( 'Content-Type', 'application/problem+json' );
		foreach ( self::headers( $data['problem'] ) as $name => $value ) {
			$response->header( $name, $value );
		}
		return $response;
	}

	/**
	 * Headers that go with a problem.
	 *
	 * @param array<string,mixed> $problem The problem.
	 * @return array<string,string>
	 */
	private static function headers( array $problem ) {
		if ( 401 === $problem['status'] ) {
			return array( 'WWW-Authenticate' => 'Bearer realm="igny8"' ); // RFC 9110 wants it with every 401.
		}
		if ( self::TYPE_PREFIX . 'in-progress' === $problem['type'] ) {
			return array( 'Retry-After' => (string) self::RETRY_AFTER );
		}
		if ( isset( $problem['retry_after'] ) ) {
			return array( 'Retry-After' => (string) $problem['retry_after'] );
		}
		if ( 412 === $problem['status'] ) {
			return array( 'ETag' => '"' . $problem['post']['content_hash'] . '"' );
		}
		return array();
	}
}

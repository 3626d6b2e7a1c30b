<?php
/**
 * The REST routes that are about the site.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Answers `GET /site`, `GET /structure`, `GET /structure/terms` and `POST /keys/rotate`.
 */
final class Igny8_Bridge_Site_Routes {

	/**
	 * Authentication of the requests.
	 *
	 * @var Igny8_Bridge_Auth
	 */
	private $auth;

	/**
	 * Makes the routes.
	 *
	 * @param Igny8_Bridge_Auth $auth Authentication of the requests.
	 */
	public function __construct( Igny8_Bridge_Auth $auth ) {
		$this->auth = $auth;
	}

	/**
	 * The routes: method, path, callback and fields of each.
	 *
	 * @return array<int,array{string,string,callable,array<string,array<string,mixed>>}>
	 */
	public function all() {
		return array(
			array( 'GET', '/site', array( $this, 'site' ), Igny8_Bridge_Site_Fields::position() ),
			array( 'GET', '/structure', array( $this, 'structure' ), array() ),
			array( 'GET', '/structure/terms', array( $this, 'terms' ), Igny8_Bridge_Site_Fields::page() ),
			array( 'POST', '/keys/rotate', array( $this, 'rotate' ), Igny8_Bridge_Site_Fields::rotation() ),
		);
	}

	/**
	 * `GET /site`.
	 *
	 * @param WP_REST_Request $request The request.
	 * @return WP_REST_Response
	 */
	public function site( WP_REST_Request $request ) {
		Igny8_Bridge_Site::mark_seen();
		$position = Igny8_Bridge_Position::advance( (string) $request['epoch'], (int) $request['mark'] );
		return new WP_REST_Response( Igny8_Bridge_Site::facts() + $position );
	}

	/**
	 * `GET /structure`.
	 *
	 * @return WP_REST_Response
	 */
	public function structure() {
		return new WP_REST_Response( Igny8_Bridge_Structure::describe() );
	}

	/**
	 * `GET /structure/terms`.
	 *
	 * @param WP_REST_Request $request The request.
	 * @return WP_REST_Response|WP_Error
	 */
	public function terms( WP_REST_Request $request ) {
		$taxonomies = Igny8_Bridge_Structure::taxonomies();
		$name       = $request['taxonomy'];
		if ( ! isset( $taxonomies[ $name ] ) ) {
			$fault = Igny8_Bridge_Fields::fault( 'taxonomy', 'The site has no such taxonomy to publish to.' );
			return Igny8_Bridge_Problem::invalid( array( $fault ) );
		}
		$limit = isset( $request['limit'] ) ? (int) $request['limit'] : Igny8_Bridge_Term_Page::MOST;
		return new WP_REST_Response( Igny8_Bridge_Term_Page::read( $taxonomies[ $name ], (int) $request['after'], $limit ) );
	}

	/**
	 * `POST /keys/rotate`.
	 *
	 * @param WP_REST_Request $request The request.
	 * @return WP_REST_Response|WP_Error
	 */
	public function rotate( WP_REST_Request $request ) {
		$key = (string) $request->get_json_params()['key']; // Not sanitized: that would change keys that contain % or <.
		if ( ! Igny8_Bridge_Credentials::is_well_formed( $key ) ) {
			$bounds = sprintf( 'key has %1$d to %2$d visible ASCII characters.', Igny8_Bridge_Credentials::MIN_LENGTH, Igny8_Bridge_Credentials::MAX_LENGTH );
			return Igny8_Bridge_Problem::invalid( array( Igny8_Bridge_Fields::fault( 'key', $bounds ) ) );
		}
		$done = Igny8_Bridge_Rotation::offer( $this->auth->sent_key(), $key );
		return is_wp_error( $done ) ? $done : new WP_REST_Response( Igny8_Bridge_Credentials::states() );
	}
}

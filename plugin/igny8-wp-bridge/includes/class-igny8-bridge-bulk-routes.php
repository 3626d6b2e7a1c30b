<?php
/**
 * The REST routes for images and batches.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Answers the routes whose body or answer is not one JSON object at a time.
 */
final class Igny8_Bridge_Bulk_Routes {

	/**
	 * The routes: method, path, callback, fields.
	 *
	 * @return array<int,array{0:string,1:string,2:callable,3:array<string,array<string,mixed>>}>
	 */
	public function all() {
		return array(
			array( 'POST', '/publish/batch', array( $this, 'batch' ), Igny8_Bridge_Fields::batch() ),
			array( 'POST', '/media', array( $this, 'media' ), Igny8_Bridge_Fields::media() ),
		);
	}

	/**
	 * Says whether the route of a request takes a form with a file.
	 *
	 * @param WP_REST_Request $request The request.
	 * @return bool
	 */
	public static function takes_form( WP_REST_Request $request ) {
		return '/' . Igny8_Bridge_Routes::REST_NAMESPACE . '/media' === strtolower( $request->get_route() ); // WordPress matches routes in any case.
	}

	/**
	 * `POST /publish/batch`. The items are published while the answer is written.
	 *
	 * @param WP_REST_Request $request The request.
	 * @return WP_REST_Response|WP_Error
	 */
	public function batch( WP_REST_Request $request ) {
		$problem = Igny8_Bridge_Batch::problem( $request );
		if ( $problem ) {
			return $problem;
		}
		add_filter( 'rest_pre_serve_request', array( new Igny8_Bridge_Batch( $request['items'] ), 'serve' ), 10, 2 );
		// nginx would hold back what fits into its buffers, and drop it if PHP dies.
		return new WP_REST_Response( null, 200, array( 'X-Accel-Buffering' => 'no' ) );
	}

	/**
	 * `POST /media`.
	 *
	 * @param WP_REST_Request $request The request.
	 * @return WP_REST_Response|WP_Error
	 */
	public function media( WP_REST_Request $request ) {
		if ( ! current_user_can( 'upload_files' ) ) {
			return Igny8_Bridge_Problem::error( 'forbidden', 'The user of the API key may not upload files.' );
		}
		$upload = Igny8_Bridge_Upload::from( $request );
		if ( is_wp_error( $upload ) ) {
			return $upload;
		}
		$texts = array();
		foreach ( array( 'alt', 'caption', 'title' ) as $field ) {
			$texts[ $field ] = (string) $request[ $field ];
		}
		$kept = ( new Igny8_Bridge_Media() )->keep( $upload, $texts );
		if ( is_wp_error( $kept ) ) {
			return $kept;
		}
		list( $id, $created ) = $kept;
		return new WP_REST_Response( Igny8_Bridge_Media::show( $id, $upload->sha256() ), $created ? 201 : 200 );
	}
}

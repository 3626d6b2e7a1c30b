<?php
/**
 * The REST routes.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Registers the routes and puts what they answer into the form the wire contract asks for.
 */
final class Igny8_Bridge_Routes {

	/**
	 * Namespace of the routes.
	 */
	const REST_NAMESPACE = 'igny8/v1';

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
	 * Registers the routes with WordPress.
	 *
	 * @return void
	 */
	public function register() {
		register_rest_route(
			self::REST_NAMESPACE,
			'/publish',
			array(
				$this->endpoint( 'POST', 'publish', Igny8_Bridge_Fields::publish() ),
				$this->endpoint( 'GET', 'read_by_key', Igny8_Bridge_Fields::by_key() ),
				$this->endpoint( 'DELETE', 'remove', Igny8_Bridge_Fields::delete() ),
			)
		);
		register_rest_route(
			self::REST_NAMESPACE,
			'/publish/(?P<post_id>[0-9]+)',
			array(
				$this->endpoint( 'GET', 'read_by_id', Igny8_Bridge_Fields::by_id() ),
				$this->endpoint( 'PUT', 'update', Igny8_Bridge_Fields::update() ),
				$this->endpoint( 'DELETE', 'remove', Igny8_Bridge_Fields::by_id() + Igny8_Bridge_Fields::delete() ),
			)
		);
		$others = array_merge( ( new Igny8_Bridge_Site_Routes( $this->auth ) )->all(), ( new Igny8_Bridge_Bulk_Routes() )->all() );
		foreach ( $others as list( $method, $path, $callback, $fields ) ) {
			register_rest_route( self::REST_NAMESPACE, $path, $this->endpoint( $method, $callback, $fields ) );
		}

		add_filter( 'rest_request_before_callbacks', array( $this->auth, 'note_use' ), 5 ); // Before anything answers.
		add_filter( 'rest_request_before_callbacks', array( $this, 'before' ), 10, 3 );
		add_filter( 'rest_request_after_callbacks', array( $this, 'after' ), 10, 2 );
		add_filter( 'rest_post_dispatch', array( $this, 'keep_from_caches' ), 10, 3 );
	}

	/**
	 * Refuses a request before its callback, in this order: who asks, in which form, with what.
	 *
	 * WordPress checks the fields before the permission; without this a caller without key would learn what a payload has to
	 * look like, and a wrong key would be reported as a wrong field.
	 *
	 * @param mixed                $response Error of WordPress's own check, if any.
	 * @param array<string,mixed>  $handler  The route's handler.
	 * @param WP_REST_Request|null $request  The request.
	 * @return mixed
	 */
	public function before( $response, $handler, $request ) {
		if ( empty( $handler['igny8_bridge'] ) ) {
			return $response;
		}
		$allowed = $this->auth->check();
		if ( is_wp_error( $allowed ) ) {
			return $allowed;
		}
		if ( Igny8_Bridge_Fields::has_body( $request ) && ! $this->is_readable( $request ) ) {
			return Igny8_Bridge_Problem::error( 'unsupported-media-type', 'The body must be application/json, of an image multipart/form-data.' );
		}
		$faults = Igny8_Bridge_Fields::faults( $request, $handler['args'] );
		return $faults ? Igny8_Bridge_Problem::invalid( $faults ) : $response;
	}

	/**
	 * Turns the plugin's problems into responses.
	 *
	 * @param mixed               $response What the route answered.
	 * @param array<string,mixed> $handler  The route's handler.
	 * @return mixed
	 */
	public function after( $response, $handler ) {
		if ( empty( $handler['igny8_bridge'] ) || ! is_wp_error( $response ) ) {
			return $response;
		}
		return Igny8_Bridge_Problem::to_response( $response );
	}

	/**
	 * Tells caches not to store answers of this namespace: they are about this moment, and for who has the key.
	 *
	 * @param WP_HTTP_Response $response The answer.
	 * @param WP_REST_Server   $server   The server.
	 * @param WP_REST_Request  $request  The request.
	 * @return WP_HTTP_Response
	 */
	public function keep_from_caches( $response, $server, $request ) { // phpcs:ignore Generic.CodeAnalysis.UnusedFunctionParameter.FoundBeforeLastUsed -- the filter's.
		if ( 0 === strpos( $request->get_route(), '/' . self::REST_NAMESPACE ) ) {
			$response->header( 'Cache-Control', 'no-store' );
			add_filter( 'nocache_headers', array( __CLASS__, 'no_store' ) ); // WordPress sends these last when there is a user.
		}
		return $response;
	}

	/**
	 * Makes WordPress's headers against caches as strict as ours.
	 *
	 * @param array<string,string> $headers The headers.
	 * @return array<string,string>
	 */
	public static function no_store( $headers ) {
		return array( 'Cache-Control' => 'no-store' ) + $headers;
	}

	/**
	 * `POST /publish`.
	 *
	 * @param WP_REST_Request $request The request.
	 * @return WP_REST_Response|WP_Error
	 */
	public function publish( WP_REST_Request $request ) {
		$post = ( new Igny8_Bridge_Publisher() )->publish( Igny8_Bridge_Fields::body( $request ) );
		return is_wp_error( $post ) ? $post : $this->respond( $post, 201 );
	}

	/**
	 * `PUT /publish/{post_id}`.
	 *
	 * @param WP_REST_Request $request The request.
	 * @return WP_REST_Response|WP_Error
	 */
	public function update( WP_REST_Request $request ) {
		$expected = Igny8_Bridge_Precondition::read( $request, true );
		if ( is_wp_error( $expected ) ) {
			return $expected;
		}
		$post = ( new Igny8_Bridge_Updater( Igny8_Bridge_Fields::body( $request ), $expected ) )->update( (int) $request['post_id'] );
		return is_wp_error( $post ) ? $post : $this->respond( $post, 200 );
	}

	/**
	 * `DELETE /publish/{post_id}`, `DELETE /publish?content_key=`.
	 *
	 * @param WP_REST_Request $request The request.
	 * @return WP_REST_Response|WP_Error
	 */
	public function remove( WP_REST_Request $request ) {
		$expected = Igny8_Bridge_Precondition::read( $request, false );
		if ( is_wp_error( $expected ) ) {
			return $expected;
		}
		$remover = new Igny8_Bridge_Remover( (bool) $request['force'], $expected, (string) $request['claim'] );
		$result  = $remover->remove( (int) $request['post_id'], $request['content_key'] );
		return is_wp_error( $result ) ? $result : new WP_REST_Response( $result );
	}

	/**
	 * `GET /publish?content_key=`.
	 *
	 * @param WP_REST_Request $request The request.
	 * @return WP_REST_Response|WP_Error
	 */
	public function read_by_key( WP_REST_Request $request ) {
		Igny8_Bridge_Schema::ensure();
		$content_key = $request['content_key'];

		$row = Igny8_Bridge_Reservation::find( $content_key );
		if ( ! $this->is_done( $row ) ) {
			if ( Igny8_Bridge_Lock::of_content( $content_key )->is_held() ) {
				return Igny8_Bridge_Publisher::in_progress();
			}
			$row = Igny8_Bridge_Reservation::find( $content_key ); // It may have been finished between the two questions.
		}
		return $this->is_done( $row ) ? $this->read( $row ) : Igny8_Bridge_Owned_Post::not_found();
	}

	/**
	 * `GET /publish/{post_id}`.
	 *
	 * @param WP_REST_Request $request The request.
	 * @return WP_REST_Response|WP_Error
	 */
	public function read_by_id( WP_REST_Request $request ) {
		Igny8_Bridge_Schema::ensure();
		$row = Igny8_Bridge_Reservation::find_by_post( (int) $request['post_id'] );
		return $row ? $this->read( $row ) : Igny8_Bridge_Owned_Post::not_found();
	}

	/**
	 * Says whether a reservation is done.
	 *
	 * @param object|null $row Row of the reservation.
	 * @return bool
	 */
	private function is_done( $row ) {
		return null !== $row && Igny8_Bridge_Reservation::DONE === $row->state;
	}

	/**
	 * Answers with the post of a reservation.
	 *
	 * @param object $row Row of the reservation.
	 * @return WP_REST_Response|WP_Error
	 */
	private function read( $row ) {
		$post_id = Igny8_Bridge_Reservation::locate( $row );
		if ( 0 === $post_id ) {
			return Igny8_Bridge_Owned_Post::not_found();
		}
		if ( ! current_user_can( 'read_post', $post_id ) ) {
			return Igny8_Bridge_Problem::error( 'forbidden', 'The user of the API key may not read this post.' );
		}
		return $this->respond( Igny8_Bridge_Representation::with_editor( $post_id, $row ), 200 );
	}

	/**
	 * The response that carries a post.
	 *
	 * @param array<string,mixed> $post   Representation of the post.
	 * @param int                 $status HTTP status.
	 * @return WP_REST_Response
	 */
	private function respond( array $post, $status ) {
		$response = new WP_REST_Response( $post, $status );
		$response->header( 'ETag', '"' . $post['content_hash'] . '"' );
		return $response;
	}

	/**
	 * Says whether a request's body is declared as what its route takes.
	 *
	 * @param WP_REST_Request $request The request.
	 * @return bool
	 */
	private function is_readable( WP_REST_Request $request ) {
		if ( Igny8_Bridge_Bulk_Routes::takes_form( $request ) ) {
			return Igny8_Bridge_Fields::is_form( $request );
		}
		$type = $request->get_content_type();
		return isset( $type['value'] ) && 'application/json' === strtolower( $type['value'] );
	}

	/**
	 * One endpoint for register_rest_route(), marked as ours for the two filters.
	 *
	 * @param string                            $method   HTTP method.
	 * @param string|callable                   $callback Method of this class, or of another one.
	 * @param array<string,array<string,mixed>> $fields   What the endpoint takes.
	 * @return array<string,mixed>
	 */
	private function endpoint( $method, $callback, array $fields ) {
		$callback = is_string( $callback ) ? array( $this, $callback ) : $callback;
		return array(
			'methods'             => $method,
			'callback'            => static function ( $request ) use ( $callback ) {
				try {
					return $callback( $request );
				} catch ( Igny8_Bridge_Database_Error $error ) {
					return Igny8_Bridge_Problem::not_stored( $error->getMessage() );
				}
			},
			'permission_callback' => array( $this->auth, 'check' ),
			'args'                => $fields,
			'igny8_bridge'        => true,
		);
	}
}

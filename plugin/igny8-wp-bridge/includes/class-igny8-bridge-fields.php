<?php
/**
 * Fields of the REST routes.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * The schema of what the routes take, and the check of a request against it.
 */
final class Igny8_Bridge_Fields {

	/**
	 * Fields of `POST /publish`.
	 *
	 * @return array<string,array<string,mixed>>
	 */
	public static function publish() {
		return self::with_callbacks( Igny8_Bridge_Post_Fields::schema(), array( __CLASS__, 'validate' ) );
	}

	/**
	 * Fields of `PUT /publish/{post_id}`.
	 *
	 * @return array<string,array<string,mixed>>
	 */
	public static function update() {
		return self::by_id() + self::publish() + self::with_callbacks( array( 'restore' => Igny8_Bridge_Types::boolean() ), array( __CLASS__, 'validate' ) );
	}

	/**
	 * Fields of `DELETE /publish`.
	 *
	 * @return array<string,array<string,mixed>>
	 */
	public static function delete() {
		$fields = array(
			'force' => Igny8_Bridge_Types::boolean(),
			'claim' => Igny8_Bridge_Types::text( 128 ),
		);
		return self::by_key() + self::with_callbacks( $fields );
	}

	/**
	 * Fields of `POST /publish/batch`; those of the items are compared one by one.
	 *
	 * @return array<string,array<string,mixed>>
	 */
	public static function batch() {
		$items = Igny8_Bridge_Types::items( Igny8_Bridge_Batch::MAX_ITEMS, array( 'type' => 'object' ) ) + array(
			'minItems' => 1,
			'required' => true,
		);
		return self::with_callbacks( array( 'items' => $items ), array( __CLASS__, 'validate' ) );
	}

	/**
	 * Fields of `POST /media`, beside the file.
	 *
	 * @return array<string,array<string,mixed>>
	 */
	public static function media() {
		return self::with_callbacks(
			array(
				'sha256'  => Igny8_Bridge_Types::text() + array( 'pattern' => '^[0-9a-fA-F]{64}$' ),
				'alt'     => Igny8_Bridge_Types::text( 1000 ),
				'caption' => Igny8_Bridge_Types::text( 5000 ),
				'title'   => Igny8_Bridge_Types::text( 500 ),
			)
		);
	}

	/**
	 * Fields of `GET /publish`.
	 *
	 * @return array<string,array<string,mixed>>
	 */
	public static function by_key() {
		return self::with_callbacks( array( 'content_key' => Igny8_Bridge_Types::text( 128, 1 ) + array( 'required' => true ) ) );
	}

	/**
	 * Fields of `GET /publish/{post_id}`.
	 *
	 * @return array<string,array<string,mixed>>
	 */
	public static function by_id() {
		return self::with_callbacks( array( 'post_id' => array( 'type' => 'integer' ) ) );
	}

	/**
	 * Everything that is wrong with a request, measured by the schema of its route.
	 *
	 * WordPress's own check stops at the first missing field and ignores unknown ones.
	 *
	 * @param WP_REST_Request                   $request The request.
	 * @param array<string,array<string,mixed>> $schema  Fields of the route.
	 * @return array<int,array{field:string,message:string}>
	 */
	public static function faults( WP_REST_Request $request, array $schema ) {
		$query = array_filter( $request->get_query_params(), array( __CLASS__, 'is_ours' ), ARRAY_FILTER_USE_KEY );
		if ( ! self::has_body( $request ) ) {
			return self::compare( $query + $request->get_url_params(), $schema );
		}
		if ( self::is_form( $request ) ) {
			return array_merge( self::compare( $query, array() ), self::compare( $request->get_body_params(), $schema ) );
		}
		$body = $request->get_json_params();
		if ( ! is_array( $body ) || '{' !== substr( ltrim( $request->get_body() ), 0, 1 ) ) {
			return array( self::fault( '', 'The body is not a JSON object.' ) );
		}
		return array_merge( self::compare( $query, array() ), self::compare( $body, array_diff_key( $schema, $request->get_url_params() ) ) );
	}

	/**
	 * Says whether the fields of a request are in its body.
	 *
	 * @param WP_REST_Request $request The request.
	 * @return bool
	 */
	public static function has_body( WP_REST_Request $request ) {
		return in_array( $request->get_method(), array( 'POST', 'PUT' ), true );
	}

	/**
	 * Says whether the body of a request is a form with a file, as the route for images takes it.
	 *
	 * @param WP_REST_Request $request The request.
	 * @return bool
	 */
	public static function is_form( WP_REST_Request $request ) {
		$type = $request->get_content_type();
		return Igny8_Bridge_Bulk_Routes::takes_form( $request ) && isset( $type['value'] ) && 'multipart/form-data' === strtolower( $type['value'] );
	}

	/**
	 * Validates a value out of JSON for WordPress, which converts what it accepts before this plugin sees the request again.
	 *
	 * @param mixed           $value   Value.
	 * @param WP_REST_Request $request The request.
	 * @param string          $field   Field.
	 * @return true|WP_Error
	 */
	public static function validate( $value, $request, $field ) {
		return self::validate_value( $value, $request->get_attributes()['args'][ $field ], $field );
	}

	/**
	 * Sanitizes a value for WordPress, which would make a null into an empty text, a 0 or an empty list.
	 *
	 * @param mixed           $value   Value.
	 * @param WP_REST_Request $request The request.
	 * @param string          $field   Field.
	 * @return mixed
	 */
	public static function sanitize( $value, $request, $field ) {
		return null === $value ? null : rest_sanitize_request_arg( $value, $request, $field );
	}

	/**
	 * The fields a request carries, checked and sanitized; a null counts as absent.
	 *
	 * @param WP_REST_Request $request The request.
	 * @return array<string,mixed>
	 */
	public static function body( WP_REST_Request $request ) {
		return self::present( (array) $request->get_json_params() );
	}

	/**
	 * Fields without those that are null.
	 *
	 * @param array<string,mixed> $fields Fields.
	 * @return array<string,mixed>
	 */
	public static function present( array $fields ) {
		return array_filter(
			$fields,
			static function ( $value ) {
				return null !== $value;
			}
		);
	}

	/**
	 * One fault of a field.
	 *
	 * @param string $field   Field.
	 * @param string $message What is wrong.
	 * @return array{field:string,message:string}
	 */
	public static function fault( $field, $message ) {
		return array(
			'field'   => $field,
			'message' => $message,
		);
	}

	/**
	 * Says whether a query parameter is meant for the route: `rest_route` and `_fields` and its like are WordPress's own.
	 *
	 * @param string|int $name Name of the parameter.
	 * @return bool
	 */
	private static function is_ours( $name ) {
		return 'rest_route' !== $name && '_' !== substr( (string) $name, 0, 1 );
	}

	/**
	 * Compares values with a schema.
	 *
	 * @param array<string|int,mixed>           $values Values by field.
	 * @param array<string,array<string,mixed>> $schema Schema by field.
	 * @return array<int,array{field:string,message:string}>
	 */
	public static function compare( array $values, array $schema ) {
		$faults = array();
		foreach ( array_diff_key( $values, $schema ) as $field => $value ) {
			$faults[] = self::fault( (string) $field, sprintf( '%s is not a field of this route.', $field ) );
		}
		foreach ( $schema as $field => $rules ) {
			$message = self::message( $field, isset( $values[ $field ] ) ? $values[ $field ] : null, $rules );
			if ( '' !== $message ) {
				$faults[] = self::fault( $field, $message );
			}
		}
		return $faults;
	}

	/**
	 * What is wrong with one value, empty when nothing is.
	 *
	 * @param string              $field Field.
	 * @param mixed               $value Value, null when absent.
	 * @param array<string,mixed> $rules Schema of the field.
	 * @return string
	 */
	private static function message( $field, $value, array $rules ) {
		if ( null === $value ) {
			return empty( $rules['required'] ) ? '' : sprintf( '%s is required.', $field );
		}
		$valid = is_array( $rules['validate_callback'] )
			? self::validate_value( $value, $rules, $field )
			: rest_validate_value_from_schema( $value, $rules, $field );
		return is_wp_error( $valid ) ? implode( ' ', $valid->get_error_messages() ) : '';
	}

	/**
	 * Validates a value out of JSON: there, WordPress's own check would take `"1"` for an integer and `"a,b"` for an array.
	 *
	 * @param mixed               $value Value.
	 * @param array<string,mixed> $rules Schema of the field.
	 * @param string              $field Field.
	 * @return true|WP_Error
	 */
	private static function validate_value( $value, array $rules, $field ) {
		if ( ! self::is_strict( $value, $rules ) ) {
			return new WP_Error( 'rest_invalid_type', sprintf( '%1$s is not of type %2$s.', $field, $rules['type'] ) );
		}
		return rest_validate_value_from_schema( $value, $rules, $field );
	}

	/**
	 * Says whether a value, and each value in it, is no text where none is asked for, and a truth value where one is.
	 *
	 * @param mixed               $value Value.
	 * @param array<string,mixed> $rules Schema.
	 * @return bool
	 */
	private static function is_strict( $value, array $rules ) {
		$type = isset( $rules['type'] ) ? $rules['type'] : 'string';
		if ( ( 'string' !== $type && is_string( $value ) ) || ( 'boolean' === $type && ! is_bool( $value ) ) ) {
			return false;
		}
		foreach ( is_array( $value ) ? $value : array() as $name => $inner ) {
			$schema = 'array' === $type ? $rules['items'] : ( isset( $rules['properties'][ $name ] ) ? $rules['properties'][ $name ] : array() );
			if ( ! self::is_strict( $inner, $schema ) ) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Adds WordPress's schema callbacks to every field.
	 *
	 * @param array<string,array<string,mixed>> $fields   Fields.
	 * @param callable                          $validate Check of a value.
	 * @return array<string,array<string,mixed>>
	 */
	private static function with_callbacks( array $fields, $validate = 'rest_validate_request_arg' ) {
		foreach ( $fields as $name => $rules ) {
			$fields[ $name ] = $rules + array(
				'validate_callback' => $validate,
				'sanitize_callback' => array( __CLASS__, 'sanitize' ),
			);
		}
		return $fields;
	}
}

<?php
/**
 * An uploaded file.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Reads the file of a request and says what is wrong with it; its bytes decide what it is, not its name or its declared type.
 */
final class Igny8_Bridge_Upload {

	/**
	 * Types that are taken, as far as the site can have them, and the ending of their files. No SVG: it can carry scripts.
	 */
	const TYPES = array(
		'image/jpeg' => 'jpg',
		'image/png'  => 'png',
		'image/gif'  => 'gif',
		'image/webp' => 'webp',
		'image/avif' => 'avif',
	);

	/**
	 * Most pixels. Making the smaller sizes takes about five bytes of memory for each.
	 */
	const MAX_PIXELS = 100000000;

	/**
	 * Longest name of a file, in bytes: room for what WordPress adds for sizes.
	 */
	const MAX_NAME = 150;

	/**
	 * The file as PHP has it: name, tmp_name, size, error.
	 *
	 * @var array<string,mixed>
	 */
	private $file;

	/**
	 * What the bytes are.
	 *
	 * @var string
	 */
	private $type = '';

	/**
	 * Digest of the bytes.
	 *
	 * @var string
	 */
	private $sha256 = '';

	/**
	 * Takes a file.
	 *
	 * @param array<string,mixed> $file The file as PHP has it.
	 */
	private function __construct( array $file ) {
		$this->file = $file;
	}

	/**
	 * Reads the file of a request.
	 *
	 * @param WP_REST_Request $request The request.
	 * @return self|WP_Error
	 */
	public static function from( WP_REST_Request $request ) {
		$files = $request->get_file_params();
		if ( ! isset( $files['file']['tmp_name'] ) || ! is_string( $files['file']['tmp_name'] ) ) {
			return self::is_cut_off() ? self::too_large() : self::fault( 'file', 'file is required.' );
		}
		$upload  = new self( $files['file'] );
		$problem = $upload->problem();
		if ( $problem ) {
			return $problem;
		}
		$upload->sha256 = hash_file( 'sha256', $upload->file['tmp_name'] );
		$sent           = (string) $request['sha256'];
		if ( '' !== $sent && ! hash_equals( $upload->sha256, strtolower( $sent ) ) ) {
			return self::fault( 'sha256', 'sha256 is not that of the file: it was changed on the way.' );
		}
		return $upload;
	}

	/**
	 * Digest of the bytes.
	 *
	 * @return string
	 */
	public function sha256() {
		return $this->sha256;
	}

	/**
	 * The file in the form wp_handle_upload() takes, under a clean name with the ending of what it is.
	 *
	 * @return array<string,mixed>
	 */
	public function file() {
		$name = sanitize_file_name( pathinfo( wp_basename( str_replace( '\\', '/', $this->file['name'] ) ), PATHINFO_FILENAME ) );
		$name = substr( remove_accents( $name ), 0, self::MAX_NAME );
		$name = trim( str_replace( '.', '-', $name ), '-_ ' ); // A server may run a file by any ending it has in its name.
		return array(
			'name' => ( '' === $name ? 'image' : $name ) . '.' . self::TYPES[ $this->type ],
			'type' => $this->type,
		) + $this->file;
	}

	/**
	 * What is wrong with the file, null when nothing is.
	 *
	 * @return WP_Error|null
	 */
	private function problem() {
		$error = isset( $this->file['error'] ) ? (int) $this->file['error'] : UPLOAD_ERR_OK;
		$size  = isset( $this->file['size'] ) ? (int) $this->file['size'] : 0;
		if ( in_array( $error, array( UPLOAD_ERR_INI_SIZE, UPLOAD_ERR_FORM_SIZE ), true ) || $size > wp_max_upload_size() ) {
			return self::too_large();
		}
		if ( UPLOAD_ERR_OK !== $error ) {
			return in_array( $error, array( UPLOAD_ERR_NO_FILE, UPLOAD_ERR_PARTIAL ), true )
				? self::fault( 'file', 'file did not arrive whole.' )
				: Igny8_Bridge_Problem::not_stored( sprintf( 'PHP could not keep the file (error %d).', $error ) );
		}
		return 0 === $size ? self::fault( 'file', 'file is empty.' ) : $this->type_problem();
	}

	/**
	 * What is wrong with the type.
	 *
	 * @return WP_Error|null
	 */
	private function type_problem() {
		$this->type = self::type_of( (string) ( new SplFileObject( $this->file['tmp_name'] ) )->fread( 12 ) );
		$allowed    = '' !== $this->type && in_array( $this->type, get_allowed_mime_types(), true );
		$size       = $allowed ? wp_getimagesize( $this->file['tmp_name'] ) : false;
		if ( ! $size || ! $size[0] || ! $size[1] ) {
			return Igny8_Bridge_Problem::error( 'unsupported-media-type', 'The file is no image of a type that the site takes.' );
		}
		return $size[0] * $size[1] > self::MAX_PIXELS ? self::too_large() : null;
	}

	/**
	 * The type that a file begins as. PHP's own functions complain about files that are too short to be anything.
	 *
	 * @param string $start Its first 12 bytes.
	 * @return string Empty for none of ours.
	 */
	private static function type_of( $start ) {
		$patterns = array(
			'image/jpeg' => '/^\xFF\xD8\xFF/',
			'image/png'  => '/^\x89PNG\r\n\x1A\n/',
			'image/gif'  => '/^GIF8[79]a/',
			'image/webp' => '/^RIFF....WEBP/s',
			'image/avif' => '/^....ftypavi[fs]/s',
		);
		foreach ( $patterns as $type => $pattern ) {
			if ( 1 === preg_match( $pattern, $start ) ) {
				return $type;
			}
		}
		return '';
	}

	/**
	 * Says whether PHP threw the body away because it was longer than post_max_size.
	 *
	 * @return bool
	 */
	private static function is_cut_off() {
		$length = isset( $_SERVER['CONTENT_LENGTH'] ) ? (int) $_SERVER['CONTENT_LENGTH'] : 0;
		$limit  = wp_convert_hr_to_bytes( (string) ini_get( 'post_max_size' ) );
		return $limit > 0 && $length > $limit;
	}

	/**
	 * The problem for too large a file.
	 *
	 * @return WP_Error
	 */
	private static function too_large() {
		return Igny8_Bridge_Problem::error(
			'too-large',
			sprintf( 'The file is larger than the site takes: %1$d bytes, %2$d pixels.', wp_max_upload_size(), self::MAX_PIXELS )
		);
	}

	/**
	 * The problem for a field with a fault.
	 *
	 * @param string $field   Field.
	 * @param string $message What is wrong.
	 * @return WP_Error
	 */
	private static function fault( $field, $message ) {
		return Igny8_Bridge_Problem::invalid( array( Igny8_Bridge_Fields::fault( $field, $message ) ) );
	}
}

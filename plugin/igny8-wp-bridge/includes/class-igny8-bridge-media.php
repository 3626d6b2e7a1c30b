<?php
/**
 * The media library.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Makes exactly one attachment of the bytes of an image, however often, in parallel or interrupted they are sent.
 */
final class Igny8_Bridge_Media {

	/**
	 * How often the smaller sizes are tried. An image for which PHP has not enough memory ends the request each time; in the
	 * end it is better to have it without them.
	 */
	const MAX_TRIES = 3;

	/**
	 * Keeps an image.
	 *
	 * @param Igny8_Bridge_Upload  $upload The file.
	 * @param array<string,string> $texts  Texts alt, caption, title.
	 * @return array{0:int,1:bool}|WP_Error Attachment, and whether it was made now.
	 */
	public function keep( Igny8_Bridge_Upload $upload, array $texts ) {
		Igny8_Bridge_Media_Table::ensure();
		return Igny8_Bridge_Lock::around_content(
			"\nmedia\n" . $upload->sha256(),
			function () use ( $upload, $texts ) {
				$row   = Igny8_Bridge_Media_Table::reserve( $upload->sha256() );
				$found = Igny8_Bridge_Media_Table::locate( $row );
				$id    = 0 === $found ? $this->insert( $row, $upload, $texts ) : $found;
				if ( is_wp_error( $id ) ) {
					return $id;
				}
				if ( (int) $row->attachment_id !== $id ) { // Made now, or by a request that died before it could note it.
					Igny8_Bridge_Media_Table::update( $row, array( 'attachment_id' => $id ) );
				}
				$this->complete( $row, $id, $texts );
				return array( $id, 0 === $found );
			}
		);
	}

	/**
	 * Moves the file to its place and makes the attachment.
	 *
	 * @param object               $row    Reservation.
	 * @param Igny8_Bridge_Upload  $upload The file.
	 * @param array<string,string> $texts  Texts alt, caption, title.
	 * @return int|WP_Error
	 */
	private function insert( $row, Igny8_Bridge_Upload $upload, array $texts ) {
		$file  = $upload->file();
		$moved = $this->move( $row, $file );
		if ( is_wp_error( $moved ) ) {
			return $moved;
		}
		$post = array(
			'post_title'            => '' === $texts['title'] ? pathinfo( $file['name'], PATHINFO_FILENAME ) : $texts['title'],
			'post_excerpt'          => $texts['caption'],
			'post_mime_type'        => $moved['type'],
			'guid'                  => $moved['url'],
			'post_content_filtered' => Igny8_Bridge_Media_Table::MARK . $row->sha256,
		);
		if ( '' !== $texts['alt'] ) {
			$post['meta_input'] = array( '_wp_attachment_image_alt' => $texts['alt'] );
		}
		$id = wp_insert_attachment( wp_slash( $post ), $moved['file'], 0, true );
		if ( is_wp_error( $id ) ) {
			wp_delete_file( $moved['file'] );
			return Igny8_Bridge_Problem::not_stored( $id );
		}
		return $id;
	}

	/**
	 * Moves the file to its place. The name is noted first: if PHP dies behind it, the next request takes the same one again
	 * instead of leaving a file behind that nobody knows.
	 *
	 * @param object              $row  Reservation.
	 * @param array<string,mixed> $file The file as PHP has it.
	 * @return array{file:string,url:string,type:string}|WP_Error
	 */
	private function move( $row, array $file ) {
		require_once ABSPATH . 'wp-admin/includes/file.php';
		$this->remove_leftover( $row, $file['tmp_name'] );
		$note = static function ( $result, $file, $new_file ) use ( $row ) { // phpcs:ignore Generic.CodeAnalysis.UnusedFunctionParameter.FoundBeforeLastUsed -- the filter's.
			Igny8_Bridge_Media_Table::update(
				$row,
				array(
					'file'          => _wp_relative_upload_path( $new_file ),
					'attachment_id' => null,
					'tries'         => 0,
				)
			);
			return $result;
		};
		add_filter( 'pre_move_uploaded_file', $note, 10, 3 );
		$moved = wp_handle_upload( $file, array( 'test_form' => false ) );
		remove_filter( 'pre_move_uploaded_file', $note );
		return isset( $moved['error'] ) ? Igny8_Bridge_Problem::not_stored( $moved['error'] ) : $moved;
	}

	/**
	 * Removes the file of an upload that died before it had an attachment. Its name may be somebody else's by now, so it has to
	 * be these bytes, or their beginning if PHP died while it copied them from another disk, and nobody's attachment.
	 *
	 * @param object $row Reservation.
	 * @param string $tmp Where PHP keeps the bytes that are uploaded now.
	 * @return void
	 */
	private function remove_leftover( $row, $tmp ) {
		if ( null !== $row->attachment_id || '' === $row->file ) {
			return; // What had an attachment went with it.
		}
		$left = path_join( wp_upload_dir()['basedir'], $row->file );
		if ( is_file( $left ) && self::is_beginning( $left, $tmp ) && ! Igny8_Bridge_Media_Table::is_attached( $row->file ) ) {
			wp_delete_file( $left );
		}
	}

	/**
	 * Says whether a file begins with all the bytes of another.
	 *
	 * @param string $part  Path of the one that may be cut off.
	 * @param string $whole Path of the whole one.
	 * @return bool
	 */
	private static function is_beginning( $part, $whole ) {
		$found = hash_file( 'sha256', $part );
		$hash  = hash_init( 'sha256' );
		$bytes = fopen( $whole, 'rb' ); // phpcs:ignore WordPress.WP.AlternativeFunctions -- WP_Filesystem reads files at once only.
		if ( false === $found || false === $bytes ) {
			return false;
		}
		hash_update_stream( $hash, $bytes, (int) filesize( $part ) );
		fclose( $bytes ); // phpcs:ignore WordPress.WP.AlternativeFunctions -- see above.
		return hash_equals( hash_final( $hash ), $found );
	}

	/**
	 * Makes what an attachment lacks: its file's place and its smaller sizes, if a request died in between.
	 *
	 * @param object               $row   Reservation.
	 * @param int                  $id    Attachment.
	 * @param array<string,string> $texts Texts alt, caption, title.
	 * @return void
	 */
	private function complete( $row, $id, array $texts ) {
		if ( '' !== $row->file && ! get_post_meta( $id, '_wp_attached_file', true ) ) {
			update_attached_file( $id, path_join( wp_upload_dir()['basedir'], $row->file ) );
		}
		if ( '' !== $texts['alt'] && ! metadata_exists( 'post', $id, '_wp_attachment_image_alt' ) ) {
			update_post_meta( $id, '_wp_attachment_image_alt', wp_slash( $texts['alt'] ) );
		}
		require_once ABSPATH . 'wp-admin/includes/image.php';
		if ( wp_get_attachment_metadata( $id ) && ! wp_get_missing_image_subsizes( $id ) ) {
			return;
		}
		if ( (int) $row->tries < self::MAX_TRIES ) {
			Igny8_Bridge_Media_Table::update( $row, array( 'tries' => (int) $row->tries + 1 ) );
			wp_update_image_subsizes( $id );
		}
	}

	/**
	 * The representation of an attachment.
	 *
	 * @param int    $id     Attachment.
	 * @param string $sha256 Digest of the bytes as they were uploaded.
	 * @return array<string,mixed>
	 */
	public static function show( $id, $sha256 ) {
		$post = get_post( $id );
		$meta = wp_get_attachment_metadata( $id );
		return array(
			'id'        => $id,
			'url'       => (string) wp_get_attachment_url( $id ),
			'sha256'    => $sha256,
			'mime_type' => $post->post_mime_type,
			'width'     => isset( $meta['width'] ) ? (int) $meta['width'] : 0,
			'height'    => isset( $meta['height'] ) ? (int) $meta['height'] : 0,
			'alt'       => (string) get_post_meta( $id, '_wp_attachment_image_alt', true ),
			'caption'   => $post->post_excerpt,
			'title'     => $post->post_title,
			'sizes'     => (object) self::sizes( $id, is_array( $meta ) ? $meta : array() ),
		);
	}

	/**
	 * The smaller versions of an image.
	 *
	 * @param int                 $id   Attachment.
	 * @param array<string,mixed> $meta Its metadata.
	 * @return array<string,array<string,mixed>> By name.
	 */
	private static function sizes( $id, array $meta ) {
		$sizes = array();
		foreach ( array_keys( isset( $meta['sizes'] ) ? $meta['sizes'] : array() ) as $name ) {
			$image = wp_get_attachment_image_src( $id, $name );
			if ( $image ) {
				$sizes[ $name ] = array(
					'url'    => $image[0],
					'width'  => (int) $meta['sizes'][ $name ]['width'],
					'height' => (int) $meta['sizes'][ $name ]['height'],
				);
			}
		}
		return $sizes;
	}
}

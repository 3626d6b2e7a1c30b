<?php
/**
 * Publishing.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Makes exactly one post of a content key, however often, in parallel or interrupted it is sent.
 *
 * The order is what makes it so: lock, look, reserve, insert with the guid, complete, record. Wherever a request dies, the
 * next one finds either nothing, a reservation without a post, a reservation whose post the guid leads to, or a finished post.
 */
final class Igny8_Bridge_Publisher {

	/**
	 * Seconds to wait for another request with the same key: long enough for it to finish as a rule, so that the answer
	 * is the post, and short enough not to keep a PHP worker busy.
	 */
	const LOCK_WAIT = 1;

	/**
	 * Seconds between the reservation of an attempt and the last change it makes to the post itself: twice the time
	 * PHP commonly gives a request.
	 */
	const LONGEST_ATTEMPT = 60;

	/**
	 * Meta of a post that is whole, or is to stay as it is: its content key. From it the reservations are made again when their table is lost.
	 */
	const KEY_META = '_igny8_content_key';

	/**
	 * Publishes fields that fit the schema.
	 *
	 * @param array<string,mixed> $fields Fields of the request.
	 * @return array<string,mixed>|WP_Error Representation of the post that was made, or a problem.
	 */
	public function publish( array $fields ) {
		return Igny8_Bridge_Lock::around_content(
			$fields['content_key'],
			function () use ( $fields ) {
				return $this->publish_locked( $fields );
			}
		);
	}

	/**
	 * The problem for a key that another request is publishing.
	 *
	 * @return WP_Error
	 */
	public static function in_progress() {
		return Igny8_Bridge_Problem::error( 'in-progress', 'Another request is publishing this content key.' );
	}

	/**
	 * Publishes while the lock of the key is held.
	 *
	 * What the site has and allows is asked only when something is to be written: the answer for a key that has its post
	 * must not change because the author was renamed since.
	 *
	 * @param array<string,mixed> $fields Fields of the request.
	 * @return array<string,mixed>|WP_Error
	 */
	private function publish_locked( array $fields ) {
		$row   = Igny8_Bridge_Reservation::find( $fields['content_key'] );
		$ended = Igny8_Bridge_Ended::refuse_key( $row, $fields );
		if ( $ended ) {
			return $ended;
		}
		$post_id = $row ? Igny8_Bridge_Reservation::locate( $row ) : 0;
		$left_id = 0;
		if ( 0 !== $post_id && $this->is_final( $row, $post_id ) ) {
			$answer = $this->answer( $row, $post_id, $fields );
			if ( $answer ) {
				return $answer;
			}
			$left_id = $post_id;
			$post_id = 0;
		}
		$payload = Igny8_Bridge_Payload::from( $fields );
		if ( is_wp_error( $payload ) ) {
			return $payload;
		}
		$term_ids = $payload->term_ids(); // Before the INSERT: what is missing or not allowed must not leave half a post.
		if ( is_wp_error( $term_ids ) ) {
			return $term_ids;
		}
		if ( 0 !== $left_id ) {
			Igny8_Bridge_Trashed::let_go( $left_id, $row );
			$row = null;
		}
		$own = $this->own( $payload, $row, $post_id );
		return $own ? $this->write( $own, $payload, new Igny8_Bridge_Writer( $payload, $term_ids, Igny8_Bridge_Managed::of( $row ) ), $post_id ) : self::in_progress();
	}

	/**
	 * What to answer for a key that has its post.
	 *
	 * @param object              $row     Reservation.
	 * @param int                 $post_id Its post.
	 * @param array<string,mixed> $fields  Fields of the request.
	 * @return array<string,mixed>|WP_Error|null Null if the post is nobody's, and of another type than is asked for.
	 */
	private function answer( $row, $post_id, array $fields ) {
		$ended = Igny8_Bridge_Trashed::refuse( $post_id, $fields );
		if ( $ended ) {
			return $ended;
		}
		$hash = Igny8_Bridge_Trashed::free_hash( $post_id, $row );
		if ( '' === $hash ) {
			return $this->already_published( $row, $post_id );
		}
		$type = isset( $fields['post_type'] ) ? $fields['post_type'] : 'post';
		return get_post_type( $post_id ) === $type ? $this->bring_back( $row, $post_id, $fields, $hash ) : null;
	}

	/**
	 * Makes the post of a request that was deleted the one of this request. That it is in the trash says nothing to this one.
	 *
	 * @param object              $row     Reservation.
	 * @param int                 $post_id Its post.
	 * @param array<string,mixed> $fields  Fields of the request.
	 * @param string              $hash    Content hash of the post.
	 * @return array<string,mixed>|WP_Error
	 */
	private function bring_back( $row, $post_id, array $fields, $hash ) {
		$post = ( new Igny8_Bridge_Updater( array( 'restore' => true ) + $fields, $hash ) )->update_locked( $post_id );
		$data = is_wp_error( $post ) ? $post->get_error_data() : array();
		return isset( $data['status'] ) && 412 === $data['status'] ? $this->already_published( $row, $post_id ) : $post;
	}

	/**
	 * Makes the reservation of the key this attempt's own.
	 *
	 * @param Igny8_Bridge_Payload $payload What to publish.
	 * @param object|null          $row     Reservation there is.
	 * @param int                  $post_id Its post, 0 for none.
	 * @return object|null The reservation, null when another request was first.
	 */
	private function own( Igny8_Bridge_Payload $payload, $row, $post_id ) {
		if ( 0 !== $post_id ) {
			return Igny8_Bridge_Reservation::take_over( $row, $post_id, $payload );
		}
		if ( $row ) {
			Igny8_Bridge_Reservation::free( $row ); // Its post was deleted for good, or its request died before the INSERT.
		}
		return Igny8_Bridge_Reservation::reserve( $payload );
	}

	/**
	 * Writes the post and records it.
	 *
	 * @param object               $own     The reservation of this attempt.
	 * @param Igny8_Bridge_Payload $payload What to publish.
	 * @param Igny8_Bridge_Writer  $writer  What writes it.
	 * @param int                  $post_id Post of a request that died after its INSERT, 0 for none.
	 * @return array<string,mixed>|WP_Error
	 */
	private function write( $own, Igny8_Bridge_Payload $payload, Igny8_Bridge_Writer $writer, $post_id ) {
		$stored_id = $writer->write( $post_id );
		if ( is_wp_error( $stored_id ) ) {
			$this->free_unless_inserted( $own );
			return Igny8_Bridge_Problem::not_stored( $stored_id );
		}
		$fault = $writer->fault( $stored_id );
		if ( '' !== $fault ) {
			// Or else each further attempt would leave one more post on the site.
			wp_delete_post( $stored_id, true );
			$this->free_unless_inserted( $own );
			return Igny8_Bridge_Problem::not_stored( $fault );
		}
		add_post_meta( $stored_id, self::KEY_META, wp_slash( $payload->content_key() ), true );
		$managed = $writer->managed( $stored_id );
		$post    = Igny8_Bridge_Representation::of( $stored_id, $this->row( $payload, $managed ) );
		if ( ! Igny8_Bridge_Reservation::finish( $own, $payload, $stored_id, $managed, $post['content_hash'] ) ) {
			return $this->give_way( $payload, $stored_id );
		}
		return array( 'written_hash' => $post['content_hash'] ) + $post + $writer->report( $stored_id );
	}

	/**
	 * The reservation as it will be when the post is recorded.
	 *
	 * @param Igny8_Bridge_Payload $payload What to publish.
	 * @param Igny8_Bridge_Managed $managed What is managed from now on.
	 * @return object
	 */
	private function row( Igny8_Bridge_Payload $payload, Igny8_Bridge_Managed $managed ) {
		$row = array(
			'content_key' => $payload->content_key(),
			'managed'     => $managed->encode(),
			'intent'      => '',
		);
		return (object) ( $row + $payload->origin() );
	}

	/**
	 * Takes back the post of an attempt that lost its reservation, unless the attempt that has it now goes on with this post.
	 *
	 * @param Igny8_Bridge_Payload $payload   What to publish.
	 * @param int                  $stored_id The post.
	 * @return WP_Error
	 */
	private function give_way( Igny8_Bridge_Payload $payload, $stored_id ) {
		$row = Igny8_Bridge_Reservation::find( $payload->content_key() );
		if ( ! $row || (int) $row->post_id !== $stored_id ) {
			wp_delete_post( $stored_id, true );
		}
		return self::in_progress();
	}

	/**
	 * Says whether a key has its post: a finished one, or one that a person took in hand before it was finished.
	 *
	 * @param object $row     Reservation.
	 * @param int    $post_id Its post.
	 * @return bool
	 */
	private function is_final( $row, $post_id ) {
		if ( Igny8_Bridge_Reservation::DONE === $row->state ) {
			return true;
		}
		if ( ! $this->is_in_hand( $row, get_post( $post_id ) ) || ! Igny8_Bridge_Reservation::settle( $row, $post_id ) ) {
			return false;
		}
		add_post_meta( $post_id, self::KEY_META, wp_slash( $row->content_key ), true );
		return true;
	}

	/**
	 * Says whether a person has put a half-made post into the trash or edited it: completing it would undo that.
	 *
	 * The editors of WordPress leave the editor's id; other ways leave only a later time. WordPress gives a new post that waits
	 * for its date that date as the time of its last change.
	 *
	 * @param object  $row  Reservation.
	 * @param WP_Post $post Its post.
	 * @return bool
	 */
	private function is_in_hand( $row, WP_Post $post ) {
		$latest  = strtotime( $row->updated_gmt . ' UTC' ) + self::LONGEST_ATTEMPT;
		$changed = get_post_timestamp( $post, 'modified' );
		return 'trash' === $post->post_status
			|| '' !== get_post_meta( $post->ID, '_edit_last', true )
			|| ( $changed > $latest && ! ( 'future' === $post->post_status && $post->post_modified_gmt === $post->post_date_gmt ) );
	}

	/**
	 * The problem for a key that has its post.
	 *
	 * @param object $row     Reservation.
	 * @param int    $post_id Its post.
	 * @return WP_Error
	 */
	private function already_published( $row, $post_id ) {
		return Igny8_Bridge_Problem::error(
			'already-published',
			sprintf( 'The content key has post %d.', $post_id ),
			array( 'post' => Igny8_Bridge_Representation::of( $post_id, $row ) )
		);
	}

	/**
	 * Frees the key of a post that was refused, unless its row was inserted before something else failed.
	 *
	 * @param object $own The reservation of this attempt.
	 * @return void
	 */
	private function free_unless_inserted( $own ) {
		$row = Igny8_Bridge_Reservation::find( $own->content_key );
		if ( $row && $row->attempt === $own->attempt && 0 === Igny8_Bridge_Reservation::locate( $row ) ) {
			Igny8_Bridge_Reservation::free( $row );
		}
	}
}

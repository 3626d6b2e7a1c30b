<?php
/**
 * Updating.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Brings the post of a content key to what was sent, if it is as the sender believes it to be.
 *
 * The order: lock, find, nothing to do?, trash, precondition, editor, write, record. Nothing that a person did is overwritten unseen.
 */
final class Igny8_Bridge_Updater {

	/**
	 * Fields of the request.
	 *
	 * @var array<string,mixed>
	 */
	private $fields;

	/**
	 * Content hash that the post must have.
	 *
	 * @var string
	 */
	private $expected;

	/**
	 * Takes an update.
	 *
	 * @param array<string,mixed> $fields   Fields that fit the schema.
	 * @param string              $expected Content hash that the post must have.
	 */
	public function __construct( array $fields, $expected ) {
		$this->fields   = $fields;
		$this->expected = $expected;
	}

	/**
	 * Updates the post.
	 *
	 * @param int $post_id Post.
	 * @return array<string,mixed>|WP_Error Representation of the post, or a problem.
	 */
	public function update( $post_id ) {
		return Igny8_Bridge_Lock::around_content(
			$this->fields['content_key'],
			function () use ( $post_id ) {
				return $this->update_locked( $post_id );
			}
		);
	}

	/**
	 * Updates the post while the lock of its key is held.
	 *
	 * @param int $post_id Post.
	 * @return array<string,mixed>|WP_Error Representation of the post, or a problem.
	 */
	public function update_locked( $post_id ) {
		$owned = new Igny8_Bridge_Owned_Post( $post_id, $this->fields['content_key'] );
		if ( $owned->problem ) {
			return $owned->problem;
		}
		if ( ! current_user_can( 'edit_post', $post_id ) ) {
			return Igny8_Bridge_Problem::error( 'forbidden', 'The user of the API key may not edit this post.' );
		}
		$ended = Igny8_Bridge_Trashed::refuse( $post_id, $this->fields );
		return $ended ? $ended : $this->update_owned( $owned );
	}

	/**
	 * Updates the post if nothing is in the way.
	 *
	 * @param Igny8_Bridge_Owned_Post $owned The post.
	 * @return array<string,mixed>|WP_Error
	 */
	private function update_owned( Igny8_Bridge_Owned_Post $owned ) {
		$current = Igny8_Bridge_Representation::of( $owned->post->ID, $owned->row );
		if ( $this->is_done( $owned, $current['content_hash'] ) ) {
			return Igny8_Bridge_Representation::of( $owned->post->ID, Igny8_Bridge_Reservation::claim( $owned->row, $this->origin() ) );
		}
		$problem = $this->obstacle( $owned, $current['content_hash'] );
		if ( $problem ) {
			return $problem;
		}
		$payload = Igny8_Bridge_Payload::from( $this->fields, $owned->post );
		if ( is_wp_error( $payload ) ) {
			return $payload;
		}
		$term_ids = $payload->term_ids();
		return is_wp_error( $term_ids ) ? $term_ids : $this->write( $owned, $payload, $term_ids );
	}

	/**
	 * Says whether the post is what this request would make of it: its answer was lost, and it was sent again.
	 *
	 * @param Igny8_Bridge_Owned_Post $owned The post.
	 * @param string                  $hash  Its content hash.
	 * @return bool
	 */
	private function is_done( Igny8_Bridge_Owned_Post $owned, $hash ) {
		$digest = isset( $this->fields['source_digest'] ) ? $this->fields['source_digest'] : '';
		return '' !== $digest
			&& $digest === $owned->row->source_digest
			&& $hash === $owned->row->content_hash
			&& '' === $owned->row->intent;
	}

	/**
	 * What keeps the post from being updated, null when nothing does.
	 *
	 * @param Igny8_Bridge_Owned_Post $owned The post.
	 * @param string                  $hash  Its content hash.
	 * @return WP_Error|null
	 */
	private function obstacle( Igny8_Bridge_Owned_Post $owned, $hash ) {
		if ( 'trash' === $owned->post->post_status && empty( $this->fields['restore'] ) ) {
			return Igny8_Bridge_Problem::error(
				'post-trashed',
				'The post is in the trash; restore brings it back.',
				array( 'post' => Igny8_Bridge_Representation::with_editor( $owned->post->ID, $owned->row ) )
			);
		}
		return $hash === $this->expected ? Igny8_Bridge_Edit_Lock::problem( $owned->post->ID ) : $owned->changed();
	}

	/**
	 * Writes the post and records it.
	 *
	 * @param Igny8_Bridge_Owned_Post $owned    The post.
	 * @param Igny8_Bridge_Payload    $payload  What to write.
	 * @param array<string,int[]>     $term_ids Ids of the terms by taxonomy.
	 * @return array<string,mixed>|WP_Error
	 */
	private function write( Igny8_Bridge_Owned_Post $owned, Igny8_Bridge_Payload $payload, array $term_ids ) {
		$post_id = $owned->post->ID;
		$writer  = new Igny8_Bridge_Writer( $payload, $term_ids, Igny8_Bridge_Managed::of( $owned->row ) );
		$intent  = new Igny8_Bridge_Intent( $owned->row, $owned->post, $this->expected );
		try {
			$stored = $intent->during(
				function () use ( $owned, $writer ) {
					if ( 'trash' === $owned->post->post_status ) {
						wp_untrash_post( $owned->post->ID ); // Comments and the slug come back with it.
					}
					return $writer->write( $owned->post->ID );
				}
			);
		} catch ( Igny8_Bridge_Changed $changed ) {
			clean_post_cache( $post_id );
			return get_post( $post_id ) ? $owned->changed() : Igny8_Bridge_Owned_Post::not_found();
		}
		$fault = is_wp_error( $stored ) ? $stored : $writer->fault( $post_id );
		if ( '' !== $fault ) {
			return Igny8_Bridge_Problem::not_stored( $fault );
		}
		return $this->record( $intent->row(), $payload, $writer, $post_id );
	}

	/**
	 * Records the update.
	 *
	 * @param object               $row     The reservation.
	 * @param Igny8_Bridge_Payload $payload What was written.
	 * @param Igny8_Bridge_Writer  $writer  What wrote it.
	 * @param int                  $post_id The post.
	 * @return array<string,mixed>|WP_Error
	 */
	private function record( $row, Igny8_Bridge_Payload $payload, Igny8_Bridge_Writer $writer, $post_id ) {
		$managed = $writer->managed( $post_id );
		$changes = array(
			'managed' => $managed->encode(),
			'intent'  => '',
		);
		$post    = Igny8_Bridge_Representation::of( $post_id, (object) ( $changes + $payload->origin() + (array) $row ) );
		if ( ! Igny8_Bridge_Reservation::finish( $row, $payload, $post_id, $managed, $post['content_hash'] ) ) {
			return Igny8_Bridge_Publisher::in_progress();
		}
		return array( 'written_hash' => $post['content_hash'] ) + $post + $writer->report( $post_id );
	}

	/**
	 * Who sends the update, by column of the reservation.
	 *
	 * @return array<string,string>
	 */
	private function origin() {
		return array_intersect_key( $this->fields, array_flip( array( 'owner', 'claim' ) ) );
	}
}

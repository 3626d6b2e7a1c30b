<?php
/**
 * Trashing and deleting.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Takes the post of a content key away: into the trash, or for good. Sent again, it says what is already so.
 */
final class Igny8_Bridge_Remover {

	/**
	 * The post is in the trash.
	 */
	const TRASHED = 'trashed';

	/**
	 * The post was deleted for good.
	 */
	const DELETED = 'deleted';

	/**
	 * There is no such post, any more.
	 */
	const GONE = 'gone';

	/**
	 * Whether to delete the post for good.
	 *
	 * @var bool
	 */
	private $force;

	/**
	 * Content hash the post must have, empty for any.
	 *
	 * @var string
	 */
	private $expected;

	/**
	 * Claim the post must have, empty for any.
	 *
	 * @var string
	 */
	private $claim;

	/**
	 * Takes what the removal depends on.
	 *
	 * @param bool   $force    Whether to delete the post for good.
	 * @param string $expected Content hash the post must have, empty for any.
	 * @param string $claim    Claim the post must have, empty for any.
	 */
	public function __construct( $force, $expected, $claim ) {
		$this->force    = $force;
		$this->expected = $expected;
		$this->claim    = $claim;
	}

	/**
	 * Removes a post.
	 *
	 * @param int    $post_id     Post, 0 for the key's whatever its id.
	 * @param string $content_key Content key.
	 * @return array<string,mixed>|WP_Error
	 */
	public function remove( $post_id, $content_key ) {
		return Igny8_Bridge_Lock::around_content(
			$content_key,
			function () use ( $post_id, $content_key ) {
				$owned = 0 === $post_id ? Igny8_Bridge_Owned_Post::of_key( $content_key, $this->claim ) : Igny8_Bridge_Owned_Post::to_remove( $post_id, $content_key, $this->claim );
				if ( $owned->post && $this->is_of_other( $owned->row, 0 === $post_id ) ) {
					return $owned->claimed();
				}
				$result = $owned->post ? $this->remove_owned( $owned ) : $this->already( $owned );
				if ( '' !== $this->claim && ! is_wp_error( $result ) && self::TRASHED !== $result ) {
					Igny8_Bridge_Reservation::end( $content_key, $this->claim ); // A post in the trash keeps its key by itself.
					Igny8_Bridge_Ended::schedule();
				}
				$members = array(
					'id'          => $owned->post ? $owned->post->ID : $post_id,
					'content_key' => $content_key,
				);
				return is_wp_error( $result ) ? $result : $members + array( 'result' => $result );
			}
		);
	}

	/**
	 * What to say about a post that is not there. Only a post of this key under another id is a problem.
	 *
	 * @param Igny8_Bridge_Owned_Post $owned The post.
	 * @return string|WP_Error
	 */
	private function already( Igny8_Bridge_Owned_Post $owned ) {
		$data = $owned->problem->get_error_data();
		if ( isset( $data['problem']['post'] ) ) {
			return $owned->problem;
		}
		if ( $owned->row && Igny8_Bridge_Reservation::DONE === $owned->row->state ) {
			Igny8_Bridge_Reservation::free( $owned->row ); // Whoever deleted the post died before it was noted.
		}
		return self::GONE;
	}

	/**
	 * Says whether a post is not the caller's. Of one without a claim, its id is what shows that: who knows no id has nothing else.
	 *
	 * @param object $row    Reservation of the post.
	 * @param bool   $by_key Whether it was named by its key alone.
	 * @return bool
	 */
	private function is_of_other( $row, $by_key ) {
		return '' !== $this->claim && $this->claim !== $row->claim && ( $by_key || '' !== (string) $row->claim );
	}

	/**
	 * Removes a post that is there.
	 *
	 * @param Igny8_Bridge_Owned_Post $owned The post.
	 * @return string|WP_Error
	 */
	private function remove_owned( Igny8_Bridge_Owned_Post $owned ) {
		$post_id = $owned->post->ID;
		if ( ! current_user_can( 'delete_post', $post_id ) ) {
			return Igny8_Bridge_Problem::error( 'forbidden', 'The user of the API key may not delete this post.' );
		}
		if ( 'trash' === $owned->post->post_status && ! $this->force ) {
			Igny8_Bridge_Trashed::complete( $post_id, $owned->row, $this->claim );
			return self::TRASHED;
		}
		if ( '' !== $this->expected && Igny8_Bridge_Representation::of( $post_id, $owned->row )['content_hash'] !== $this->expected ) {
			return $owned->changed();
		}
		$locked = Igny8_Bridge_Edit_Lock::problem( $post_id );
		if ( $locked ) {
			return $locked;
		}
		return $this->let_go( $owned );
	}

	/**
	 * Removes a post that nothing holds.
	 *
	 * @param Igny8_Bridge_Owned_Post $owned The post.
	 * @return string|WP_Error
	 */
	private function let_go( Igny8_Bridge_Owned_Post $owned ) {
		$post_id = $owned->post->ID;
		if ( ! $this->force ) {
			Igny8_Bridge_Trashed::begin( $post_id, $this->claim );
		}
		// WordPress deletes for good where the trash is turned off, so what happened is looked up.
		$done = $this->force ? wp_delete_post( $post_id, true ) : wp_trash_post( $post_id );
		$left = get_post( $post_id );
		if ( ! $done || ( $left && ( $this->force || 'trash' !== $left->post_status ) ) ) {
			return Igny8_Bridge_Problem::not_stored( 'WordPress, or another plugin, did not let the post go.' );
		}
		if ( $left ) {
			Igny8_Bridge_Trashed::complete( $post_id, $owned->row, $this->claim );
		}
		return $left ? self::TRASHED : self::DELETED;
	}
}

<?php
/**
 * A post found by its id and its content key.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Finds the post that a request for change names.
 *
 * It is named twice, by id and by content key: ids move when a database is restored, and another content's post must not be
 * changed in its place.
 */
final class Igny8_Bridge_Owned_Post {

	/**
	 * The reservation, null when the key has none.
	 *
	 * @var object|null
	 */
	public $row;

	/**
	 * The post, null when the key has none.
	 *
	 * @var WP_Post|null
	 */
	public $post;

	/**
	 * What is wrong, null when nothing is.
	 *
	 * @var WP_Error|null
	 */
	public $problem;

	/**
	 * Looks a post up.
	 *
	 * @param int    $post_id     Id.
	 * @param string $content_key Content key.
	 */
	public function __construct( $post_id, $content_key ) {
		$this->row = Igny8_Bridge_Reservation::find( $content_key );
		$done      = $this->row && Igny8_Bridge_Reservation::DONE === $this->row->state;
		$found     = $done ? Igny8_Bridge_Reservation::locate( $this->row ) : 0;
		if ( 0 !== $found && $found === $post_id ) {
			$this->post = get_post( $found );
		} elseif ( 0 !== $found ) {
			$this->problem = $this->mismatch( $post_id, array( 'post' => Igny8_Bridge_Representation::of( $found, $this->row ) ) );
		} else {
			$this->problem = Igny8_Bridge_Reservation::find_by_post( $post_id ) ? $this->mismatch( $post_id, array() ) : self::not_found();
		}
	}

	/**
	 * Looks up the post of a content key, whatever its id; also one that a dead request left half-made.
	 *
	 * @param string $content_key Content key.
	 * @param string $claim       Whose a half-made post has to be, empty for anybody's: another's is left for that to complete.
	 * @return self
	 */
	public static function of_key( $content_key, $claim ) {
		return new self( self::settle( $content_key, $claim ), $content_key );
	}

	/**
	 * Looks up a post that is to be removed, by its id and its content key; also one that a dead request left half-made.
	 *
	 * @param int    $post_id     Id.
	 * @param string $content_key Content key.
	 * @param string $claim       As in of_key().
	 * @return self
	 */
	public static function to_remove( $post_id, $content_key, $claim ) {
		self::settle( $content_key, $claim );
		return new self( $post_id, $content_key );
	}

	/**
	 * Has the key have a post that a dead request left half-made.
	 *
	 * @param string $content_key Content key.
	 * @param string $claim       As in of_key().
	 * @return int The post of the key, 0 for none.
	 */
	private static function settle( $content_key, $claim ) {
		$row   = Igny8_Bridge_Reservation::find( $content_key );
		$found = $row ? Igny8_Bridge_Reservation::locate( $row ) : 0;
		if ( 0 !== $found && Igny8_Bridge_Reservation::DONE !== $row->state && ( '' === $claim || $claim === $row->claim ) ) {
			Igny8_Bridge_Reservation::settle( $row, $found );
		}
		return $found;
	}

	/**
	 * The problem for a post that is not there or not one of ours: the two are not told apart.
	 *
	 * @return WP_Error
	 */
	public static function not_found() {
		return Igny8_Bridge_Problem::error( 'post-not-found', 'There is no such post that was published through this route.' );
	}

	/**
	 * The problem for a post whose precondition failed, with the post as it is.
	 *
	 * @return WP_Error
	 */
	public function changed() {
		return Igny8_Bridge_Problem::error(
			'precondition-failed',
			'The post is not as it was when its content hash was read.',
			array( 'post' => Igny8_Bridge_Representation::with_editor( $this->post->ID, $this->row ) )
		);
	}

	/**
	 * The problem for a post that another request has claimed, with the post as it is.
	 *
	 * @return WP_Error
	 */
	public function claimed() {
		return Igny8_Bridge_Problem::error(
			'claimed-by-other',
			sprintf( 'Post %d belongs to another request.', $this->post->ID ),
			array( 'post' => Igny8_Bridge_Representation::with_editor( $this->post->ID, $this->row ) )
		);
	}

	/**
	 * The problem for an id that is not the key's.
	 *
	 * @param int                 $post_id Id.
	 * @param array<string,mixed> $members Further members of the problem.
	 * @return WP_Error
	 */
	private function mismatch( $post_id, array $members ) {
		return Igny8_Bridge_Problem::error( 'content-key-mismatch', sprintf( 'Post %d is not the post of this content key.', $post_id ), $members );
	}
}

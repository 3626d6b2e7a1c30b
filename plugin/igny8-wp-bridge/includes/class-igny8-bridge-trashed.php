<?php
/**
 * Posts that went into the trash with their requests.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Tells a post that was put into the trash because its request was deleted from one that a person put there.
 *
 * The first is nobody's any more: the next request of its key brings it back, as it would make a new post had the first been
 * deleted for good. The mark is kept with the post, where it goes when the post does; its key stays the post's.
 */
final class Igny8_Bridge_Trashed {

	/**
	 * Meta with the mark of a post whose request was deleted: `claim`, and since when (`time`). Once the post is in the trash, also `hash`:
	 * its content hash there, empty unless it went there with its request and had nothing in it but the last write; and `trashed`,
	 * WordPress's time of that.
	 */
	const META = '_igny8_ended_claim';

	/**
	 * Notes that a post is about to be put into the trash for a claim: whoever dies after that has said why.
	 *
	 * @param int    $post_id Post.
	 * @param string $claim   The claim, empty for none.
	 * @return void
	 */
	public static function begin( $post_id, $claim ) {
		if ( '' !== $claim ) {
			self::note( $post_id, $claim, array() );
		}
	}

	/**
	 * Notes how a post is in the trash, once it is there.
	 *
	 * @param int    $post_id Post.
	 * @param object $row     Its reservation.
	 * @param string $claim   The claim, empty for none.
	 * @return void
	 */
	public static function complete( $post_id, $row, $claim ) {
		$mark    = self::mark( $post_id );
		$is_ours = $mark && $mark['claim'] === $claim;
		if ( '' === $claim || ( $is_ours && isset( $mark['hash'] ) ) ) {
			return;
		}
		$trashed = (int) get_post_meta( $post_id, '_wp_trash_meta_time', true );
		$is_ours = $is_ours && $trashed >= $mark['time'] && $trashed <= $mark['time'] + Igny8_Bridge_Publisher::LONGEST_ATTEMPT;
		self::note(
			$post_id,
			$claim,
			array(
				'hash'    => $is_ours ? self::hash_as_written( $post_id, $row ) : '', // Else a person put it there before.
				'trashed' => $trashed,
			)
		);
	}

	/**
	 * Stores the mark of a post.
	 *
	 * @param int                 $post_id Post.
	 * @param string              $claim   The claim.
	 * @param array<string,mixed> $members Further members.
	 * @return void
	 */
	private static function note( $post_id, $claim, array $members ) {
		$mark = array(
			'claim' => $claim,
			'time'  => time(),
		);
		update_post_meta( $post_id, self::META, wp_slash( $mark + $members ) );
	}

	/**
	 * The content hash of a post in the trash, empty if somebody had changed it before: bringing it back would overwrite that.
	 *
	 * @param int    $post_id Post.
	 * @param object $row     Its reservation.
	 * @return string
	 */
	private static function hash_as_written( $post_id, $row ) {
		$post = Igny8_Bridge_Representation::with_editor( $post_id, $row );
		$same = isset( $post['untrashed_hash'] ) && $post['untrashed_hash'] === $row->content_hash && '' === $row->intent;
		return $same ? $post['content_hash'] : '';
	}

	/**
	 * The content hash of a post that is free for the next request of its key, empty if it is not: nobody has touched or taken it since.
	 * One whose bringing back was interrupted still counts as having that hash.
	 *
	 * @param int    $post_id Post.
	 * @param object $row     Its reservation.
	 * @return string
	 */
	public static function free_hash( $post_id, $row ) {
		$mark = self::mark( $post_id );
		if ( empty( $mark['hash'] ) || $mark['claim'] !== $row->claim ) {
			return '';
		}
		$is_trashed = 'trash' === get_post_status( $post_id );
		if ( $is_trashed && (int) get_post_meta( $post_id, '_wp_trash_meta_time', true ) !== $mark['trashed'] ) {
			return ''; // A person brought it back, and put it there again.
		}
		return Igny8_Bridge_Representation::of( $post_id, $row )['content_hash'] === $mark['hash'] ? $mark['hash'] : '';
	}

	/**
	 * The problem for a claim that has ended while its post is in the trash, null if it has not.
	 *
	 * @param int                 $post_id Post.
	 * @param array<string,mixed> $fields  Fields of the request.
	 * @return WP_Error|null
	 */
	public static function refuse( $post_id, array $fields ) {
		$mark = self::mark( $post_id );
		return $mark && isset( $fields['claim'] ) && $fields['claim'] === $mark['claim'] ? Igny8_Bridge_Ended::problem( $mark['time'] ) : null;
	}

	/**
	 * Makes a free post one like any other, which stays in the trash, and frees its key: a post of another type cannot be made of it.
	 *
	 * @param int    $post_id Post.
	 * @param object $row     Its reservation.
	 * @return void
	 */
	public static function let_go( $post_id, $row ) {
		global $wpdb;
		// phpcs:ignore WordPress.DB.DirectDatabaseQuery -- wp_update_post() leaves the guid as it is.
		$wpdb->update( $wpdb->posts, array( 'guid' => home_url( '/?p=' . $post_id ) ), array( 'ID' => $post_id ) );
		Igny8_Bridge_Database_Error::check();
		clean_post_cache( $post_id );
		delete_post_meta( $post_id, Igny8_Bridge_Publisher::KEY_META );
		Igny8_Bridge_Reservation::free( $row );
	}

	/**
	 * The mark of a post.
	 *
	 * @param int $post_id Post.
	 * @return array{claim:string,time:int,hash?:string,trashed?:int}|null
	 */
	private static function mark( $post_id ) {
		$mark = get_post_meta( $post_id, self::META, true );
		return is_array( $mark ) && isset( $mark['claim'], $mark['time'] ) ? $mark : null;
	}
}

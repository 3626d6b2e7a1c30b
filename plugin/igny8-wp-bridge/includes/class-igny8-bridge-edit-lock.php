<?php
/**
 * The lock of the editor.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Tells who has a post open in the editor.
 */
final class Igny8_Bridge_Edit_Lock {

	/**
	 * Seconds for which an editor that was not heard of again keeps a post; WordPress's own number.
	 */
	const WINDOW = 150;

	/**
	 * The problem for a post that somebody has open, null when nobody has.
	 *
	 * Not wp_check_post_lock(): that lets the current user pass, but the key's user may be a person who sits in an editor.
	 *
	 * @param int $post_id Post.
	 * @return WP_Error|null
	 */
	public static function problem( $post_id ) {
		$lock   = explode( ':', (string) get_post_meta( $post_id, '_edit_lock', true ) );
		$holder = get_userdata( isset( $lock[1] ) ? (int) $lock[1] : 0 );
		/** This filter is documented in wp-admin/includes/ajax-actions.php */
		$until = (int) $lock[0] + (int) apply_filters( 'wp_check_post_lock_window', self::WINDOW ); // phpcs:ignore WordPress.NamingConventions -- core's filter.
		if ( ! $holder || $until <= time() ) {
			return null;
		}
		return Igny8_Bridge_Problem::error(
			'post-locked',
			sprintf( '%1$s (%2$s) has the post open in the editor.', $holder->display_name, $holder->user_login ),
			array(
				'holder'      => Igny8_Bridge_People::show( $holder ),
				'retry_after' => min( self::WINDOW, max( 1, $until - time() ) ),
			)
		);
	}
}

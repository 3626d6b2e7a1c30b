<?php
/**
 * The reservations as a whole.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * What happens to reservations outside of requests to publish.
 */
final class Igny8_Bridge_Reservations {

	/**
	 * Frees the key of a post that was deleted for good; `deleted_post` fires for nothing else.
	 *
	 * The guid decides: ids move when a database is restored, and another post may have the one of the row.
	 *
	 * @param int     $post_id Post.
	 * @param WP_Post $post    The same as it was.
	 * @return void
	 */
	public static function forget_post( $post_id, $post ) {
		global $wpdb;
		$key_hash = 0 === strpos( $post->guid, Igny8_Bridge_Guid::PREFIX ) ? Igny8_Bridge_Guid::key_hash( $post->guid ) : '';
		if ( '' === $key_hash || Igny8_Bridge_Schema::VERSION !== get_option( Igny8_Bridge_Schema::OPTION ) ) {
			return; // Not ours, or a site of a network that has never published and has no table yet.
		}
		$condition = array(
			'key_hash' => $key_hash,
			'post_id'  => (int) $post_id,
		);
		// phpcs:ignore WordPress.DB.DirectDatabaseQuery -- the plugin's own table.
		$wpdb->delete( Igny8_Bridge_Schema::table(), $condition );
	}

	/**
	 * How many keys have a post.
	 *
	 * @return int
	 */
	public static function count_done() {
		global $wpdb;
		$table = Igny8_Bridge_Schema::table();
		// phpcs:ignore WordPress.DB.DirectDatabaseQuery, WordPress.DB.PreparedSQL.InterpolatedNotPrepared -- the plugin's own table.
		return (int) $wpdb->get_var( $wpdb->prepare( "SELECT COUNT(*) FROM $table WHERE state = %s", Igny8_Bridge_Reservation::DONE ) );
	}
}

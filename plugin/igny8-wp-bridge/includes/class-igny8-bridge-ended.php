<?php
/**
 * Claims that have ended.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Refuses what a request sent before it was deleted, and what arrives after its post was removed.
 */
final class Igny8_Bridge_Ended {

	/**
	 * Seconds for which a claim that has ended is refused.
	 *
	 * A call is late by what may hold it on its way: the operator gives one up after at most 5 minutes, web servers and proxies
	 * keep it in their queues for minutes after that, and PHP runs it for minutes. A day is beyond all of them together. A request
	 * that still publishes then is no late call: it exists again, because the cluster's database was restored from a backup.
	 */
	const SECONDS = DAY_IN_SECONDS;

	/**
	 * Event that forgets what is not refused any more.
	 */
	const EVENT = 'igny8_bridge_forget_ended';

	/**
	 * The problem for a claim that has ended for a content key, null if it has not.
	 *
	 * @param object|null         $row    Reservation of the key.
	 * @param array<string,mixed> $fields Fields of the request.
	 * @return WP_Error|null
	 */
	public static function refuse_key( $row, array $fields ) {
		if ( ! $row || Igny8_Bridge_Reservation::ENDED !== $row->state || ! isset( $fields['claim'] ) || $fields['claim'] !== $row->claim ) {
			return null;
		}
		return self::problem( strtotime( $row->updated_gmt . ' UTC' ) );
	}

	/**
	 * The problem for a claim that ended at a time, null if that is too long ago.
	 *
	 * @param int $time When it ended: Unix, seconds.
	 * @return WP_Error|null
	 */
	public static function problem( $time ) {
		$left = $time + self::SECONDS - Igny8_Bridge_Clock::now();
		if ( $left <= 0 ) {
			return null;
		}
		$detail = 'The request with this claim was deleted, and its post was removed. A claim is accepted again a day after that.';
		return Igny8_Bridge_Problem::error( 'claim-ended', $detail, array( 'retry_after' => $left ) );
	}

	/**
	 * Has rows forgotten in time.
	 *
	 * @return void
	 */
	public static function schedule() {
		if ( ! wp_next_scheduled( self::EVENT ) ) {
			wp_schedule_single_event( time() + self::SECONDS, self::EVENT );
		}
	}

	/**
	 * Forgets the rows of claims that are not refused any more, and comes again if there are others.
	 *
	 * @return void
	 */
	public static function forget() {
		global $wpdb;
		if ( Igny8_Bridge_Schema::VERSION !== get_option( Igny8_Bridge_Schema::OPTION ) ) {
			return; // The table is not there, or about to be made anew.
		}
		$table = Igny8_Bridge_Schema::table();
		$until = gmdate( 'Y-m-d H:i:s', Igny8_Bridge_Clock::now() - self::SECONDS );
		// phpcs:disable WordPress.DB -- the plugin's own table.
		$wpdb->query( $wpdb->prepare( "DELETE FROM $table WHERE state = %s AND updated_gmt <= %s", Igny8_Bridge_Reservation::ENDED, $until ) );
		$others = $wpdb->get_var( $wpdb->prepare( "SELECT 1 FROM $table WHERE state = %s LIMIT 1", Igny8_Bridge_Reservation::ENDED ) );
		// phpcs:enable
		if ( null !== $others ) {
			self::schedule();
		}
	}
}

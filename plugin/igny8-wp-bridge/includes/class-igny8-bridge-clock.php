<?php
/**
 * Time.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * The clock by which keys retire.
 */
final class Igny8_Bridge_Clock {

	/**
	 * The time now: Unix, seconds.
	 *
	 * @return int
	 */
	public static function now() {
		/**
		 * Filters the time, for tests.
		 *
		 * @param int $now Unix time in seconds.
		 */
		return (int) apply_filters( 'igny8_bridge_now', time() );
	}
}

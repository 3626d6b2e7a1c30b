<?php
/**
 * Counting of posts per term.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Lets WordPress count the posts of terms once, after everything that changes them.
 */
final class Igny8_Bridge_Term_Counting {

	/**
	 * How many callers are inside of defer().
	 *
	 * @var int
	 */
	private static $depth = 0;

	/**
	 * Does something, and counts after the outermost caller is done.
	 *
	 * @param callable $change What to do.
	 * @return mixed What it returns.
	 */
	public static function defer( callable $change ) {
		++self::$depth;
		wp_defer_term_counting( true );
		try {
			return $change();
		} finally {
			--self::$depth;
			if ( 0 === self::$depth ) {
				wp_defer_term_counting( false );
			}
		}
	}
}

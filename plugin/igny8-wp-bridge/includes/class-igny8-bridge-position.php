<?php
/**
 * How far the operator knows this site's database.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * An epoch and a mark that grows with every read of the site: a database that was restored from a backup is behind the mark
 * it once answered, and gets another epoch.
 */
final class Igny8_Bridge_Position {

	/**
	 * Option with the epoch and the mark, a space between them.
	 */
	const OPTION = 'igny8_bridge_position';

	/**
	 * How often a read tries to move the mark when others move it at the same moment.
	 */
	const ATTEMPTS = 100;

	/**
	 * Moves the mark.
	 *
	 * @param string $known_epoch Epoch the caller knows, empty for none.
	 * @param int    $known_mark  Mark of that epoch the caller knows.
	 * @return array{epoch:string,mark:int}
	 * @throws Igny8_Bridge_Database_Error When the database refused.
	 */
	public static function advance( $known_epoch, $known_mark ) {
		for ( $attempt = 0; $attempt < self::ATTEMPTS; $attempt++ ) {
			$stored = Igny8_Bridge_Row::read( self::OPTION );

			list( $epoch, $mark ) = self::parse( $stored );
			if ( $known_epoch === $epoch && $known_mark > $mark ) {
				$epoch = self::mint();
			}
			++$mark;
			if ( Igny8_Bridge_Row::swap( self::OPTION, $stored, $epoch . ' ' . $mark ) ) {
				return array(
					'epoch' => $epoch,
					'mark'  => $mark,
				);
			}
		}
		throw new Igny8_Bridge_Database_Error( 'The site is read by too many requests at once.' );
	}

	/**
	 * Epoch and mark of a stored value; a new epoch where there is none.
	 *
	 * @param string|null $stored Value as it is stored.
	 * @return array{string,int}
	 */
	private static function parse( $stored ) {
		if ( 1 === preg_match( '/^([0-9a-f]{32}) ([0-9]{1,16})$/D', (string) $stored, $match ) ) {
			return array( $match[1], (int) $match[2] );
		}
		return array( self::mint(), 0 );
	}

	/**
	 * A new epoch.
	 *
	 * @return string
	 */
	private static function mint() {
		return bin2hex( random_bytes( 16 ) );
	}
}

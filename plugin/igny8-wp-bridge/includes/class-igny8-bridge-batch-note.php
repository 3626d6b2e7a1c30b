<?php
/**
 * Notes of batches.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Counts the posts of terms for batches that were killed before they did it themselves.
 *
 * A batch counts once, at its end. It leaves a note at its beginning and takes it away then; a note that is older than any
 * batch can be belongs to a dead one, and the next batch does its counting.
 */
final class Igny8_Bridge_Batch_Note {

	/**
	 * Prefix of the options that are notes; their value is the highest post id of then, and the time.
	 */
	const PREFIX = 'igny8_bridge_batch_';

	/**
	 * Seconds after which a batch is dead: half a minute for each item.
	 */
	const LONGEST = 600;

	/**
	 * Name of the option of this batch.
	 *
	 * @var string
	 */
	private $name;

	/**
	 * Leaves a note, after doing what dead batches have left to do.
	 */
	public function __construct() {
		global $wpdb;
		self::recover();
		$this->name = self::PREFIX . bin2hex( random_bytes( 8 ) );
		// phpcs:ignore WordPress.DB.DirectDatabaseQuery -- must be the value of this moment.
		add_option( $this->name, (int) $wpdb->get_var( "SELECT MAX(ID) FROM $wpdb->posts" ) . ':' . time(), '', 'no' );
	}

	/**
	 * Takes the note away.
	 *
	 * @return void
	 */
	public function remove() {
		delete_option( $this->name );
	}

	/**
	 * Takes all notes away.
	 *
	 * @return void
	 */
	public static function remove_all() {
		foreach ( self::all() as $note ) {
			delete_option( $note->option_name );
		}
	}

	/**
	 * All notes.
	 *
	 * @return object[] Rows with option_name and option_value.
	 */
	private static function all() {
		global $wpdb;
		// phpcs:ignore WordPress.DB.DirectDatabaseQuery -- there is no other way to find options by prefix.
		return $wpdb->get_results(
			$wpdb->prepare( "SELECT option_name, option_value FROM $wpdb->options WHERE option_name LIKE %s", $wpdb->esc_like( self::PREFIX ) . '%' )
		);
	}

	/**
	 * Counts for dead batches.
	 *
	 * @return void
	 */
	private static function recover() {
		foreach ( self::all() as $note ) {
			list( $first_id, $time ) = array_map( 'intval', explode( ':', $note->option_value . ':' ) );
			if ( $time < time() - self::LONGEST ) {
				self::count( $first_id );
				delete_option( $note->option_name );
			}
		}
	}

	/**
	 * Counts the terms of the posts that were made here after a post.
	 *
	 * @param int $first_id The post.
	 * @return void
	 */
	private static function count( $first_id ) {
		global $wpdb;
		// phpcs:ignore WordPress.DB.DirectDatabaseQuery -- there is no function for terms of posts by guid.
		$terms = $wpdb->get_results(
			$wpdb->prepare(
				"SELECT DISTINCT tt.taxonomy, tt.term_taxonomy_id FROM $wpdb->posts p JOIN $wpdb->term_relationships tr ON tr.object_id = p.ID
				JOIN $wpdb->term_taxonomy tt USING ( term_taxonomy_id ) WHERE p.ID > %d AND p.guid LIKE %s",
				$first_id,
				$wpdb->esc_like( Igny8_Bridge_Guid::prefix() ) . '%'
			)
		);
		foreach ( $terms as $term ) {
			if ( taxonomy_exists( $term->taxonomy ) ) {
				wp_update_term_count_now( array( (int) $term->term_taxonomy_id ), $term->taxonomy );
			}
		}
	}
}

<?php
/**
 * Counting of posts per term.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Counts the posts of terms once, after everything that changes them, and those of big terms by adding what was added.
 *
 * WordPress counts by looking at every post of a term. With 20,000 posts in a category that takes about as long as the rest of a
 * publish. For posts that are new, the number to add is known. It can go wrong by one if somebody else counts at the same moment, so the
 * term is counted in full a few minutes later, once for however many posts.
 */
final class Igny8_Bridge_Term_Counting {

	/**
	 * Event that counts a term in full.
	 */
	const EVENT = 'igny8_bridge_count_term';

	/**
	 * Posts from which on a term is big: a full count of fewer is faster than another query.
	 */
	const BIG = 500;

	/**
	 * Seconds until a big term is counted in full.
	 */
	const DELAY = 300;

	/**
	 * WordPress's own way to count.
	 */
	const CORE = '_update_post_term_count';

	/**
	 * How many callers are inside of defer().
	 *
	 * @var int
	 */
	private static $depth = 0;

	/**
	 * Posts that each term has got and that are new and published, by id of the term's taxonomy.
	 *
	 * @var array<int,int>
	 */
	private static $added = array();

	/**
	 * Terms of each post that has changed, as they are assigned.
	 *
	 * @var array<int,array<int,int>>
	 */
	private static $assigned = array();

	/**
	 * Does something, and counts after the outermost caller is done.
	 *
	 * @param callable $change What to do.
	 * @return mixed What it returns.
	 */
	public static function defer( callable $change ) {
		++self::$depth;
		wp_defer_term_counting( true );
		add_action( 'set_object_terms', array( __CLASS__, 'note' ), 10, 6 );
		try {
			return $change();
		} finally {
			--self::$depth;
			if ( 0 === self::$depth ) {
				self::flush();
			}
		}
	}

	/**
	 * Notes which terms a post has got.
	 *
	 * @param int        $post_id  Post.
	 * @param mixed      $terms    What was asked for.
	 * @param int[]      $ids      Ids of the terms' taxonomies.
	 * @param string     $taxonomy Taxonomy.
	 * @param bool       $append   Whether they were added to those it had.
	 * @param int[]|null $old      Those it had.
	 * @return void
	 */
	public static function note( $post_id, $terms, $ids, $taxonomy, $append, $old ) { // phpcs:ignore Generic.CodeAnalysis.UnusedFunctionParameter -- the action's.
		foreach ( array_diff( $ids, (array) $old ) as $id ) {
			self::$assigned[ $post_id ][ (int) $id ] = 1;
		}
		foreach ( $append ? array() : array_diff( (array) $old, $ids ) as $id ) {
			unset( self::$assigned[ $post_id ][ (int) $id ] );
		}
	}

	/**
	 * Says that a post is new and stored: what it adds to its terms is known.
	 *
	 * @param int $post_id Post.
	 * @return void
	 */
	public static function created( $post_id ) {
		$assigned = isset( self::$assigned[ $post_id ] ) ? array_keys( self::$assigned[ $post_id ] ) : array();
		unset( self::$assigned[ $post_id ] );
		if ( 'publish' !== get_post_status( $post_id ) || has_filter( 'update_post_term_count_statuses' ) ) {
			return; // Counted in full, as WordPress does.
		}
		foreach ( $assigned as $id ) {
			self::$added[ $id ] = isset( self::$added[ $id ] ) ? self::$added[ $id ] + 1 : 1;
		}
	}

	/**
	 * Counts what was left to the end; also when a request ends before its time.
	 *
	 * @return void
	 */
	public static function flush() {
		remove_action( 'set_object_terms', array( __CLASS__, 'note' ), 10 );
		foreach ( self::$assigned as $assigned ) {
			self::$added = array_diff_key( self::$added, $assigned ); // Other posts have changed as well.
		}
		$before     = array();
		$taxonomies = self::$added ? get_taxonomies( array(), 'objects' ) : array();
		foreach ( array_filter( $taxonomies, array( __CLASS__, 'counts_posts' ) ) as $name => $taxonomy ) {
			$before[ $name ]                 = $taxonomy->update_count_callback;
			$taxonomy->update_count_callback = array( __CLASS__, 'count' );
		}
		wp_defer_term_counting( false );
		foreach ( $before as $name => $callback ) {
			$taxonomies[ $name ]->update_count_callback = $callback;
		}
		self::$added    = array();
		self::$assigned = array();
	}

	/**
	 * Says whether WordPress counts the terms of a taxonomy by their published posts.
	 *
	 * @param WP_Taxonomy $taxonomy Taxonomy.
	 * @return bool
	 */
	private static function counts_posts( $taxonomy ) {
		if ( ! empty( $taxonomy->update_count_callback ) ) {
			return self::CORE === $taxonomy->update_count_callback;
		}
		return array_filter( (array) $taxonomy->object_type, 'post_type_exists' ) === (array) $taxonomy->object_type;
	}

	/**
	 * Counts terms, in the place of WordPress's own way.
	 *
	 * @param int[]       $ids      Ids of the terms' taxonomies.
	 * @param WP_Taxonomy $taxonomy Taxonomy.
	 * @return void
	 */
	public static function count( $ids, $taxonomy ) {
		$big = self::big( array_intersect( $ids, array_keys( self::$added ) ) );
		foreach ( $big as $id ) {
			self::add( $id, self::$added[ $id ], $taxonomy->name );
		}
		$rest = array_diff( $ids, $big );
		if ( $rest ) {
			call_user_func( self::CORE, $rest, $taxonomy );
		}
	}

	/**
	 * Those of terms that are big.
	 *
	 * @param int[] $ids Ids of the terms' taxonomies.
	 * @return int[]
	 */
	private static function big( array $ids ) {
		global $wpdb;
		if ( ! $ids ) {
			return array();
		}
		$marks = implode( ', ', array_fill( 0, count( $ids ), '%d' ) );
		// phpcs:disable WordPress.DB -- must be the value of this moment; $marks is placeholders only.
		$found = $wpdb->get_col(
			$wpdb->prepare( "SELECT term_taxonomy_id FROM $wpdb->term_taxonomy WHERE count >= %d AND term_taxonomy_id IN ( $marks )", array_merge( array( self::BIG ), $ids ) )
		);
		// phpcs:enable
		return array_map( 'intval', $found );
	}

	/**
	 * Adds to the count of a term, and has it counted in full later.
	 *
	 * @param int    $id       Id of the term's taxonomy.
	 * @param int    $number   What to add.
	 * @param string $taxonomy Taxonomy.
	 * @return void
	 */
	private static function add( $id, $number, $taxonomy ) {
		global $wpdb;
		// phpcs:ignore WordPress.DB.DirectDatabaseQuery -- one statement, so that parallel requests all count.
		$wpdb->query( $wpdb->prepare( "UPDATE $wpdb->term_taxonomy SET count = count + %d WHERE term_taxonomy_id = %d", $number, $id ) );
		if ( ! wp_next_scheduled( self::EVENT, array( $id, $taxonomy ) ) ) {
			wp_schedule_single_event( time() + self::DELAY, self::EVENT, array( $id, $taxonomy ) );
		}
	}

	/**
	 * Counts a term in full.
	 *
	 * @param int    $id       Id of the term's taxonomy.
	 * @param string $taxonomy Taxonomy.
	 * @return void
	 */
	public static function count_in_full( $id, $taxonomy ) {
		if ( taxonomy_exists( $taxonomy ) ) {
			wp_update_term_count_now( array( (int) $id ), $taxonomy );
		}
	}
}

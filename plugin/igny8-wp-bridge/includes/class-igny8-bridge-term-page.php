<?php
/**
 * A taxonomy's terms, a page at a time.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Reads terms by ascending id with one query per page, and one per level above it for paths.
 *
 * Not get_terms(): it keeps what it read in memory, loads the meta of every term, and counts pages by an offset, which goes
 * wrong when terms come and go between two of them.
 */
final class Igny8_Bridge_Term_Page {

	/**
	 * Most terms of a page.
	 */
	const MOST = 1000;

	/**
	 * Bytes of JSON after which a page ends before its time: names may have 200 characters of 6 bytes each, paths
	 * Igny8_Bridge_Term_Paths::DEPTH of them, and the operator reads an answer of up to 1 MiB.
	 */
	const BYTES = 262144;

	/**
	 * The terms that follow an id.
	 *
	 * @param WP_Taxonomy $taxonomy Taxonomy.
	 * @param int         $after    Id, 0 to begin.
	 * @param int         $limit    Most terms.
	 * @return array{items:array<int,array<string,mixed>>,next:int|null}
	 * @throws Igny8_Bridge_Database_Error When the database does not answer.
	 */
	public static function read( WP_Taxonomy $taxonomy, $after, $limit ) {
		$rows  = self::rows( $taxonomy->name, $after, $limit + 1 ); // One more tells whether there is another page.
		$more  = count( $rows ) > $limit;
		$rows  = array_slice( $rows, 0, $limit );
		$items = self::items( $rows, $taxonomy );
		$more  = $more || count( $items ) < count( $rows );
		return array(
			'items' => $items,
			'next'  => $more ? end( $items )['id'] : null,
		);
	}

	/**
	 * Items of the rows that fit into a page: at least one.
	 *
	 * @param object[]    $rows     Rows.
	 * @param WP_Taxonomy $taxonomy Taxonomy.
	 * @return array<int,array<string,mixed>>
	 */
	private static function items( array $rows, WP_Taxonomy $taxonomy ) {
		$paths = $taxonomy->hierarchical ? new Igny8_Bridge_Term_Paths( $taxonomy->name, $rows ) : null;
		$items = array();
		$bytes = 0;
		foreach ( $rows as $row ) {
			$item = array(
				'id'    => (int) $row->term_id,
				'count' => (int) $row->count,
			) + ( $paths ? array( 'path' => $paths->of( (int) $row->term_id ) ) : array( 'name' => Igny8_Bridge_Term_Names::shown( $row->name ) ) );

			$bytes += strlen( (string) wp_json_encode( $item ) ) + 1;
			if ( $items && $bytes > self::BYTES ) {
				break;
			}
			$items[] = $item;
		}
		return $items;
	}

	/**
	 * Rows of terms: term_id, name, parent and count.
	 *
	 * @param string $taxonomy Taxonomy.
	 * @param int    $after    Id.
	 * @param int    $most     Most rows.
	 * @return object[]
	 */
	private static function rows( $taxonomy, $after, $most ) {
		global $wpdb;
		// phpcs:disable WordPress.DB.DirectDatabaseQuery -- see above.
		$rows = $wpdb->get_results(
			$wpdb->prepare(
				"SELECT tt.term_id, t.name, tt.parent, tt.count FROM $wpdb->term_taxonomy tt JOIN $wpdb->terms t ON t.term_id = tt.term_id
				WHERE tt.taxonomy = %s AND tt.term_id > %d ORDER BY tt.term_id LIMIT %d",
				$taxonomy,
				$after,
				$most
			)
		);
		// phpcs:enable
		Igny8_Bridge_Database_Error::check();
		return $rows;
	}
}

<?php
/**
 * Paths of terms.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Names the terms of a page by their paths, in the form in which `POST /publish` reads them.
 *
 * A path begins at the highest term above that there is: a parent may be gone, and parents may even lead in a circle.
 */
final class Igny8_Bridge_Term_Paths {

	/**
	 * Most names of a path, and so most queries for a page. More levels than a menu can show mean a broken table.
	 */
	const DEPTH = 32;

	/**
	 * The taxonomy.
	 *
	 * @var string
	 */
	private $taxonomy;

	/**
	 * Rows of the page's terms and of those above them, by id.
	 *
	 * @var array<int,object>
	 */
	private $rows = array();

	/**
	 * Reads what is above a page's terms, a level at a time.
	 *
	 * @param string   $taxonomy Taxonomy.
	 * @param object[] $rows     Rows of the page: term_id, name and parent.
	 */
	public function __construct( $taxonomy, array $rows ) {
		$this->taxonomy = $taxonomy;
		$this->add( $rows );
		$above = $this->unknown_parents( $rows );
		for ( $depth = 1; $above && $depth < self::DEPTH; $depth++ ) {
			$level = $this->level( $above );
			$this->add( $level );
			$above = $this->unknown_parents( $level );
		}
	}

	/**
	 * The path of a term of the page.
	 *
	 * @param int $id Id of the term.
	 * @return string
	 */
	public function of( $id ) {
		$names = array();
		for ( $depth = 0; isset( $this->rows[ $id ] ) && ! isset( $names[ $id ] ) && $depth < self::DEPTH; $depth++ ) {
			$names[ $id ] = Igny8_Bridge_Term_Names::shown( $this->rows[ $id ]->name );

			$id = (int) $this->rows[ $id ]->parent;
		}
		return array_reduce( array_reverse( $names ), array( 'Igny8_Bridge_Term_Names', 'below' ), '' );
	}

	/**
	 * Keeps rows by id.
	 *
	 * @param object[] $rows Rows.
	 * @return void
	 */
	private function add( array $rows ) {
		foreach ( $rows as $row ) {
			$this->rows[ (int) $row->term_id ] = $row;
		}
	}

	/**
	 * Ids of parents that were not read yet.
	 *
	 * @param object[] $rows Rows.
	 * @return int[]
	 */
	private function unknown_parents( array $rows ) {
		$ids = array_unique( array_map( 'intval', wp_list_pluck( $rows, 'parent' ) ) );
		return array_diff( $ids, array_keys( $this->rows ), array( 0 ) );
	}

	/**
	 * Rows of terms by id.
	 *
	 * @param int[] $ids Ids.
	 * @return object[]
	 */
	private function level( array $ids ) {
		global $wpdb;
		$marks = implode( ', ', array_fill( 0, count( $ids ), '%d' ) );
		// phpcs:disable WordPress.DB -- get_terms() would keep them in memory; $marks is placeholders only.
		$rows = $wpdb->get_results(
			$wpdb->prepare(
				"SELECT tt.term_id, t.name, tt.parent FROM $wpdb->term_taxonomy tt JOIN $wpdb->terms t ON t.term_id = tt.term_id
				WHERE tt.taxonomy = %s AND tt.term_id IN ( $marks )",
				array_merge( array( $this->taxonomy ), $ids )
			)
		);
		// phpcs:enable
		Igny8_Bridge_Database_Error::check();
		return $rows;
	}
}

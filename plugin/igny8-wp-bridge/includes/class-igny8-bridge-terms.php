<?php
/**
 * Terms by name.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Finds the terms of one taxonomy by name and creates the missing ones.
 *
 * In a hierarchical taxonomy a name may be a path `Parent/Child`, as Igny8_Bridge_Term_Names reads it. A name without a slash stands for the term at the top, or
 * else for the only term of that name further down, or else for a new term at the top.
 */
final class Igny8_Bridge_Terms {

	/**
	 * Seconds to wait for another request that is creating terms.
	 */
	const LOCK_WAIT = 5;

	/**
	 * The taxonomy.
	 *
	 * @var WP_Taxonomy
	 */
	private $taxonomy;

	/**
	 * Known terms whose name is part of the names to resolve: each has term_id, parent, name.
	 *
	 * @var array<int,array{term_id:int,parent:int,name:string}>
	 */
	private $known = array();

	/**
	 * Prepares for one taxonomy.
	 *
	 * @param string $taxonomy Name of an existing taxonomy.
	 */
	public function __construct( $taxonomy ) {
		$this->taxonomy = get_taxonomy( $taxonomy );
	}

	/**
	 * Finds or creates the terms of a list of names.
	 *
	 * @param string[] $names Names or paths for which Igny8_Bridge_Term_Names::is_name() is true.
	 * @return int[]|WP_Error Ids without repetition; a problem when the user may not do this, or the database refused.
	 */
	public function resolve( array $names ) {
		if ( ! $names ) {
			return array();
		}
		if ( ! current_user_can( $this->taxonomy->cap->assign_terms ) ) {
			return $this->forbidden( 'assign' );
		}
		$this->load( $names );
		$ids = array_map( array( $this, 'find' ), $names );
		return in_array( 0, $ids, true ) ? $this->create_missing( $names ) : array_values( array_unique( $ids ) );
	}

	/**
	 * Creates what is missing, one request at a time.
	 *
	 * WordPress looks, then inserts: two requests at once would both find nothing and make `News` and `News` with slug `news-2`.
	 *
	 * @param string[] $names Names or paths.
	 * @return int[]|WP_Error
	 */
	private function create_missing( array $names ) {
		$needed = $this->taxonomy->hierarchical ? $this->taxonomy->cap->edit_terms : $this->taxonomy->cap->assign_terms;
		if ( ! current_user_can( $needed ) ) {
			return $this->forbidden( 'create' );
		}
		if ( ! Igny8_Bridge_Lock::several_at_once() ) {
			return $this->create( $names );
		}
		$lock = Igny8_Bridge_Lock::of_taxonomy( $this->taxonomy->name );
		$lock->acquire( self::LOCK_WAIT ); // Not in time: core's own check for duplicates still stands.
		try {
			return $this->create( $names );
		} finally {
			$lock->release();
		}
	}

	/**
	 * Finds or creates the terms of a list of names; the lock is held where there is one.
	 *
	 * @param string[] $names Names or paths.
	 * @return int[]|WP_Error
	 */
	private function create( array $names ) {
		$this->load( $names ); // Another request may have made some while this one waited.
		$ids = array();
		foreach ( $names as $name ) {
			$id = $this->find( $name );
			$id = 0 === $id ? $this->create_path( $name ) : $id;
			if ( is_wp_error( $id ) ) {
				return $id;
			}
			$ids[] = $id;
		}
		return array_values( array_unique( $ids ) );
	}

	/**
	 * Creates the missing terms of one path.
	 *
	 * @param string $path Name or path.
	 * @return int|WP_Error Id of the last term.
	 */
	private function create_path( $path ) {
		$parent_id = 0;
		foreach ( Igny8_Bridge_Term_Names::segments( $path, $this->taxonomy->hierarchical ) as $name ) {
			$id        = $this->child( $parent_id, $name );
			$parent_id = 0 === $id ? $this->insert( $parent_id, $name ) : $id;
			if ( is_wp_error( $parent_id ) ) {
				return $parent_id;
			}
		}
		return $parent_id;
	}

	/**
	 * Creates one term.
	 *
	 * @param int    $parent_id Id of the parent, 0 for none.
	 * @param string $name      Name.
	 * @return int|WP_Error
	 */
	private function insert( $parent_id, $name ) {
		$term = wp_insert_term( wp_slash( $name ), $this->taxonomy->name, array( 'parent' => $parent_id ) );
		if ( ! is_wp_error( $term ) ) {
			$id = (int) $term['term_id'];
		} elseif ( 'term_exists' === $term->get_error_code() ) {
			$id = (int) $term->get_error_data( 'term_exists' ); // Made by somebody else at this moment.
		} else {
			return Igny8_Bridge_Problem::not_stored( $term );
		}
		$this->known[] = array(
			'term_id' => $id,
			'parent'  => $parent_id,
			'name'    => Igny8_Bridge_Term_Names::fold( $name, $this->taxonomy->name ),
		);
		return $id;
	}

	/**
	 * Reads all terms that could be meant, in one query.
	 *
	 * @param string[] $names Names or paths.
	 * @return void
	 */
	private function load( array $names ) {
		$wanted = $names; // A category may really be called "AC/DC".
		foreach ( $names as $name ) {
			$wanted = array_merge( $wanted, Igny8_Bridge_Term_Names::segments( $name, $this->taxonomy->hierarchical ) );
		}
		$this->known = array();
		foreach ( $this->read( array_unique( $wanted ) ) as $term ) {
			$this->known[] = array(
				'term_id' => (int) $term->term_id,
				'parent'  => (int) $term->parent,
				'name'    => Igny8_Bridge_Term_Names::lower( $term->name ),
			);
		}
	}

	/**
	 * Reads the terms of the taxonomy that have one of the names.
	 *
	 * Not get_terms(): within a request it answers from its cache what it answered before, and would not see the terms
	 * that another request made while this one waited for the lock.
	 *
	 * @param string[] $names Names as they were sent.
	 * @return object[] Rows with term_id, name and parent, the oldest first.
	 */
	private function read( array $names ) {
		global $wpdb;
		$values = array( $this->taxonomy->name );
		foreach ( $names as $name ) {
			$values[] = Igny8_Bridge_Term_Names::stored( $name, $this->taxonomy->name );
		}
		$marks = implode( ', ', array_fill( 0, count( $names ), '%s' ) );
		// phpcs:disable WordPress.DB -- see above; $marks is placeholders only.
		return $wpdb->get_results(
			$wpdb->prepare(
				"SELECT t.term_id, t.name, tt.parent FROM $wpdb->terms t JOIN $wpdb->term_taxonomy tt ON tt.term_id = t.term_id
				WHERE tt.taxonomy = %s AND t.name IN ( $marks ) ORDER BY t.term_id",
				$values
			)
		);
		// phpcs:enable
	}

	/**
	 * The known term of a name or path, 0 when there is none.
	 *
	 * @param string $name Name or path.
	 * @return int
	 */
	private function find( $name ) {
		$literal = $this->child( 0, $name );
		if ( 0 !== $literal || ! $this->taxonomy->hierarchical ) {
			return $literal;
		}
		$segments = Igny8_Bridge_Term_Names::segments( $name, true );
		if ( 1 === count( $segments ) ) {
			return $this->only( $segments[0] );
		}
		$parent_id = 0;
		foreach ( $segments as $segment ) {
			$parent_id = $this->child( $parent_id, $segment );
			if ( 0 === $parent_id ) {
				return 0;
			}
		}
		return $parent_id;
	}

	/**
	 * The known term of a name below a parent, 0 when there is none.
	 *
	 * @param int    $parent_id Id of the parent, 0 for the top.
	 * @param string $name      Name.
	 * @return int
	 */
	private function child( $parent_id, $name ) {
		$name = Igny8_Bridge_Term_Names::fold( $name, $this->taxonomy->name );
		foreach ( $this->known as $term ) {
			if ( $term['parent'] === $parent_id && $term['name'] === $name ) {
				return $term['term_id'];
			}
		}
		return 0;
	}

	/**
	 * The known term of a name at the top, or else the only one of that name; 0 when there is none, or several below.
	 *
	 * @param string $name Name.
	 * @return int
	 */
	private function only( $name ) {
		$top = $this->child( 0, $name );
		if ( 0 !== $top ) {
			return $top;
		}
		$matches = wp_list_filter( $this->known, array( 'name' => Igny8_Bridge_Term_Names::fold( $name, $this->taxonomy->name ) ) );
		return 1 === count( $matches ) ? reset( $matches )['term_id'] : 0;
	}

	/**
	 * The problem for a user who may not do something with terms.
	 *
	 * @param string $verb What the user may not do.
	 * @return WP_Error
	 */
	private function forbidden( $verb ) {
		return Igny8_Bridge_Problem::error( 'forbidden', sprintf( 'The user of the API key may not %1$s terms of %2$s.', $verb, $this->taxonomy->name ) );
	}
}

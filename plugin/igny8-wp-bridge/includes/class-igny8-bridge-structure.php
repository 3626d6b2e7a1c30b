<?php
/**
 * The structure of the site.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Post types, taxonomies and terms that whoever publishes through the key can use.
 */
final class Igny8_Bridge_Structure {

	/**
	 * Terms of the first page.
	 */
	const FIRST = 100;

	/**
	 * The structure for `GET /structure`.
	 *
	 * @return array<string,mixed>
	 * @throws Igny8_Bridge_Database_Error When the database does not answer.
	 */
	public static function describe() {
		$types      = self::post_types();
		$taxonomies = self::taxonomies();
		$terms      = self::count_terms( array_keys( $taxonomies ) );
		return array(
			'post_types'   => self::show_post_types( $types, self::count_posts( array_keys( $types ) ) ),
			'taxonomies'   => self::show_taxonomies( $taxonomies, array_keys( $types ), $terms ),
			'capabilities' => Igny8_Bridge_Site::capabilities(),
			'categories'   => self::first_terms( 'category', $taxonomies, $terms ),
			'tags'         => self::first_terms( 'post_tag', $taxonomies, $terms ),
		);
	}

	/**
	 * Taxonomies of the post types the current user can publish to, by name: those that are open to readers or to the REST API,
	 * and whose terms the user may assign.
	 *
	 * @return array<string,WP_Taxonomy>
	 */
	public static function taxonomies() {
		$taxonomies = array();
		foreach ( self::post_types() as $type ) {
			$taxonomies += get_object_taxonomies( $type->name, 'objects' );
		}
		return array_filter(
			$taxonomies,
			static function ( WP_Taxonomy $taxonomy ) {
				return ( $taxonomy->public || $taxonomy->show_in_rest ) && current_user_can( $taxonomy->cap->assign_terms );
			}
		);
	}

	/**
	 * Names of the post types the current user can publish to whose posts open in the block editor.
	 *
	 * @return string[]
	 */
	public static function block_editor_post_types() {
		$names = array_map( 'strval', array_keys( self::post_types() ) );
		return array_values( array_filter( $names, 'use_block_editor_for_post_type' ) );
	}

	/**
	 * Post types the current user can publish to, by name: those with pages of their own.
	 *
	 * @return array<string,WP_Post_Type>
	 */
	private static function post_types() {
		return array_filter(
			get_post_types( array(), 'objects' ),
			static function ( WP_Post_Type $type ) {
				return 'attachment' !== $type->name && is_post_type_viewable( $type ) && current_user_can( $type->cap->edit_posts );
			}
		);
	}

	/**
	 * Post types as the route shows them.
	 *
	 * @param array<string,WP_Post_Type> $types  Post types.
	 * @param array<string,int>          $counts Posts by type.
	 * @return array<int,array<string,mixed>>
	 */
	private static function show_post_types( array $types, array $counts ) {
		$shown = array();
		foreach ( $types as $name => $type ) {
			$shown[] = array(
				'name'     => (string) $name, // Digits are a number as a key.
				'label'    => self::text( $type->label ),
				'count'    => isset( $counts[ $name ] ) ? $counts[ $name ] : 0,
				'supports' => array_map( 'strval', array_keys( get_all_post_type_supports( $name ) ) ),
			);
		}
		return $shown;
	}

	/**
	 * Taxonomies as the route shows them.
	 *
	 * @param array<string,WP_Taxonomy> $taxonomies Taxonomies.
	 * @param string[]                  $types      Names of the post types.
	 * @param array<string,int>         $counts     Terms by taxonomy.
	 * @return array<int,array<string,mixed>>
	 */
	private static function show_taxonomies( array $taxonomies, array $types, array $counts ) {
		$shown = array();
		foreach ( $taxonomies as $name => $taxonomy ) {
			$shown[] = array(
				'name'         => (string) $name,
				'label'        => self::text( $taxonomy->label ),
				'count'        => isset( $counts[ $name ] ) ? $counts[ $name ] : 0,
				'hierarchical' => $taxonomy->hierarchical,
				'post_types'   => array_values( array_intersect( $taxonomy->object_type, $types ) ),
			);
		}
		return $shown;
	}

	/**
	 * The first terms of a taxonomy; none where it is not to be used.
	 *
	 * @param string                    $name       Taxonomy.
	 * @param array<string,WP_Taxonomy> $taxonomies Those to be used.
	 * @param array<string,int>         $counts     Terms by taxonomy.
	 * @return array<string,mixed>
	 */
	private static function first_terms( $name, array $taxonomies, array $counts ) {
		$page = array(
			'items' => array(),
			'next'  => null,
		);
		if ( isset( $taxonomies[ $name ], $counts[ $name ] ) ) {
			$page = Igny8_Bridge_Term_Page::read( $taxonomies[ $name ], 0, self::FIRST );
		}
		return array( 'total' => isset( $counts[ $name ] ) ? $counts[ $name ] : 0 ) + $page;
	}

	/**
	 * Number of posts by type, but for those in the trash and those nobody saved yet.
	 *
	 * @param string[] $types Names of post types.
	 * @return array<string,int>
	 */
	private static function count_posts( array $types ) {
		global $wpdb;
		return self::count( "SELECT post_type, COUNT(*) FROM $wpdb->posts WHERE post_status NOT IN ( 'auto-draft', 'trash' ) AND post_type IN ( %s ) GROUP BY post_type", $types );
	}

	/**
	 * Number of terms by taxonomy.
	 *
	 * @param string[] $taxonomies Names of taxonomies.
	 * @return array<string,int>
	 */
	private static function count_terms( array $taxonomies ) {
		global $wpdb;
		return self::count( "SELECT taxonomy, COUNT(*) FROM $wpdb->term_taxonomy WHERE taxonomy IN ( %s ) GROUP BY taxonomy", $taxonomies );
	}

	/**
	 * Numbers by name.
	 *
	 * @param string   $sql   Statement with %s where the names go.
	 * @param string[] $names Names.
	 * @return array<string,int>
	 */
	private static function count( $sql, array $names ) {
		global $wpdb;
		if ( ! $names ) {
			return array();
		}
		$sql = str_replace( '%s', implode( ', ', array_fill( 0, count( $names ), '%s' ) ), $sql );
		// phpcs:ignore WordPress.DB -- no function of WordPress counts without loading; the statements are this class's, with placeholders only.
		$rows = $wpdb->get_results( $wpdb->prepare( $sql, $names ), ARRAY_N );
		Igny8_Bridge_Database_Error::check();
		return array_map( 'intval', array_column( $rows, 1, 0 ) );
	}

	/**
	 * A label as people read it.
	 *
	 * @param string $label Label, which may have entities.
	 * @return string
	 */
	private static function text( $label ) {
		return wp_specialchars_decode( wp_strip_all_tags( (string) $label ), ENT_QUOTES );
	}
}

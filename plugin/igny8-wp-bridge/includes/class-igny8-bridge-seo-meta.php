<?php
/**
 * SEO plugins that keep each value in a meta of its own.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Keeps SEO fields in post meta.
 */
abstract class Igny8_Bridge_Seo_Meta implements Igny8_Bridge_Seo_Adapter {

	/**
	 * Meta keys of the plugin that values() may return.
	 *
	 * @return string[]
	 */
	abstract protected function keys();

	/**
	 * {@inheritDoc}
	 *
	 * @param int $post_id Post.
	 * @return array<string,mixed>
	 */
	public function read( $post_id ) {
		$values = array();
		foreach ( $this->keys() as $key ) {
			if ( metadata_exists( 'post', $post_id, $key ) ) {
				$values[ $key ] = get_post_meta( $post_id, $key, true );
			}
		}
		return $values;
	}

	/**
	 * {@inheritDoc}
	 *
	 * @param int                 $post_id Post, 0 for one to come.
	 * @param array<string,mixed> $values  Values to write, by key.
	 * @param string[]            $gone    Keys to take away.
	 * @return array<string,mixed>
	 */
	public function meta( $post_id, array $values, array $gone ) { // phpcs:ignore Generic.CodeAnalysis.UnusedFunctionParameter -- the interface's.
		return $values;
	}

	/**
	 * {@inheritDoc}
	 *
	 * @param int                 $post_id Post.
	 * @param array<string,mixed> $values  Values to write, by key.
	 * @param string[]            $gone    Keys to take away.
	 * @return void
	 */
	public function store( $post_id, array $values, array $gone ) { // phpcs:ignore Generic.CodeAnalysis.UnusedFunctionParameter -- the interface's.
		foreach ( $gone as $key ) {
			delete_post_meta( $post_id, $key );
		}
	}

	/**
	 * The fields that were sent, by the keys of a map.
	 *
	 * @param array<string,mixed>  $fields Fields.
	 * @param array<string,string> $map    Key of each field.
	 * @return array<string,mixed>
	 */
	protected function pick( array $fields, array $map ) {
		$values = array();
		foreach ( $map as $field => $key ) {
			if ( isset( $fields[ $field ] ) ) {
				$values[ $key ] = $fields[ $field ];
			}
		}
		return $values;
	}

	/**
	 * Values for directives to robots: those that were sent get a value, and an empty list stands for none.
	 *
	 * @param array<string,mixed>  $fields Fields.
	 * @param array<string,string> $map    Key of each directive.
	 * @param string               $value  Value of a directive that is set.
	 * @return array<string,string>
	 */
	protected function directives( array $fields, array $map, $value ) {
		$robots = isset( $fields['robots'] ) ? $fields['robots'] : array();
		return array_fill_keys( array_values( array_intersect_key( $map, array_flip( $robots ) ) ), $value );
	}

	/**
	 * All keywords, the primary one first, as a list with commas; a comma inside of a keyword would make two of it.
	 *
	 * @param array<string,mixed> $fields Fields.
	 * @return string|null Null when none was sent.
	 */
	protected function keywords( array $fields ) {
		$primary   = isset( $fields['primary_keyword'] ) ? array( $fields['primary_keyword'] ) : array();
		$secondary = isset( $fields['secondary_keywords'] ) ? $fields['secondary_keywords'] : array();
		$keywords  = array_filter( array_map( 'trim', str_replace( ',', ' ', array_merge( $primary, $secondary ) ) ), 'strlen' );
		return $keywords ? implode( ',', array_unique( $keywords ) ) : null;
	}
}

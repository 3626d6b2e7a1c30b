<?php
/**
 * Terms of a post.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Puts terms into the arguments of wp_insert_post(), which has three for them.
 */
final class Igny8_Bridge_Post_Terms {

	/**
	 * Ids of the terms that were sent, by taxonomy.
	 *
	 * @var array<string,int[]>
	 */
	private $sent;

	/**
	 * What has been managed so far.
	 *
	 * @var Igny8_Bridge_Managed
	 */
	private $before;

	/**
	 * Takes the terms.
	 *
	 * @param array<string,int[]>  $sent   Ids of the terms that were sent, by taxonomy.
	 * @param Igny8_Bridge_Managed $before What has been managed so far.
	 */
	public function __construct( array $sent, Igny8_Bridge_Managed $before ) {
		$this->sent   = $sent;
		$this->before = $before;
	}

	/**
	 * The arguments. Terms of a taxonomy that was sent before and is not any more are taken away.
	 *
	 * @param WP_Post|null $existing The post there is.
	 * @return array<string,mixed>
	 */
	public function arguments( $existing ) {
		$ids = $this->sent;
		foreach ( $existing ? $this->before->taxonomies : array() as $taxonomy ) {
			if ( ! isset( $ids[ $taxonomy ] ) && is_object_in_taxonomy( $existing->post_type, $taxonomy ) ) {
				$ids[ $taxonomy ] = array();
			}
		}
		$arguments = array();
		foreach ( $ids as $taxonomy => $terms ) {
			if ( 'category' === $taxonomy ) {
				$arguments['post_category'] = $terms || ! $existing ? $terms : array( (int) get_option( 'default_category' ) );
			} elseif ( 'post_tag' === $taxonomy ) {
				$arguments['tags_input'] = $terms;
			} else {
				$arguments['tax_input'][ $taxonomy ] = $terms;
			}
		}
		return $arguments;
	}
}

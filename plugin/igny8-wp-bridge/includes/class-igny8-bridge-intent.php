<?php
/**
 * Updates that may die half-way.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Knows the half-written post of a dead update for our own.
 *
 * An update changes the row of the post with one statement, then terms and meta. Just before that statement, the reservation
 * notes what the row will be, and which content hash the update was made against. If PHP dies afterwards, the row is as noted:
 * then nobody else has changed the post, it still counts as what it was before, and the same update is let through again. Any
 * other row means that somebody changed it.
 */
final class Igny8_Bridge_Intent {

	/**
	 * Columns that identify the state of a row.
	 */
	const COLUMNS = array( 'post_title', 'post_content', 'post_excerpt', 'post_name', 'post_author', 'post_modified_gmt', 'post_date_gmt' );

	/**
	 * The reservation.
	 *
	 * @var object
	 */
	private $row;

	/**
	 * The post as it was when its content hash was compared.
	 *
	 * @var WP_Post
	 */
	private $post;

	/**
	 * Whether a write has been noted.
	 *
	 * @var bool
	 */
	private $noted = false;

	/**
	 * Content hash the update was made against.
	 *
	 * @var string
	 */
	private $base;

	/**
	 * Takes an update.
	 *
	 * @param object  $row  The reservation.
	 * @param WP_Post $post The post as it was when its content hash was compared.
	 * @param string  $base Content hash the update was made against.
	 */
	public function __construct( $row, WP_Post $post, $base ) {
		$this->row  = $row;
		$this->post = $post;
		$this->base = $base;
	}

	/**
	 * Does something while changes of the post's row are noted.
	 *
	 * @param callable $change What to do.
	 * @return mixed What it returns.
	 */
	public function during( callable $change ) {
		add_filter( 'wp_insert_post_data', array( $this, 'note' ), PHP_INT_MAX, 2 );
		try {
			return $change();
		} finally {
			remove_filter( 'wp_insert_post_data', array( $this, 'note' ), PHP_INT_MAX );
		}
	}

	/**
	 * Notes the row that is about to be written.
	 *
	 * @param array<string,mixed> $data      Columns of the row, slashed.
	 * @param array<string,mixed> $sanitized What was passed to wp_insert_post().
	 * @return array<string,mixed> The same columns.
	 * @throws Igny8_Bridge_Changed When somebody has saved the post since its content hash was compared.
	 */
	public function note( $data, $sanitized ) {
		if ( isset( $sanitized['ID'] ) && (int) $sanitized['ID'] === $this->post->ID ) {
			if ( ! $this->noted && $this->has_changed() ) {
				throw new Igny8_Bridge_Changed( 'The post was saved at this moment.' );
			}
			$this->noted = true;
			$intent      = array(
				'base' => $this->base,
				'row'  => self::digest( wp_unslash( $data ) ),
			);
			$this->row   = Igny8_Bridge_Reservation::intend( $this->row, (string) wp_json_encode( $intent ) );
		}
		return $data;
	}

	/**
	 * Says whether somebody has saved the post meanwhile: people do not ask for the lock of a content key.
	 *
	 * @return bool
	 */
	private function has_changed() {
		global $wpdb;
		// phpcs:ignore WordPress.DB.DirectDatabaseQuery -- must be the row of this moment, not of a cache.
		$now = $wpdb->get_row( $wpdb->prepare( "SELECT * FROM $wpdb->posts WHERE ID = %d", $this->post->ID ), ARRAY_A );
		Igny8_Bridge_Database_Error::check();
		return ! $now || self::digest( $now ) !== self::digest( get_object_vars( $this->post ) );
	}

	/**
	 * The reservation as it is now.
	 *
	 * @return object
	 */
	public function row() {
		return $this->row;
	}

	/**
	 * The content hash of a post: that before the update, while the post is the half-written one of a dead update.
	 *
	 * @param object  $row    Its reservation.
	 * @param WP_Post $post   Post.
	 * @param string  $digest Digest of what is stored.
	 * @return string
	 */
	public static function hash( $row, WP_Post $post, $digest ) {
		$intent = empty( $row->intent ) ? null : json_decode( $row->intent, true );
		return isset( $intent['row'] ) && self::digest( get_object_vars( $post ) ) === $intent['row'] ? $intent['base'] : $digest;
	}

	/**
	 * Digest of a row. The status is looked at as in the content hash.
	 *
	 * @param array<string,mixed> $columns Columns.
	 * @return string
	 */
	private static function digest( array $columns ) {
		$state = array( 'future' === $columns['post_status'] ? 'publish' : $columns['post_status'] );
		foreach ( self::COLUMNS as $column ) {
			$state[] = (string) $columns[ $column ];
		}
		return hash( 'sha256', (string) wp_json_encode( $state ) );
	}
}

<?php
/**
 * The guid of a post made of a content key.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Gives a post its guid with its INSERT, whatever the site's filters make of it.
 *
 * WordPress cleans a guid like the address of a link: a plugin that shortens the list of allowed protocols would empty it,
 * and the post would be made again at the next request.
 */
final class Igny8_Bridge_Guid {

	/**
	 * The guid.
	 *
	 * @var string
	 */
	private $guid;

	/**
	 * Takes the guid of one post.
	 *
	 * @param string $guid The guid.
	 */
	public function __construct( $guid ) {
		$this->guid = $guid;
	}

	/**
	 * Keeps the guid until release() is called.
	 *
	 * @return void
	 */
	public function keep() {
		add_filter( 'wp_insert_post_data', array( $this, 'insert' ), PHP_INT_MAX, 3 );
		add_filter( 'post_guid', array( $this, 'show' ), PHP_INT_MAX, 2 );
	}

	/**
	 * Leaves guids to WordPress again.
	 *
	 * @return void
	 */
	public function release() {
		remove_filter( 'wp_insert_post_data', array( $this, 'insert' ), PHP_INT_MAX );
		remove_filter( 'post_guid', array( $this, 'show' ), PHP_INT_MAX );
	}

	/**
	 * Puts the guid into the row that is about to be inserted; other posts, made by plugins meanwhile, keep theirs.
	 *
	 * @param array<string,mixed> $data      Columns of the row.
	 * @param array<string,mixed> $sanitized What was passed to wp_insert_post(), sanitized.
	 * @param array<string,mixed> $passed    The same before.
	 * @return array<string,mixed>
	 */
	public function insert( $data, $sanitized, $passed ) { // phpcs:ignore Generic.CodeAnalysis.UnusedFunctionParameter.FoundBeforeLastUsed -- the filter's.
		if ( isset( $passed['guid'] ) && $passed['guid'] === $this->guid ) {
			$data['guid'] = $this->guid;
		}
		return $data;
	}

	/**
	 * Shows the guid as it is stored: wp_insert_post() replaces one that looks empty by the permalink.
	 *
	 * @param string $shown   The guid after the filters.
	 * @param int    $post_id Post.
	 * @return string
	 */
	public function show( $shown, $post_id ) {
		$post = get_post( $post_id );
		return $post && $post->guid === $this->guid ? $this->guid : $shown;
	}

	/**
	 * Gives a post the guid back that a plugin has replaced after the INSERT.
	 *
	 * @param int $post_id Post.
	 * @return void
	 */
	public function repair( $post_id ) {
		global $wpdb;
		$post = get_post( $post_id );
		if ( ! $post || $post->guid === $this->guid ) {
			return;
		}
		// phpcs:ignore WordPress.DB.DirectDatabaseQuery -- wp_update_post() would run through what replaced it.
		$wpdb->update( $wpdb->posts, array( 'guid' => $this->guid ), array( 'ID' => $post_id ) );
		clean_post_cache( $post_id );
	}
}

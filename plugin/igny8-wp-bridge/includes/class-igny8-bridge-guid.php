<?php
/**
 * The guid of a post made of a content key.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Finds the post by its guid, and gives it the guid with its INSERT, whatever the site's filters make of it.
 *
 * WordPress cleans a guid like the address of a link: a plugin that shortens the list of allowed protocols would empty it,
 * and the post would be made again at the next request.
 */
final class Igny8_Bridge_Guid {

	/**
	 * Prefix of the guid of every post made here, at whichever site.
	 */
	const PREFIX = 'urn:igny8:';

	/**
	 * The guid.
	 *
	 * @var string
	 */
	private $guid;

	/**
	 * Prefix of the guid of every post of this site; the digest of its content key follows.
	 *
	 * @return string
	 */
	public static function prefix() {
		return self::PREFIX . Igny8_Bridge_Site::uuid() . ':';
	}

	/**
	 * Digest of the content key whose post has a guid, empty when it is none of this site.
	 *
	 * @param string $guid A guid.
	 * @return string
	 */
	public static function key_hash( $guid ) {
		$prefix = self::prefix();
		return 0 === strpos( $guid, $prefix ) ? substr( $guid, strlen( $prefix ) ) : '';
	}

	/**
	 * Takes the guid of one post.
	 *
	 * @param string $guid The guid.
	 */
	public function __construct( $guid ) {
		$this->guid = $guid;
	}

	/**
	 * Says whether a post has the guid: ids move when a database is restored or content is imported.
	 *
	 * Asked of the database, past any object cache: a stale entry here would be a second post.
	 *
	 * @param int $post_id Post.
	 * @return bool
	 * @throws Igny8_Bridge_Database_Error When the database does not answer.
	 */
	public function is_of( $post_id ) {
		global $wpdb;
		// phpcs:ignore WordPress.DB.DirectDatabaseQuery -- see above.
		$found = $wpdb->get_var( $wpdb->prepare( "SELECT ID FROM $wpdb->posts WHERE ID = %d AND guid = %s", $post_id, $this->guid ) );
		Igny8_Bridge_Database_Error::check();
		return null !== $found;
	}

	/**
	 * The oldest post with the guid above an id, 0 for none. The guid has no index; these posts are read by primary key.
	 *
	 * @param int $first_id The id.
	 * @return int
	 * @throws Igny8_Bridge_Database_Error When the database does not answer.
	 */
	public function find_after( $first_id ) {
		global $wpdb;
		// phpcs:ignore WordPress.DB.DirectDatabaseQuery -- see is_of().
		$found = $wpdb->get_var( $wpdb->prepare( "SELECT ID FROM $wpdb->posts WHERE ID > %d AND guid = %s ORDER BY ID LIMIT 1", $first_id, $this->guid ) );
		Igny8_Bridge_Database_Error::check();
		return (int) $found;
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

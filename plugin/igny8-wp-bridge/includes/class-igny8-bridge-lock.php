<?php
/**
 * Locks of the database server.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * A lock by name that at most one request holds.
 *
 * GET_LOCK() belongs to the connection: when PHP dies at any instruction, killed by the kernel, a timeout or an operator, its
 * connection closes and the server releases the lock by itself. A lock kept in a row or an option would need an expiry,
 * and any expiry is either too short for a slow request or too long for a dead one.
 *
 * For the same reason a lost connection is a lost lock. WordPress would connect again and repeat the statement, without
 * the lock and without anybody noticing; so while a lock is held it may not, and the request dies with its connection.
 */
final class Igny8_Bridge_Lock {

	/**
	 * The lock's name at the server: 46 characters, of the 64 that MySQL allows.
	 *
	 * @var string
	 */
	private $name;

	/**
	 * How often WordPress may try to connect again once the lock is released; null while this request does not hold it.
	 *
	 * @var int|null
	 */
	private $retries;

	/**
	 * Names a lock of this site.
	 *
	 * Names are shared by everything on the database server, so the database and the site's prefix are part of it.
	 *
	 * @param string $what What is locked.
	 */
	public function __construct( $what ) {
		global $wpdb;
		$database   = defined( 'DB_NAME' ) ? DB_NAME : '';
		$this->name = 'igny8:' . sha1( $database . "\n" . $wpdb->prefix . "\n" . $what );
	}

	/**
	 * The lock of a content key.
	 *
	 * @param string $content_key Content key.
	 * @return self
	 */
	public static function of_content( $content_key ) {
		return new self( "content\n" . $content_key );
	}

	/**
	 * Does something while the lock of a content key is held.
	 *
	 * @param string   $content_key Content key.
	 * @param callable $change      What to do.
	 * @return mixed|WP_Error What it returns; a problem when another request holds the lock, or the server cannot lock.
	 */
	public static function around_content( $content_key, callable $change ) {
		Igny8_Bridge_Schema::ensure();
		$lock  = self::of_content( $content_key );
		$taken = $lock->acquire( Igny8_Bridge_Publisher::LOCK_WAIT );
		if ( is_wp_error( $taken ) ) {
			return Igny8_Bridge_Problem::not_stored( $taken );
		}
		if ( ! $taken ) {
			return Igny8_Bridge_Publisher::in_progress();
		}
		try {
			return $change();
		} finally {
			$lock->release();
		}
	}

	/**
	 * The lock under which terms of a taxonomy are created.
	 *
	 * @param string $taxonomy Taxonomy.
	 * @return self
	 */
	public static function of_taxonomy( $taxonomy ) {
		return new self( "taxonomy\n" . $taxonomy );
	}

	/**
	 * Says whether a second lock can be held beside the first: before MySQL 5.7.5, taking one released the other.
	 *
	 * @return bool
	 */
	public static function several_at_once() {
		global $wpdb;
		return false !== stripos( $wpdb->db_server_info(), 'mariadb' ) || version_compare( $wpdb->db_version(), '5.7.5', '>=' );
	}

	/**
	 * Takes the lock.
	 *
	 * @param int $seconds How long to wait for whoever holds it.
	 * @return bool|WP_Error False when it is still held, an error when the server cannot lock.
	 */
	public function acquire( $seconds ) {
		$answer = $this->ask( 'SELECT GET_LOCK( %s, %d )', $this->name, $seconds );
		if ( null === $answer ) {
			return new WP_Error( 'igny8_bridge_lock', 'The database could not take a lock.' );
		}
		if ( '1' !== $answer ) {
			return false;
		}
		$this->stay_connected();
		// A connection that drop-ins keep open beyond the request would keep the lock of one that ends in exit or a fatal error.
		register_shutdown_function( array( $this, 'release' ) );
		return true;
	}

	/**
	 * Releases the lock if this request holds it.
	 *
	 * @return void
	 */
	public function release() {
		global $wpdb;
		if ( null === $this->retries ) {
			return;
		}
		if ( $wpdb->check_connection( false ) ) { // Or else the server has released it, and asking would end in an error page.
			$this->ask( 'SELECT RELEASE_LOCK( %s )', $this->name );
		}
		$wpdb->reconnect_retries = $this->retries;
		$this->retries           = null;
	}

	/**
	 * Says whether any request holds the lock.
	 *
	 * @return bool
	 */
	public function is_held() {
		$holder = $this->ask( 'SELECT IS_USED_LOCK( %s )', $this->name );
		Igny8_Bridge_Database_Error::check();
		return null !== $holder;
	}

	/**
	 * Keeps WordPress from connecting again; the property is protected, but wpdb hands it out.
	 *
	 * @return void
	 */
	private function stay_connected() {
		global $wpdb;
		$this->retries           = property_exists( $wpdb, 'reconnect_retries' ) ? (int) $wpdb->reconnect_retries : 0;
		$wpdb->reconnect_retries = 0;
	}

	/**
	 * Asks the server that also stores the posts.
	 *
	 * HyperDB and LudicrousDB would send a SELECT to a replica, where the lock would protect nothing.
	 *
	 * @param string     $sql     Statement with placeholders.
	 * @param string|int ...$args Values for them.
	 * @return string|null
	 */
	private function ask( $sql, ...$args ) {
		global $wpdb;
		if ( method_exists( $wpdb, 'send_reads_to_masters' ) ) {
			$wpdb->send_reads_to_masters();
		}
		// phpcs:ignore WordPress.DB -- a lock is asked of the server each time; the statements are this class's constants.
		return $wpdb->get_var( $wpdb->prepare( $sql, ...$args ) );
	}
}

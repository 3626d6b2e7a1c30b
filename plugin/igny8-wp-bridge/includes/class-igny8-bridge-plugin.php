<?php
/**
 * Bootstrap: hooks the plugin into WordPress.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Connects the plugin's parts to WordPress's hooks; holds no behaviour of its own.
 */
final class Igny8_Bridge_Plugin {

	/**
	 * Registers the hooks that every request needs.
	 *
	 * @return void
	 */
	public static function register() {
		$auth   = new Igny8_Bridge_Auth();
		$routes = new Igny8_Bridge_Routes( $auth );

		// After the cookies (10, 20) and application passwords (20): a key that was sent on purpose wins over both. On core's routes
		// a login cookie without nonce still makes the request nobody's; on the plugin's own the key is asked again.
		add_filter( 'determine_current_user', array( $auth, 'determine_user' ), 30 );
		add_action( 'rest_api_init', array( $routes, 'register' ) );
		add_action( 'deleted_post', array( 'Igny8_Bridge_Reservations', 'forget_post' ), 10, 2 );
		add_filter( 'wpmu_drop_tables', array( 'Igny8_Bridge_Schema', 'drop_with_site' ) );
		add_filter( 'wpmu_drop_tables', array( 'Igny8_Bridge_Media_Table', 'drop_with_site' ) );
		add_action( 'template_redirect', array( 'Igny8_Bridge_Head', 'prepare' ) );
		add_action( 'igny8_bridge_count_term', array( 'Igny8_Bridge_Term_Counting', 'count_in_full' ), 10, 2 );
		add_action( Igny8_Bridge_Ended::EVENT, array( 'Igny8_Bridge_Ended', 'forget' ) );

		if ( is_admin() ) {
			( new Igny8_Bridge_Settings() )->register();
		}
	}

	/**
	 * Prepares the site the plugin was activated on.
	 *
	 * On a network the other sites prepare themselves at their first request: a network may have
	 * thousands of sites, and sites are added later.
	 *
	 * @return void
	 */
	public static function activate() {
		Igny8_Bridge_Schema::ensure();
		Igny8_Bridge_Site::uuid();
	}
}

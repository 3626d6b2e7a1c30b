<?php
/**
 * What the site says about itself.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * The site's identity and facts.
 */
final class Igny8_Bridge_Site {

	/**
	 * Option with the site's UUID.
	 */
	const UUID_OPTION = 'igny8_bridge_site_uuid';

	/**
	 * Option with the time (Unix, seconds) at which the operator last asked about the site.
	 */
	const SEEN_OPTION = 'igny8_bridge_last_seen';

	/**
	 * Capabilities that publishing needs, in the order in which they are reported.
	 */
	const CAPABILITIES = array(
		'edit_posts',
		'publish_posts',
		'edit_others_posts',
		'edit_pages',
		'publish_pages',
		'manage_categories',
		'upload_files',
		'unfiltered_html',
	);

	/**
	 * The site's UUID, minted at first use.
	 *
	 * @return string
	 */
	public static function uuid() {
		$uuid = get_option( self::UUID_OPTION );
		return is_string( $uuid ) && '' !== $uuid ? $uuid : self::mint();
	}

	/**
	 * Facts about the site for `GET /site`.
	 *
	 * @return array<string,mixed>
	 */
	public static function facts() {
		$user = wp_get_current_user();
		return array(
			'uuid'                    => self::uuid(),
			'name'                    => wp_specialchars_decode( get_option( 'blogname' ), ENT_QUOTES ),
			'home_url'                => home_url( '/' ),
			'rest_url'                => rest_url(),
			'plugin_version'          => IGNY8_BRIDGE_VERSION,
			'wordpress_version'       => get_bloginfo( 'version' ),
			'php_version'             => PHP_VERSION,
			'locale'                  => get_locale(),
			'timezone'                => wp_timezone_string(),
			'multisite'               => is_multisite(),
			'user'                    => array(
				'id'    => $user->ID,
				'login' => $user->user_login,
			),
			'capabilities'            => self::capabilities(),
			'limits'                  => self::limits(),
			'seo_plugins'             => Igny8_Bridge_Seo::detected_plugins(),
			'block_editor_post_types' => Igny8_Bridge_Structure::block_editor_post_types(),
		);
	}

	/**
	 * Capabilities of the current user, out of those that publishing needs.
	 *
	 * @return string[]
	 */
	public static function capabilities() {
		return array_values( array_filter( self::CAPABILITIES, 'current_user_can' ) );
	}

	/**
	 * Notes that the operator has just asked, for the settings page.
	 *
	 * @return void
	 */
	public static function mark_seen() {
		update_option( self::SEEN_OPTION, time(), false );
	}

	/**
	 * When the operator last asked: Unix time in seconds, 0 for never.
	 *
	 * @return int
	 */
	public static function last_seen() {
		return (int) get_option( self::SEEN_OPTION, 0 );
	}

	/**
	 * Mints the UUID once.
	 *
	 * Not add_option(): its statement overwrites on a duplicate, so that of two first requests the earlier one
	 * would have made posts under a UUID that is gone.
	 *
	 * @return string
	 */
	private static function mint() {
		global $wpdb;
		// phpcs:disable WordPress.DB.DirectDatabaseQuery -- see above; the caches are cleared below.
		$wpdb->query(
			$wpdb->prepare(
				"INSERT IGNORE INTO $wpdb->options ( option_name, option_value, autoload ) VALUES ( %s, %s, 'no' )",
				self::UUID_OPTION,
				wp_generate_uuid4()
			)
		);
		$uuid = $wpdb->get_var( $wpdb->prepare( "SELECT option_value FROM $wpdb->options WHERE option_name = %s", self::UUID_OPTION ) );
		// phpcs:enable
		wp_cache_delete( self::UUID_OPTION, 'options' );
		wp_cache_delete( 'notoptions', 'options' );
		return (string) $uuid;
	}

	/**
	 * What PHP allows a request: bytes and seconds, 0 for no limit.
	 *
	 * @return array<string,int>
	 */
	private static function limits() {
		return array(
			'upload_max_bytes'  => self::bytes( 'upload_max_filesize' ),
			'post_max_bytes'    => self::bytes( 'post_max_size' ),
			'memory_bytes'      => self::bytes( 'memory_limit' ),
			'execution_seconds' => max( 0, (int) ini_get( 'max_execution_time' ) ),
		);
	}

	/**
	 * A size of PHP's configuration in bytes; PHP writes "no limit" as -1.
	 *
	 * @param string $setting Name of the setting.
	 * @return int
	 */
	private static function bytes( $setting ) {
		return max( 0, wp_convert_hr_to_bytes( (string) ini_get( $setting ) ) );
	}
}

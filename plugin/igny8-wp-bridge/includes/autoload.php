<?php
/**
 * Loads the plugin's classes when they are first used.
 *
 * Most requests of a site need none of them but the bootstrap, so nothing else is read from disk for them.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Loads a class or interface of this plugin from the file that the coding standard names after it.
 *
 * @param string $name Class or interface name.
 * @return void
 */
function igny8_bridge_autoload( $name ) {
	if ( 0 !== strpos( $name, 'Igny8_Bridge_' ) ) {
		return;
	}
	$slug = strtolower( str_replace( '_', '-', $name ) );
	foreach ( array( 'class', 'interface' ) as $kind ) {
		$file = __DIR__ . '/' . $kind . '-' . $slug . '.php';
		if ( is_file( $file ) ) {
			require_once $file;
			return;
		}
	}
}

spl_autoload_register( 'igny8_bridge_autoload' );

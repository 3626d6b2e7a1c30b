<?php
/**
 * IGNY8 Bridge: the site's end of the IGNY8 operator's REST API.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 *
 * Plugin Name:       IGNY8 Bridge
 * Plugin URI:        https://github.com/igny8/wordpress-operator
 * Description:       Lets the IGNY8 operator publish to this site: each piece of content becomes exactly one post, however often it is sent.
 * Version:           2.2.0
 * Requires at least: 6.1
 * Requires PHP:      7.4
 * Author:            The IGNY8 WordPress Operator Authors
 * License:           GPL-2.0-or-later
 * License URI:       https://www.gnu.org/licenses/old-licenses/gpl-2.0.html
 * Text Domain:       igny8-wp-bridge
 */

defined( 'ABSPATH' ) || exit;

define( 'IGNY8_BRIDGE_VERSION', '2.2.0' );

require_once __DIR__ . '/includes/autoload.php';

register_activation_hook( __FILE__, array( 'Igny8_Bridge_Plugin', 'activate' ) );

Igny8_Bridge_Plugin::register();

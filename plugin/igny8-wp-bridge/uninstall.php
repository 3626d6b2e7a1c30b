<?php
/**
 * Removes what the plugin stored; the posts and their meta stay, they are the site's, and so does its UUID, by which the posts are known.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

require_once __DIR__ . '/includes/autoload.php';

Igny8_Bridge_Cleanup::everywhere();

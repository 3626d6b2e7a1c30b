<?php
// Arguments: folder, address, title, login, password, permalink structure.
// Globals are named e2e_* because $wp, $id, $post and their like are WordPress's.
list( , $e2e_dir, $e2e_url, $e2e_title, $e2e_login, $e2e_password, $e2e_permalinks ) = $argv;

$_SERVER['HTTP_HOST']       = substr( $e2e_url, strlen( 'http://' ) );
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
$_SERVER['REQUEST_METHOD']  = 'GET';
$_SERVER['REQUEST_URI']     = '/';
define( 'WP_INSTALLING', true );

// Pluggable: a new site would mail its administrator.
function wp_new_blog_notification() {}

require $e2e_dir . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';

// WordPress would try permalinks by calling itself, and there is no server yet.
$e2e_structure = function () use ( $e2e_permalinks ) {
	return $e2e_permalinks;
};
add_filter( 'pre_option_permalink_structure', $e2e_structure );
add_filter(
	'pre_http_request',
	function () {
		return new WP_Error( 'offline', 'No requests during the installation.' );
	}
);

wp_install( $e2e_title, $e2e_login, $e2e_login . '@example.test', true, '', $e2e_password );

remove_filter( 'pre_option_permalink_structure', $e2e_structure );
global $wp_rewrite;
$wp_rewrite->init();
$wp_rewrite->set_permalink_structure( $e2e_permalinks );
$wp_rewrite->flush_rules( true );

// Debian ships one theme, which need not be WordPress's default.
if ( ! wp_get_theme()->exists() ) {
	switch_theme( (string) key( wp_get_themes() ) );
}

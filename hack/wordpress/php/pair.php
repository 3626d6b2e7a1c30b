<?php
// Arguments: folder, address, plugin file, API key, login of the key's user.
list( , $e2e_dir, $e2e_url, $e2e_plugin, $e2e_key, $e2e_login ) = $argv;

$_SERVER['HTTP_HOST']   = substr( $e2e_url, strlen( 'http://' ) );
$_SERVER['REQUEST_URI'] = '/';
require $e2e_dir . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/plugin.php';

$e2e_result = activate_plugin( $e2e_plugin );
if ( null === $e2e_result ) {
	$e2e_result = Igny8_Bridge_Credentials::set( $e2e_key, get_user_by( 'login', $e2e_login )->ID );
}
if ( is_wp_error( $e2e_result ) ) {
	fwrite( STDERR, $e2e_result->get_error_message() );
	exit( 1 );
}

<?php
// Arguments: folder, address, code.
$_SERVER['HTTP_HOST']   = substr( $argv[2], strlen( 'http://' ) );
$_SERVER['REQUEST_URI'] = '/';
require $argv[1] . '/wp-load.php';
eval( $argv[3] );

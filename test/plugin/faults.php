<?php
/**
 * Must-use plugin of the tests: breaks a request at the place its headers name.
 *
 * X-Test-Kill: HOOK    the PHP process is killed as by the kernel
 * X-Test-Hold: HOOK    the request stops until the file wp-content/release appears
 * X-Test-Fail: HOOK    the filter returns an error, or true
 * X-Test-Exit: HOOK    the request exits; at its very end it writes to wp-content/locks whether it holds the lock X-Test-Lock
 * X-Test-Code: CODE    runs PHP code, as of another plugin of the site
 * X-Test-Count: 1      the answer tells the number of database queries in X-Test-Queries
 */

foreach ( array( 'kill', 'hold', 'fail', 'exit', 'code', 'count' ) as $test_fault ) {
	$test_header = 'HTTP_X_TEST_' . strtoupper( $test_fault );
	if ( isset( $_SERVER[ $test_header ] ) ) {
		call_user_func( 'test_' . $test_fault, $_SERVER[ $test_header ] );
	}
}

function test_kill( $hook ) {
	$die = function ( $value = null ) {
		posix_kill( getmypid(), 9 );
		return $value;
	};
	add_filter( $hook, $die, PHP_INT_MAX );
}

function test_hold( $hook ) {
	$wait = function ( $value = null ) {
		touch( WP_CONTENT_DIR . '/held' );
		$deadline = microtime( true ) + 60;
		while ( ! file_exists( WP_CONTENT_DIR . '/release' ) && microtime( true ) < $deadline ) {
			usleep( 5000 );
			clearstatcache();
		}
		return $value;
	};
	add_filter( $hook, $wait, PHP_INT_MAX );
}

function test_fail( $hook ) {
	$fail = function () use ( $hook ) {
		return 'wp_insert_post_empty_content' === $hook ? true : new WP_Error( 'refused', 'Refused by a test.' );
	};
	add_filter( $hook, $fail, PHP_INT_MAX );
}

function test_exit( $hook ) {
	$exit = function () {
		// After the shutdown functions there are now.
		register_shutdown_function(
			function () {
				global $wpdb;
				$held = $wpdb->get_var( $wpdb->prepare( 'SELECT COALESCE( IS_USED_LOCK( %s ) = CONNECTION_ID(), 0 )', $_SERVER['HTTP_X_TEST_LOCK'] ) );
				file_put_contents( WP_CONTENT_DIR . '/locks', $held );
			}
		);
		exit;
	};
	add_filter( $hook, $exit, PHP_INT_MAX );
}

function test_code( $code ) {
	eval( wp_unslash( $code ) );
}

function test_count() {
	$count = function ( $response ) {
		global $wpdb;
		$response->header( 'X-Test-Queries', (string) $wpdb->num_queries );
		return $response;
	};
	add_filter( 'rest_post_dispatch', $count );
}

<?php
/**
 * Must-use plugin of every site for tests and the demo: wordpress.org answers with nothing.
 *
 * Outgoing requests are blocked, and wp-admin would log a warning for each of them. A test that needs another answer
 * hooks in with a higher priority.
 */
add_filter(
	'pre_http_request',
	function ( $answer, $arguments, $url ) {
		if ( 'api.wordpress.org' !== wp_parse_url( $url, PHP_URL_HOST ) ) {
			return $answer;
		}
		return array(
			'headers'  => array(),
			'body'     => '',
			'response' => array(
				'code'    => 200,
				'message' => 'OK',
			),
			'cookies'  => array(),
			'filename' => null,
		);
	},
	10,
	3
);

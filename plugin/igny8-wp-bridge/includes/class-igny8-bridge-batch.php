<?php
/**
 * Several posts in one request.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Publishes posts one after the other, each as if it had come alone, and writes each result out as soon as it is known.
 *
 * Start-up of WordPress is about half of what a publish costs, so this is how a queue drains fast. An item that throws is a
 * problem of its own. One that ends PHP (memory, time, exit) ends the batch, but not what was said of the items before it: that
 * has left already, and the rest of the answer is written at shutdown, as far as PHP still can.
 */
final class Igny8_Bridge_Batch {

	/**
	 * Most items.
	 */
	const MAX_ITEMS = 20;

	/**
	 * Longest body, in bytes.
	 */
	const MAX_BYTES = 5242880;

	/**
	 * Bytes that are kept for writing the rest of an answer when the memory is used up.
	 */
	const RESERVE = 262144;

	/**
	 * Items as they were sent.
	 *
	 * @var array<int,mixed>
	 */
	private $items;

	/**
	 * How many items have been answered.
	 *
	 * @var int
	 */
	private $answered = 0;

	/**
	 * Memory that is given back when the rest of the answer is to be written.
	 *
	 * @var string|null
	 */
	private $reserve;

	/**
	 * Note that the terms are not counted yet.
	 *
	 * @var Igny8_Bridge_Batch_Note
	 */
	private $note;

	/**
	 * Takes items.
	 *
	 * @param array<int,mixed> $items Items as they were sent.
	 */
	public function __construct( array $items ) {
		$this->items = $items;
	}

	/**
	 * What is wrong with a request for a batch, null when nothing is.
	 *
	 * @param WP_REST_Request $request The request.
	 * @return WP_Error|null
	 */
	public static function problem( WP_REST_Request $request ) {
		if ( strlen( $request->get_body() ) > self::MAX_BYTES ) {
			return Igny8_Bridge_Problem::error( 'too-large', sprintf( 'A batch may have %d bytes.', self::MAX_BYTES ) );
		}
		return null;
	}

	/**
	 * Answers a request in place of WordPress, which would hold the answer back until all is done.
	 *
	 * @param bool             $served Whether the request was answered.
	 * @param WP_HTTP_Response $result The answer so far.
	 * @return bool
	 */
	public function serve( $served, $result ) {
		if ( $served || 200 !== $result->get_status() ) {
			return $served;
		}
		add_filter( 'rest_send_nocache_headers', '__return_false' ); // The answer has them, and they cannot be sent behind it.
		$this->reserve = str_repeat( "\0", self::RESERVE );
		$this->note    = new Igny8_Bridge_Batch_Note();
		register_shutdown_function( array( $this, 'finish' ) );
		self::write( '{"items":[' );
		Igny8_Bridge_Term_Counting::defer(
			function () {
				foreach ( $this->items as $item ) {
					if ( function_exists( 'set_time_limit' ) ) {
						set_time_limit( max( 0, (int) ini_get( 'max_execution_time' ) ) ); // Each item has the time of a request.
					}
					$this->answer( $item, $this->publish( $item ) );
				}
			}
		);
		$this->finish();
		return true;
	}

	/**
	 * Publishes one item.
	 *
	 * @param mixed $item The item.
	 * @return array<string,mixed>|WP_Error
	 */
	private function publish( $item ) {
		if ( ! is_array( $item ) ) {
			return Igny8_Bridge_Problem::invalid( array( Igny8_Bridge_Fields::fault( '', 'The item is not an object.' ) ) );
		}
		$faults = Igny8_Bridge_Fields::compare( $item, Igny8_Bridge_Fields::publish() );
		if ( $faults ) {
			return Igny8_Bridge_Problem::invalid( $faults );
		}
		try {
			return ( new Igny8_Bridge_Publisher() )->publish( Igny8_Bridge_Fields::present( $item ) );
		} catch ( Throwable $error ) {
			return Igny8_Bridge_Problem::not_stored( $error->getMessage() );
		}
	}

	/**
	 * Writes the result of an item.
	 *
	 * @param mixed                        $item   The item.
	 * @param array<string,mixed>|WP_Error $result Its result.
	 * @return void
	 */
	private function answer( $item, $result ) {
		$answer = array( 'content_key' => isset( $item['content_key'] ) && is_string( $item['content_key'] ) ? $item['content_key'] : '' );
		if ( is_wp_error( $result ) ) {
			$data   = $result->get_error_data();
			$answer = $answer + array(
				'status'  => $data['status'],
				'problem' => $data['problem'],
			);
		} else {
			$answer = $answer + array(
				'status' => 201,
				'post'   => $result,
			);
		}
		self::write( ( 0 === $this->answered ? '' : ',' ) . wp_json_encode( $answer ) );
		++$this->answered;
	}

	/**
	 * Writes the rest of the answer: at the end, or when PHP ends before.
	 *
	 * @return void
	 */
	public function finish() {
		if ( null === $this->reserve ) {
			return;
		}
		$this->reserve = null;
		foreach ( array_slice( $this->items, $this->answered ) as $item ) {
			$this->answer( $item, Igny8_Bridge_Problem::error( 'not-stored', 'The request ended before this post was answered. Send it alone.' ) );
		}
		self::write( ']}' );
		Igny8_Bridge_Term_Counting::flush(); // What the items before had left to the end.
		$this->note->remove();
	}

	/**
	 * Writes a part of the answer to the web server.
	 *
	 * Once something has left, WordPress does not replace the answer with its page for fatal errors.
	 *
	 * @param string $text The part.
	 * @return void
	 */
	private static function write( $text ) {
		echo $text; // phpcs:ignore WordPress.Security.EscapeOutput -- JSON.
		while ( ob_get_level() > 0 && ob_end_flush() ) {
			continue; // Buffers of other plugins would keep it.
		}
		flush();
	}
}

<?php
/**
 * What was taken out of a content.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Compares what was sent with what the site stored after its filters, above all KSES, and names what is missing.
 */
final class Igny8_Bridge_Stripped {

	/**
	 * Names another difference than a missing element or attribute.
	 */
	const OTHER = '#text';

	/**
	 * A start tag, and what it has in it. Quantifiers are possessive: content may be hostile and long.
	 */
	const TAG = '/<([a-z][a-z0-9:-]*+)((?:[^<>"\']++|"[^"]*+"|\'[^\']*+\')*+)>/i';

	/**
	 * An attribute of a start tag.
	 */
	const ATTRIBUTE = '/([^\s"\'<>\/=]++)(?:\s*+=\s*+(?:"[^"]*+"|\'[^\']*+\'|[^\s"\'=<>`]++))?+/';

	/**
	 * What is missing of a post, field by field.
	 *
	 * @param array<string,mixed> $sent   The post as it was passed to WordPress, unslashed.
	 * @param WP_Post             $stored The post.
	 * @return string[] Elements (`script`), attributes (`img[srcset]`), `#text` for other differences; outside the content with the field in front (`title/script`).
	 */
	public static function of( array $sent, WP_Post $stored ) {
		$names = self::missing( $sent['post_content'], $stored->post_content );
		foreach ( array( 'title', 'excerpt' ) as $field ) {
			$column = 'post_' . $field;
			foreach ( isset( $sent[ $column ] ) ? self::missing( trim( $sent[ $column ] ), trim( $stored->$column ) ) : array() as $name ) {
				$names[] = $field . '/' . $name;
			}
		}
		return $names;
	}

	/**
	 * What is missing of a text.
	 *
	 * @param string $sent   Text that was sent.
	 * @param string $stored Text that was stored.
	 * @return string[]
	 */
	private static function missing( $sent, $stored ) {
		if ( $sent === $stored ) {
			return array();
		}
		$left  = self::count_names( $stored );
		$names = array();
		foreach ( self::count_names( $sent ) as $name => $count ) {
			$element = strtok( $name, '[' );
			$gone    = $count > ( isset( $left[ $name ] ) ? $left[ $name ] : 0 );
			if ( $gone && ! in_array( $element, $names, true ) ) {
				$names[] = $name; // Not the attributes of an element that is gone as a whole.
			}
		}
		return $names ? $names : array( self::OTHER );
	}

	/**
	 * How often each element and attribute occurs.
	 *
	 * @param string $text Text.
	 * @return array<string,int> By name, elements before their attributes.
	 */
	private static function count_names( $text ) {
		$counts = array();
		preg_match_all( self::TAG, $text, $tags, PREG_SET_ORDER );
		foreach ( $tags as $tag ) {
			$element            = strtolower( $tag[1] );
			$counts[ $element ] = isset( $counts[ $element ] ) ? $counts[ $element ] + 1 : 1;
			preg_match_all( self::ATTRIBUTE, $tag[2], $attributes );
			foreach ( $attributes[1] as $attribute ) {
				$name            = $element . '[' . strtolower( $attribute ) . ']';
				$counts[ $name ] = isset( $counts[ $name ] ) ? $counts[ $name ] + 1 : 1;
			}
		}
		return $counts;
	}
}

<?php
/**
 * Names of terms.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * How names of terms are read, compared and stored.
 */
final class Igny8_Bridge_Term_Names {

	/**
	 * Longest name: the width of WordPress's column.
	 */
	const MAX_NAME = 200;

	/**
	 * Says whether a text can name a term, or a path of them.
	 *
	 * @param string $name     Name or path.
	 * @param string $taxonomy Taxonomy.
	 * @return bool
	 */
	public static function is_name( $name, $taxonomy ) {
		foreach ( self::segments( $name, is_taxonomy_hierarchical( $taxonomy ) ) as $segment ) {
			$stored = self::stored( $segment, $taxonomy );
			if ( '' === trim( $stored ) || mb_strlen( $stored ) > self::MAX_NAME ) {
				return false;
			}
		}
		return true;
	}

	/**
	 * The names a path is made of. A slash that is part of a name has a backslash before it; of backslashes right before a
	 * slash, two stand for one, and all others for themselves.
	 *
	 * @param string $name         Name or path.
	 * @param bool   $hierarchical Whether the taxonomy has paths.
	 * @return string[]
	 */
	public static function segments( $name, $hierarchical ) {
		if ( ! $hierarchical ) {
			return array( $name );
		}
		$segments = array( '' );
		$last     = 0;
		foreach ( preg_split( '~(\\\\*/)~', $name, -1, PREG_SPLIT_DELIM_CAPTURE ) as $i => $part ) {
			$marks = strlen( $part ) - 1;
			if ( 0 === $i % 2 ) {
				$segments[ $last ] .= $part;
			} elseif ( 1 === $marks % 2 ) {
				$segments[ $last ] .= str_repeat( '\\', intdiv( $marks, 2 ) ) . '/';
			} else {
				$segments[ $last ] .= str_repeat( '\\', intdiv( $marks, 2 ) );
				++$last;
				$segments[ $last ] = '';
			}
		}
		return array_map( 'trim', $segments );
	}

	/**
	 * The path of a name below a path, in the form that segments() reads.
	 *
	 * @param string $path Path of the parent, empty for the top.
	 * @param string $name Name as it is shown.
	 * @return string
	 */
	public static function below( $path, $name ) {
		if ( '' !== $path ) {
			$path .= substr( $path, strlen( rtrim( $path, '\\' ) ) ) . '/';
		}
		return $path . preg_replace( '~(\\\\*)/~', '$1$1\\\\/', $name );
	}

	/**
	 * A name in the form in which names are compared.
	 *
	 * @param string $name     Name as it was sent.
	 * @param string $taxonomy Taxonomy.
	 * @return string
	 */
	public static function fold( $name, $taxonomy ) {
		return self::lower( self::stored( $name, $taxonomy ) );
	}

	/**
	 * A name as WordPress will store it: without tags, with `&` as an entity.
	 *
	 * @param string $name     Name as it was sent.
	 * @param string $taxonomy Taxonomy.
	 * @return string
	 */
	public static function stored( $name, $taxonomy ) {
		return wp_unslash( sanitize_term_field( 'name', wp_slash( $name ), 0, $taxonomy, 'db' ) );
	}

	/**
	 * A name as people read it.
	 *
	 * @param string $stored Name as WordPress stores it, with entities.
	 * @return string
	 */
	public static function shown( $stored ) {
		return wp_specialchars_decode( $stored, ENT_QUOTES );
	}

	/**
	 * A text in lower case; the polyfills of WordPress do not cover mb_strtolower().
	 *
	 * @param string $text Text.
	 * @return string
	 */
	public static function lower( $text ) {
		return function_exists( 'mb_strtolower' ) ? mb_strtolower( $text, 'UTF-8' ) : strtolower( $text );
	}
}

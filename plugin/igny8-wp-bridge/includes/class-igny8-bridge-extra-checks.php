<?php
/**
 * Checks of dates, taxonomies, custom fields, images and addresses.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Says what is wrong with the fields that go beyond text, categories and tags.
 */
final class Igny8_Bridge_Extra_Checks {

	/**
	 * Most bytes of an excerpt: what WordPress's column holds.
	 */
	const MAX_EXCERPT = 65535;

	/**
	 * What is wrong, by field; empty texts where nothing is.
	 *
	 * @param array<string,mixed> $fields   Fields that fit the schema.
	 * @param WP_Post|null        $existing The post to update.
	 * @return array<string,string>
	 */
	public static function messages( array $fields, $existing ) {
		$meta = isset( $fields['meta'] ) ? $fields['meta'] : array();
		return array(
			'excerpt'           => isset( $fields['excerpt'] ) && strlen( $fields['excerpt'] ) > self::MAX_EXCERPT ? 'excerpt is longer than WordPress can store.' : '',
			'date_gmt'          => self::date_fault( $fields ),
			'taxonomies'        => self::taxonomies_fault( $fields ),
			'meta'              => Igny8_Bridge_Custom_Fields::fault( $meta, $fields['post_type'], $existing ? $existing->ID : 0 ),
			'featured_image_id' => self::images_fault( isset( $fields['featured_image_id'] ) ? array( $fields['featured_image_id'] ) : array() ),
			'gallery'           => self::images_fault( isset( $fields['gallery'] ) ? $fields['gallery'] : array() ),
			'canonical_url'     => self::address_fault( $fields ),
		);
	}

	/**
	 * What is wrong with the date: WordPress would take the 31st of February for none.
	 *
	 * @param array<string,mixed> $fields Fields.
	 * @return string
	 */
	private static function date_fault( array $fields ) {
		$date = isset( $fields['date_gmt'] ) ? $fields['date_gmt'] : '';
		if ( '' === $date ) {
			return 'future' === $fields['status'] ? 'date_gmt is required for the status future.' : '';
		}
		$parsed = DateTimeImmutable::createFromFormat( 'Y-m-d\TH:i:s\Z', $date, new DateTimeZone( 'UTC' ) );
		return $parsed && $parsed->format( 'Y-m-d\TH:i:s\Z' ) === $date ? '' : 'date_gmt is no date.';
	}

	/**
	 * What is wrong with the taxonomies.
	 *
	 * @param array<string,mixed> $fields Fields.
	 * @return string
	 */
	private static function taxonomies_fault( array $fields ) {
		$seen = array_filter(
			array(
				'category' => isset( $fields['categories'] ),
				'post_tag' => isset( $fields['tags'] ),
			)
		);
		foreach ( isset( $fields['taxonomies'] ) ? $fields['taxonomies'] : array() as $item ) {
			$taxonomy = $item['taxonomy'];
			if ( isset( $seen[ $taxonomy ] ) ) {
				return sprintf( 'The terms of %s are given twice.', $taxonomy );
			}
			$seen[ $taxonomy ] = true;
			if ( ! is_object_in_taxonomy( $fields['post_type'], $taxonomy ) ) {
				return sprintf( 'Posts of type %1$s have no taxonomy %2$s.', $fields['post_type'], $taxonomy );
			}
			$fault = self::names_fault( $taxonomy, $item['terms'] );
			if ( '' !== $fault ) {
				return $fault;
			}
		}
		return '';
	}

	/**
	 * What is wrong with names of terms.
	 *
	 * @param string   $taxonomy Taxonomy.
	 * @param string[] $names    Names or paths.
	 * @return string
	 */
	private static function names_fault( $taxonomy, array $names ) {
		foreach ( $names as $name ) {
			if ( ! Igny8_Bridge_Term_Names::is_name( $name, $taxonomy ) ) {
				return sprintf( '%1$s has a name that cannot be a term: "%2$s".', $taxonomy, $name );
			}
		}
		return '';
	}

	/**
	 * What is wrong with ids of images.
	 *
	 * @param int[] $ids Ids.
	 * @return string
	 */
	private static function images_fault( array $ids ) {
		if ( $ids ) {
			_prime_post_caches( array_map( 'intval', $ids ), false, true );
		}
		foreach ( $ids as $id ) {
			if ( ! wp_attachment_is_image( (int) $id ) ) {
				return sprintf( 'The media library has no image %d.', $id );
			}
		}
		return '';
	}

	/**
	 * What is wrong with the canonical address.
	 *
	 * @param array<string,mixed> $fields Fields.
	 * @return string
	 */
	private static function address_fault( array $fields ) {
		$url = isset( $fields['canonical_url'] ) ? $fields['canonical_url'] : '';
		return '' === $url || esc_url_raw( $url, array( 'http', 'https' ) ) === $url ? '' : 'canonical_url is no http or https address.';
	}
}

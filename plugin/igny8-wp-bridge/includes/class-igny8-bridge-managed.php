<?php
/**
 * What of a post is ours to change.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * The parts of a post that were sent, and are therefore compared, replaced, and taken away again when they are no longer sent.
 * What was never sent belongs to the people of the site.
 */
final class Igny8_Bridge_Managed {

	/**
	 * Taxonomies that were sent.
	 *
	 * @var string[]
	 */
	public $taxonomies;

	/**
	 * Keys of custom fields that were sent.
	 *
	 * @var string[]
	 */
	public $meta;

	/**
	 * Other parts that were sent: template, featured_image_id, gallery, date_gmt.
	 *
	 * @var string[]
	 */
	public $parts;

	/**
	 * By adapter and key, the digest of the SEO value that we wrote; null when it is not known.
	 *
	 * @var array<string,array<string,string>>|null
	 */
	public $seo;

	/**
	 * Takes the parts.
	 *
	 * @param string[]                                $taxonomies Taxonomies.
	 * @param string[]                                $meta       Keys of custom fields.
	 * @param string[]                                $parts      Other parts.
	 * @param array<string,array<string,string>>|null $seo        Digests of SEO values.
	 */
	public function __construct( array $taxonomies, array $meta, array $parts, $seo ) {
		$this->taxonomies = $taxonomies;
		$this->meta       = $meta;
		$this->parts      = $parts;
		$this->seo        = $seo;
	}

	/**
	 * What a reservation says. One of an earlier version, or made again from the posts, says nothing: then it is what that version sent.
	 *
	 * @param object|null $row Reservation.
	 * @return self
	 */
	public static function of( $row ) {
		$known = $row && ! empty( $row->managed ) ? json_decode( $row->managed, true ) : null;
		if ( ! is_array( $known ) ) {
			return new self( Igny8_Bridge_Representation::TAXONOMIES, array(), array(), null );
		}
		return new self( $known['taxonomies'], $known['meta'], $known['parts'], $known['seo'] );
	}

	/**
	 * The same for the reservation.
	 *
	 * @return string
	 */
	public function encode() {
		return (string) wp_json_encode( get_object_vars( $this ) );
	}

	/**
	 * Digest by which a value is known again.
	 *
	 * @param mixed $value Value.
	 * @return string
	 */
	public static function digest( $value ) {
		return substr( hash( 'sha256', (string) wp_json_encode( $value ) ), 0, 16 );
	}
}

<?php
/**
 * The plugin's own place for SEO fields.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Keeps SEO fields in meta of this plugin, whichever SEO plugins come and go.
 */
final class Igny8_Bridge_Seo_Own extends Igny8_Bridge_Seo_Meta {

	/**
	 * Meta key of each field; the underscore keeps them out of the custom fields box.
	 */
	const META_KEYS = array(
		'seo_title'          => '_igny8_seo_title',
		'seo_description'    => '_igny8_seo_description',
		'primary_keyword'    => '_igny8_seo_primary_keyword',
		'secondary_keywords' => '_igny8_seo_secondary_keywords',
		'canonical_url'      => '_igny8_seo_canonical_url',
		'robots'             => '_igny8_seo_robots',
	);

	/**
	 * {@inheritDoc}
	 *
	 * @return string
	 */
	public function id() {
		return 'igny8';
	}

	/**
	 * {@inheritDoc}
	 *
	 * @return bool
	 */
	public function is_active() {
		return true;
	}

	/**
	 * {@inheritDoc}
	 *
	 * @param array<string,mixed> $fields Fields that were sent.
	 * @return array<string,mixed>
	 */
	public function values( array $fields ) {
		return $this->pick( $fields, self::META_KEYS );
	}

	/**
	 * {@inheritDoc}
	 *
	 * @return string[]
	 */
	protected function keys() {
		return array_values( self::META_KEYS );
	}
}

<?php
/**
 * SEOPress.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Keeps SEO fields where SEOPress looks for them.
 */
final class Igny8_Bridge_Seo_Seopress extends Igny8_Bridge_Seo_Meta {

	/**
	 * {@inheritDoc}
	 *
	 * @return string
	 */
	public function id() {
		return 'seopress';
	}

	/**
	 * {@inheritDoc}
	 *
	 * @return bool
	 */
	public function is_active() {
		return defined( 'SEOPRESS_VERSION' );
	}

	/**
	 * {@inheritDoc}
	 *
	 * @param array<string,mixed> $fields Fields that were sent.
	 * @return array<string,mixed>
	 */
	public function values( array $fields ) {
		$map      = array(
			'seo_title'       => '_seopress_titles_title',
			'seo_description' => '_seopress_titles_desc',
			'canonical_url'   => '_seopress_robots_canonical',
		);
		$robots   = array(
			'noindex'  => '_seopress_robots_index', // The value "yes" turns indexing off.
			'nofollow' => '_seopress_robots_follow',
		);
		$values   = $this->pick( $fields, $map ) + $this->directives( $fields, $robots, 'yes' );
		$keywords = $this->keywords( $fields );
		if ( null !== $keywords ) {
			$values['_seopress_analysis_target_kw'] = $keywords;
		}
		return $values;
	}

	/**
	 * {@inheritDoc}
	 *
	 * @return string[]
	 */
	protected function keys() {
		return array(
			'_seopress_titles_title',
			'_seopress_titles_desc',
			'_seopress_robots_canonical',
			'_seopress_robots_index',
			'_seopress_robots_follow',
			'_seopress_analysis_target_kw',
		);
	}
}

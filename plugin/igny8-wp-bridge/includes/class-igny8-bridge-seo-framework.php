<?php
/**
 * The SEO Framework.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Keeps SEO fields where The SEO Framework looks for them.
 */
final class Igny8_Bridge_Seo_Framework extends Igny8_Bridge_Seo_Meta {

	/**
	 * {@inheritDoc}
	 *
	 * @return string
	 */
	public function id() {
		return 'the-seo-framework';
	}

	/**
	 * {@inheritDoc}
	 *
	 * @return bool
	 */
	public function is_active() {
		return defined( 'THE_SEO_FRAMEWORK_VERSION' );
	}

	/**
	 * {@inheritDoc}
	 *
	 * It has no place for keywords.
	 *
	 * @param array<string,mixed> $fields Fields that were sent.
	 * @return array<string,mixed>
	 */
	public function values( array $fields ) {
		$map    = array(
			'seo_title'       => '_genesis_title',
			'seo_description' => '_genesis_description',
			'canonical_url'   => '_genesis_canonical_uri',
		);
		$robots = array(
			'noindex'  => '_genesis_noindex',
			'nofollow' => '_genesis_nofollow',
		);
		return $this->pick( $fields, $map ) + $this->directives( $fields, $robots, '1' );
	}

	/**
	 * {@inheritDoc}
	 *
	 * @return string[]
	 */
	protected function keys() {
		return array( '_genesis_title', '_genesis_description', '_genesis_canonical_uri', '_genesis_noindex', '_genesis_nofollow' );
	}
}

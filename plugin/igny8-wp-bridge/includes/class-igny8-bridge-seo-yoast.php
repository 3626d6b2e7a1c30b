<?php
/**
 * Yoast SEO.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Keeps SEO fields where Yoast SEO looks for them.
 */
final class Igny8_Bridge_Seo_Yoast extends Igny8_Bridge_Seo_Meta {

	/**
	 * {@inheritDoc}
	 *
	 * @return string
	 */
	public function id() {
		return 'yoast';
	}

	/**
	 * {@inheritDoc}
	 *
	 * @return bool
	 */
	public function is_active() {
		return defined( 'WPSEO_VERSION' );
	}

	/**
	 * {@inheritDoc}
	 *
	 * Further keywords are a feature of Yoast SEO Premium.
	 *
	 * @param array<string,mixed> $fields Fields that were sent.
	 * @return array<string,mixed>
	 */
	public function values( array $fields ) {
		$map    = array(
			'seo_title'       => '_yoast_wpseo_title',
			'seo_description' => '_yoast_wpseo_metadesc',
			'primary_keyword' => '_yoast_wpseo_focuskw',
			'canonical_url'   => '_yoast_wpseo_canonical',
		);
		$robots = array(
			'noindex'  => '_yoast_wpseo_meta-robots-noindex',
			'nofollow' => '_yoast_wpseo_meta-robots-nofollow',
		);
		$values = $this->pick( $fields, $map ) + $this->directives( $fields, $robots, '1' );
		if ( defined( 'WPSEO_PREMIUM_VERSION' ) && ! empty( $fields['secondary_keywords'] ) ) {
			$values['_yoast_wpseo_focuskeywords'] = $this->further( $fields['secondary_keywords'] );
		}
		return $values;
	}

	/**
	 * Further keywords in the form of Yoast SEO Premium.
	 *
	 * @param string[] $keywords Keywords.
	 * @return string
	 */
	private function further( array $keywords ) {
		$list = array();
		foreach ( $keywords as $keyword ) {
			$list[] = array(
				'keyword' => $keyword,
				'score'   => 0,
			);
		}
		return (string) wp_json_encode( $list );
	}

	/**
	 * {@inheritDoc}
	 *
	 * @return string[]
	 */
	protected function keys() {
		return array(
			'_yoast_wpseo_title',
			'_yoast_wpseo_metadesc',
			'_yoast_wpseo_focuskw',
			'_yoast_wpseo_canonical',
			'_yoast_wpseo_meta-robots-noindex',
			'_yoast_wpseo_meta-robots-nofollow',
			'_yoast_wpseo_focuskeywords',
		);
	}
}

<?php
/**
 * Rank Math.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Keeps SEO fields where Rank Math looks for them.
 */
final class Igny8_Bridge_Seo_Rank_Math extends Igny8_Bridge_Seo_Meta {

	/**
	 * {@inheritDoc}
	 *
	 * @return string
	 */
	public function id() {
		return 'rank-math';
	}

	/**
	 * {@inheritDoc}
	 *
	 * @return bool
	 */
	public function is_active() {
		return defined( 'RANK_MATH_VERSION' );
	}

	/**
	 * {@inheritDoc}
	 *
	 * @param array<string,mixed> $fields Fields that were sent.
	 * @return array<string,mixed>
	 */
	public function values( array $fields ) {
		$map      = array(
			'seo_title'       => 'rank_math_title',
			'seo_description' => 'rank_math_description',
			'canonical_url'   => 'rank_math_canonical_url',
		);
		$values   = $this->pick( $fields, $map );
		$keywords = $this->keywords( $fields );
		if ( null !== $keywords ) {
			$values['rank_math_focus_keyword'] = $keywords; // A text: the first one is the primary.
		}
		if ( ! empty( $fields['robots'] ) ) {
			$values['rank_math_robots'] = in_array( 'noindex', $fields['robots'], true ) ? $fields['robots'] : array_merge( array( 'index' ), $fields['robots'] );
		}
		return $values;
	}

	/**
	 * {@inheritDoc}
	 *
	 * @return string[]
	 */
	protected function keys() {
		return array( 'rank_math_title', 'rank_math_description', 'rank_math_canonical_url', 'rank_math_focus_keyword', 'rank_math_robots' );
	}
}

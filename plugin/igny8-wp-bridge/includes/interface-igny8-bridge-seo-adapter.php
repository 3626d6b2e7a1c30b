<?php
/**
 * How SEO fields reach the plugin that uses them.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Keeps the SEO fields of a post where one SEO plugin looks for them.
 *
 * The fields are named as in the payload: seo_title, seo_description, primary_keyword, secondary_keywords.
 */
interface Igny8_Bridge_Seo_Adapter {

	/**
	 * Name of the adapter as reported in a post's `seo_adapters`.
	 *
	 * @return string
	 */
	public function id();

	/**
	 * The fields as post meta, to be written together with the post.
	 *
	 * @param array<string,mixed> $fields Fields that were sent; others are left as they are.
	 * @return array<string,mixed> Values, unslashed, by meta key.
	 */
	public function meta( array $fields );

	/**
	 * The values a post has.
	 *
	 * @param int $post_id Post.
	 * @return array<string,mixed> Values by meta key; empty when the post has none.
	 */
	public function read( $post_id );
}

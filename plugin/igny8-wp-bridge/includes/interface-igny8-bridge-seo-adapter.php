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
 * The fields are named as in the payload: seo_title, seo_description, primary_keyword, secondary_keywords, canonical_url, robots.
 * The values are named as the plugin stores them.
 */
interface Igny8_Bridge_Seo_Adapter {

	/**
	 * Name of the adapter as reported in a post's `seo_adapters`.
	 *
	 * @return string
	 */
	public function id();

	/**
	 * Says whether the plugin is active.
	 *
	 * @return bool
	 */
	public function is_active();

	/**
	 * The fields in the form in which the plugin stores them.
	 *
	 * @param array<string,mixed> $fields Fields that were sent.
	 * @return array<string,mixed> Values by key.
	 */
	public function values( array $fields );

	/**
	 * The values a post has, also while the plugin is not active.
	 *
	 * @param int $post_id Post.
	 * @return array<string,mixed> Values by key; those the post does not have are absent.
	 */
	public function read( $post_id );

	/**
	 * What of a change travels with the post as its meta, so that it is there when other plugins look at the post.
	 *
	 * @param int                 $post_id Post, 0 for one to come.
	 * @param array<string,mixed> $values  Values to write, by key.
	 * @param string[]            $gone    Keys to take away.
	 * @return array<string,mixed> Values, unslashed, by meta key.
	 */
	public function meta( $post_id, array $values, array $gone );

	/**
	 * Does the rest of a change when the post is stored.
	 *
	 * @param int                 $post_id Post.
	 * @param array<string,mixed> $values  Values to write, by key.
	 * @param string[]            $gone    Keys to take away.
	 * @return void
	 */
	public function store( $post_id, array $values, array $gone );
}

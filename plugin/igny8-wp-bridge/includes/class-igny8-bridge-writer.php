<?php
/**
 * Writing of posts.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Writes one post with its terms, meta and SEO fields, and tells what became of them.
 */
final class Igny8_Bridge_Writer {

	/**
	 * What to write.
	 *
	 * @var Igny8_Bridge_Payload
	 */
	private $payload;

	/**
	 * Ids of the terms by taxonomy.
	 *
	 * @var array<string,int[]>
	 */
	private $term_ids;

	/**
	 * What has been managed so far.
	 *
	 * @var Igny8_Bridge_Managed
	 */
	private $before;

	/**
	 * The post for wp_insert_post(), once it is put together.
	 *
	 * @var array<string,mixed>
	 */
	private $post;

	/**
	 * What happens to the SEO fields, once it is decided.
	 *
	 * @var Igny8_Bridge_Seo_Plan
	 */
	private $seo;

	/**
	 * Takes what to write.
	 *
	 * @param Igny8_Bridge_Payload $payload  What to write.
	 * @param array<string,int[]>  $term_ids Ids of the terms by taxonomy.
	 * @param Igny8_Bridge_Managed $before   What has been managed so far.
	 */
	public function __construct( Igny8_Bridge_Payload $payload, array $term_ids, Igny8_Bridge_Managed $before ) {
		$this->payload  = $payload;
		$this->term_ids = $term_ids;
		$this->before   = $before;
	}

	/**
	 * Inserts the post, or updates the one there is.
	 *
	 * Terms and meta travel with it, and other plugins are told only when everything is there. Terms are counted once at the
	 * end instead of at each step: a count looks at every post of the category. The caches are cleaned so that what is read
	 * back is what the database has, after the filters of other plugins.
	 *
	 * @param int $post_id Post to update, 0 for none.
	 * @return int|WP_Error
	 */
	public function write( $post_id ) {
		$existing  = 0 === $post_id ? null : get_post( $post_id );
		$this->seo = new Igny8_Bridge_Seo_Plan( $this->payload->fields(), $this->before, $post_id );
		$terms     = new Igny8_Bridge_Post_Terms( $this->term_ids, $this->before );

		$this->post = $this->payload->columns() + $terms->arguments( $existing ) + $this->kept_by_default( $existing );

		$this->post['meta_input'] = $this->payload->meta() + $this->seo->meta( $post_id );

		$guid   = new Igny8_Bridge_Guid( $this->post['guid'] );
		$result = Igny8_Bridge_Term_Counting::defer(
			function () use ( $guid, $existing ) {
				$guid->keep();
				try {
					return $this->store( $existing );
				} finally {
					$guid->release();
				}
			}
		);
		if ( ! is_wp_error( $result ) ) {
			clean_post_cache( $result );
			$guid->repair( $result );
		}
		return $result;
	}

	/**
	 * Stores the post, then what has no place in it, then tells other plugins. WordPress takes the post slashed and would eat backslashes.
	 *
	 * @param WP_Post|null $existing The post there is.
	 * @return int|WP_Error
	 */
	private function store( $existing ) {
		$result = $existing
			? wp_update_post( wp_slash( array( 'ID' => $existing->ID ) + $this->post ), true, false )
			: wp_insert_post( wp_slash( $this->post ), true, false );
		if ( ! is_wp_error( $result ) ) {
			if ( $existing ) {
				Igny8_Bridge_Parts::clear( $result, $this->before, $this->sent() );
			}
			$this->seo->store( $result );
			if ( ! $existing ) {
				Igny8_Bridge_Term_Counting::created( $result );
			}
			wp_after_insert_post( $result, null !== $existing, $existing );
		}
		return $result;
	}

	/**
	 * Arguments that leave an existing post as it is where nothing was sent.
	 *
	 * @param WP_Post|null $existing The post there is.
	 * @return array<string,mixed>
	 */
	private function kept_by_default( $existing ) {
		if ( ! $existing ) {
			return array();
		}
		// Or else WordPress would refuse a template that the theme does not have any more.
		return $this->date_by_default( $existing ) + array( 'page_template' => '' );
	}

	/**
	 * The date of an existing post for which none was sent.
	 *
	 * A draft becomes public now, not when it was made. A date to come that was sent before is taken away again: with it,
	 * WordPress would make a scheduled post of what is to be published. One that a person set, or that is over, stays.
	 *
	 * @param WP_Post $existing The post there is.
	 * @return array<string,mixed> Empty to leave the date as it is.
	 */
	private function date_by_default( WP_Post $existing ) {
		$floating  = in_array( $this->payload->fields()['status'], get_post_stati( array( 'date_floating' => true ) ), true );
		$none      = '0000-00-00 00:00:00';
		$now       = current_time( 'mysql', true );
		$withdrawn = in_array( 'date_gmt', $this->before->parts, true ) && $existing->post_date_gmt > $now;
		if ( ! $withdrawn && ( $floating || $none !== $existing->post_date_gmt ) ) {
			return array();
		}
		return array(
			'post_date'     => get_date_from_gmt( $now ),
			'post_date_gmt' => $floating ? $none : $now,
			'edit_date'     => true,
		);
	}

	/**
	 * What was sent.
	 *
	 * @return Igny8_Bridge_Managed
	 */
	private function sent() {
		return new Igny8_Bridge_Managed(
			array_map( 'strval', array_keys( $this->term_ids ) ),
			array_map( 'strval', array_keys( isset( $this->payload->fields()['meta'] ) ? $this->payload->fields()['meta'] : array() ) ),
			$this->payload->parts(),
			null
		);
	}

	/**
	 * What is managed from now on.
	 *
	 * @param int $post_id The post.
	 * @return Igny8_Bridge_Managed
	 */
	public function managed( $post_id ) {
		$managed      = $this->sent();
		$managed->seo = $this->seo->known( $post_id );
		return $managed;
	}

	/**
	 * What is wrong with the post that was stored, where a difference would break a promise.
	 *
	 * Content may differ: WordPress takes out what the user may not write. But a post without its guid could be made twice, and
	 * one without a title is not what was asked for.
	 *
	 * @param int $post_id Post.
	 * @return string Empty when nothing is.
	 */
	public function fault( $post_id ) {
		$stored = get_post( $post_id );
		if ( ! $stored instanceof WP_Post ) {
			return 'The post is not there after it was saved: another plugin deleted it.';
		}
		if ( $stored->guid !== $this->post['guid'] ) {
			return 'Another plugin replaced the guid of the post while it was saved.';
		}
		if ( '' === $stored->post_title ) {
			return 'Nothing of the title was left after the filters of the site.';
		}
		return '';
	}

	/**
	 * What the answer tells beside the post: what was taken out, and which SEO values a person has changed.
	 *
	 * @param int $post_id Post.
	 * @return array<string,string[]>
	 */
	public function report( $post_id ) {
		return array_filter(
			array(
				'stripped' => Igny8_Bridge_Stripped::of( $this->post, get_post( $post_id ) ),
				'seo_kept' => $this->seo->kept(),
			)
		);
	}
}

<?php
/**
 * What a request wants to be published.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * The fields of a publish request, checked against the site, in the form wp_insert_post() takes.
 */
final class Igny8_Bridge_Payload {

	/**
	 * Fields as they were sent.
	 *
	 * @var array<string,mixed>
	 */
	private $fields;

	/**
	 * Id of the author.
	 *
	 * @var int
	 */
	private $author_id;

	/**
	 * Keeps fields that were checked.
	 *
	 * @param array<string,mixed> $fields    Fields.
	 * @param int                 $author_id Id of the author.
	 */
	private function __construct( array $fields, $author_id ) {
		$this->fields    = $fields;
		$this->author_id = $author_id;
	}

	/**
	 * Checks fields that fit the schema against the site and the current user.
	 *
	 * @param array<string,mixed> $fields Fields.
	 * @return self|WP_Error
	 */
	public static function from( array $fields ) {
		$fields += array( 'post_type' => 'post' );
		$author  = Igny8_Bridge_Checks::author_id( isset( $fields['author'] ) ? $fields['author'] : '' );
		$faults  = Igny8_Bridge_Checks::faults( $fields, $author );
		if ( $faults ) {
			return Igny8_Bridge_Problem::invalid( $faults );
		}
		$refusal = Igny8_Bridge_Checks::refusal( get_post_type_object( $fields['post_type'] ), $fields['status'], $author );
		if ( '' !== $refusal ) {
			return Igny8_Bridge_Problem::error( 'forbidden', $refusal );
		}
		return new self( $fields, $author );
	}

	/**
	 * The content key.
	 *
	 * @return string
	 */
	public function content_key() {
		return $this->fields['content_key'];
	}

	/**
	 * Who makes the post and from what, by column of the reservation.
	 *
	 * @return array<string,mixed>
	 */
	public function origin() {
		return array(
			'content_id'    => $this->get( 'content_id', null ),
			'owner'         => $this->get( 'owner', '' ),
			'claim'         => $this->get( 'claim', '' ),
			'source_digest' => $this->get( 'source_digest', '' ),
		);
	}

	/**
	 * Names of the terms asked for, by taxonomy; a taxonomy that was not sent is absent.
	 *
	 * @return array<string,string[]>
	 */
	public function term_names() {
		return array_filter(
			array(
				'category' => $this->get( 'categories', null ),
				'post_tag' => $this->get( 'tags', null ),
			),
			'is_array'
		);
	}

	/**
	 * The post for wp_insert_post(), unslashed. Terms and meta travel with it, so that they are there when
	 * `wp_after_insert_post` fires and other plugins look.
	 *
	 * @param array<string,int[]> $term_ids Ids of terms by taxonomy.
	 * @return array<string,mixed>
	 */
	public function post( array $term_ids ) {
		$post = array(
			'post_type'    => $this->fields['post_type'],
			'post_status'  => $this->fields['status'],
			'post_title'   => $this->fields['title'],
			'post_content' => $this->fields['content_html'],
			'post_author'  => $this->author_id,
			'guid'         => Igny8_Bridge_Guid::prefix() . Igny8_Bridge_Reservation::hash( $this->content_key() ),
			'meta_input'   => Igny8_Bridge_Seo::meta( $this->fields ),
		);
		return $post + $this->optional() + $this->terms( $term_ids );
	}

	/**
	 * The parts of the post that are left to WordPress when they were not sent.
	 *
	 * @return array<string,mixed>
	 */
	private function optional() {
		$targets = array(
			'excerpt'        => 'post_excerpt',
			'slug'           => 'post_name',
			'comment_status' => 'comment_status',
			'template'       => 'page_template',
			'parent'         => 'post_parent',
		);
		$post    = array();
		foreach ( $targets as $field => $target ) {
			if ( isset( $this->fields[ $field ] ) && '' !== $this->fields[ $field ] ) {
				$post[ $target ] = $this->fields[ $field ];
			}
		}
		return $post;
	}

	/**
	 * The terms of the post.
	 *
	 * @param array<string,int[]> $term_ids Ids of terms by taxonomy.
	 * @return array<string,int[]>
	 */
	private function terms( array $term_ids ) {
		$post = array();
		if ( isset( $term_ids['category'] ) ) {
			$post['post_category'] = $term_ids['category'];
		}
		if ( isset( $term_ids['post_tag'] ) ) {
			$post['tags_input'] = $term_ids['post_tag'];
		}
		return $post;
	}

	/**
	 * A field.
	 *
	 * @param string $field    Field.
	 * @param mixed  $fallback Value when it was not sent.
	 * @return mixed
	 */
	private function get( $field, $fallback ) {
		return isset( $this->fields[ $field ] ) ? $this->fields[ $field ] : $fallback;
	}
}

<?php
/**
 * What a request wants to be published.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * The fields of a request that makes or updates a post, checked against the site.
 */
final class Igny8_Bridge_Payload {

	/**
	 * Fields as they were sent.
	 *
	 * @var array<string,mixed>
	 */
	private $fields;

	/**
	 * Id of the author, 0 to leave it as it is.
	 *
	 * @var int
	 */
	private $author_id;

	/**
	 * Keeps fields that were checked.
	 *
	 * @param array<string,mixed> $fields    Fields.
	 * @param int                 $author_id Id of the author, 0 to leave it as it is.
	 */
	private function __construct( array $fields, $author_id ) {
		$this->fields    = $fields;
		$this->author_id = $author_id;
	}

	/**
	 * Checks fields that fit the schema against the site and the current user.
	 *
	 * @param array<string,mixed> $fields   Fields.
	 * @param WP_Post|null        $existing The post to update, null for one to come.
	 * @return self|WP_Error
	 */
	public static function from( array $fields, $existing = null ) {
		$fields += array( 'post_type' => $existing ? $existing->post_type : 'post' );
		$asked   = isset( $fields['author'] ) ? $fields['author'] : '';
		$author  = $existing && '' === $asked ? (int) $existing->post_author : Igny8_Bridge_Checks::author_id( $asked );
		$faults  = Igny8_Bridge_Checks::faults( $fields, $existing ? max( 1, $author ) : $author, $existing );
		if ( $existing && '' !== $asked && 0 === $author ) {
			$faults[] = Igny8_Bridge_Fields::fault( 'author', 'The site has no such author.' );
		}
		if ( $faults ) {
			return Igny8_Bridge_Problem::invalid( $faults );
		}
		$refusal = Igny8_Bridge_Checks::refusal( get_post_type_object( $fields['post_type'] ), $fields['status'], $author, $existing );
		if ( '' !== $refusal ) {
			return Igny8_Bridge_Problem::error( 'forbidden', $refusal );
		}
		return new self( $fields, $existing && '' === $asked ? 0 : $author );
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
	 * The fields as they were sent, with the post type.
	 *
	 * @return array<string,mixed>
	 */
	public function fields() {
		return $this->fields;
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
		return self::names_of( $this->fields );
	}

	/**
	 * Names of the terms that fields ask for.
	 *
	 * @param array<string,mixed> $fields Fields.
	 * @return array<string,string[]> By taxonomy.
	 */
	public static function names_of( array $fields ) {
		$names = array();
		if ( isset( $fields['categories'] ) ) {
			$names['category'] = $fields['categories'];
		}
		if ( isset( $fields['tags'] ) ) {
			$names['post_tag'] = $fields['tags'];
		}
		foreach ( isset( $fields['taxonomies'] ) ? $fields['taxonomies'] : array() as $item ) {
			$names[ $item['taxonomy'] ] = $item['terms'];
		}
		return $names;
	}

	/**
	 * The ids of the terms a payload asks for, by taxonomy. What is missing is created.
	 *
	 * @return array<string,int[]>|WP_Error
	 */
	public function term_ids() {
		$ids = array();
		foreach ( $this->term_names() as $taxonomy => $names ) {
			// PHP makes an integer of a key of digits, which is a fine name for a taxonomy.
			$ids[ $taxonomy ] = ( new Igny8_Bridge_Terms( (string) $taxonomy ) )->resolve( $names );
			if ( is_wp_error( $ids[ $taxonomy ] ) ) {
				return $ids[ $taxonomy ];
			}
		}
		return $ids;
	}

	/**
	 * The post's own columns for wp_insert_post(), unslashed.
	 *
	 * @return array<string,mixed>
	 */
	public function columns() {
		$post = array(
			'post_type'    => $this->fields['post_type'],
			'post_status'  => $this->fields['status'],
			'post_title'   => $this->fields['title'],
			'post_content' => $this->fields['content_html'],
			'post_excerpt' => $this->get( 'excerpt', '' ),
			'guid'         => Igny8_Bridge_Guid::prefix() . Igny8_Bridge_Reservation::hash( $this->content_key() ),
		);
		if ( 0 !== $this->author_id ) {
			$post['post_author'] = $this->author_id;
		}
		return $post + $this->date() + $this->optional();
	}

	/**
	 * Meta that was sent: custom fields, template and images.
	 *
	 * @return array<string,mixed>
	 */
	public function meta() {
		$meta = $this->get( 'meta', array() );
		if ( isset( $this->fields['featured_image_id'] ) ) {
			// Not through set_post_thumbnail(), which drops it where the theme of the moment shows none.
			$meta['_thumbnail_id'] = (int) $this->fields['featured_image_id'];
		}
		if ( ! empty( $this->fields['gallery'] ) ) {
			$meta[ Igny8_Bridge_Parts::GALLERY_META ] = array_map( 'intval', $this->fields['gallery'] );
		}
		return $meta;
	}

	/**
	 * Names of the parts that were sent and that are taken away again when they are not.
	 *
	 * @return string[]
	 */
	public function parts() {
		$parts = array();
		foreach ( Igny8_Bridge_Parts::ALL as $part ) {
			if ( ! empty( $this->fields[ $part ] ) ) {
				$parts[] = $part;
			}
		}
		return $parts;
	}

	/**
	 * The date that was sent. WordPress would keep the date of a draft floating if it were not told that it is meant.
	 *
	 * @return array<string,mixed>
	 */
	private function date() {
		if ( empty( $this->fields['date_gmt'] ) ) {
			return array();
		}
		$gmt = str_replace( array( 'T', 'Z' ), array( ' ', '' ), $this->fields['date_gmt'] );
		return array(
			'post_date_gmt' => $gmt,
			'post_date'     => get_date_from_gmt( $gmt ),
			'edit_date'     => true,
		);
	}

	/**
	 * The columns that are left to WordPress when they were not sent.
	 *
	 * @return array<string,mixed>
	 */
	private function optional() {
		$targets = array(
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

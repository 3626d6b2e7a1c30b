<?php
/**
 * Posts as the REST API shows them.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * The representation of a post and the digest of what the site stored of it.
 */
final class Igny8_Bridge_Representation {

	/**
	 * Taxonomies whose terms are always shown.
	 */
	const TAXONOMIES = array( 'category', 'post_tag' );

	/**
	 * The representation of a post.
	 *
	 * @param int    $post_id Post.
	 * @param object $row     Its reservation.
	 * @return array<string,mixed>
	 */
	public static function of( $post_id, $row ) {
		$post    = get_post( $post_id );
		$managed = Igny8_Bridge_Managed::of( $row );
		$terms   = self::terms( $post, $managed );
		$seo     = Igny8_Bridge_Seo::read( $post_id, $managed );
		return array(
			'id'            => $post->ID,
			'content_key'   => $row->content_key,
			'type'          => $post->post_type,
			'status'        => $post->post_status,
			'title'         => $post->post_title,
			'slug'          => $post->post_name,
			'url'           => self::url( $post ),
			'edit_url'      => self::edit_url( $post ),
			'author'        => self::author( (int) $post->post_author ),
			'date_gmt'      => self::time( $post->post_date_gmt, '' ),
			'modified_gmt'  => self::time( $post->post_modified_gmt, $post->post_modified ),
			'content_hash'  => Igny8_Bridge_Intent::hash( $row, $post, self::digest( $post, $managed, $terms, $seo ) ),
			'written_hash'  => isset( $row->content_hash ) ? $row->content_hash : '',
			'source_digest' => $row->source_digest,
			'owner'         => $row->owner,
			'claim'         => $row->claim,
			'terms'         => array_map( array( __CLASS__, 'show_terms' ), $terms ),
			'seo_adapters'  => array_keys( $seo ),
		);
	}

	/**
	 * The representation with who changed the post last, for those who have to decide about a change.
	 *
	 * @param int    $post_id Post.
	 * @param object $row     Its reservation.
	 * @return array<string,mixed>
	 */
	public static function with_editor( $post_id, $row ) {
		$post = self::of( $post_id, $row ) + array( 'modified_by' => Igny8_Bridge_People::last_editor( get_post( $post_id ) ) );
		$hash = self::untrashed_hash( $post_id, $row );
		return '' === $hash ? $post : $post + array( 'untrashed_hash' => $hash );
	}

	/**
	 * The content hash that a post in the trash had before: another one than that of the last write means that somebody changed the post first.
	 *
	 * @param int    $post_id Post.
	 * @param object $row     Its reservation.
	 * @return string Empty for a post that is not in the trash, or that was put there by something else than WordPress.
	 */
	private static function untrashed_hash( $post_id, $row ) {
		$post   = get_post( $post_id );
		$status = (string) get_post_meta( $post_id, '_wp_trash_meta_status', true );
		if ( 'trash' !== $post->post_status || '' === $status ) {
			return '';
		}
		$before              = clone $post;
		$before->post_status = $status;
		if ( metadata_exists( 'post', $post_id, '_wp_desired_post_slug' ) ) {
			$before->post_name = (string) get_post_meta( $post_id, '_wp_desired_post_slug', true );
		}
		return self::hash( $before, $row );
	}

	/**
	 * The content hash of a post.
	 *
	 * @param WP_Post $post Post.
	 * @param object  $row  Its reservation.
	 * @return string
	 */
	private static function hash( WP_Post $post, $row ) {
		$managed = Igny8_Bridge_Managed::of( $row );
		return Igny8_Bridge_Intent::hash( $row, $post, self::digest( $post, $managed, self::terms( $post, $managed ), Igny8_Bridge_Seo::read( $post->ID, $managed ) ) );
	}

	/**
	 * The digest over everything managed, in a form that does not depend on the order in which it was stored.
	 *
	 * A post that waits for its date becomes published by the site's own clock; that is no change of the content.
	 *
	 * @param WP_Post                           $post    Post.
	 * @param Igny8_Bridge_Managed              $managed What is managed.
	 * @param array<string,WP_Term[]>           $terms   Its terms by taxonomy.
	 * @param array<string,array<string,mixed>> $seo     Its SEO values by adapter.
	 * @return string
	 */
	private static function digest( WP_Post $post, Igny8_Bridge_Managed $managed, array $terms, array $seo ) {
		$terms = array_intersect_key( $terms, array_flip( $managed->taxonomies ) );
		ksort( $terms, SORT_STRING );
		$stored = array(
			'title'   => $post->post_title,
			'content' => $post->post_content,
			'excerpt' => $post->post_excerpt,
			'slug'    => $post->post_name,
			'status'  => 'future' === $post->post_status ? 'publish' : $post->post_status,
			'terms'   => array_map( array( __CLASS__, 'sorted_ids' ), $terms ),
			'meta'    => $seo,
		);
		$parts  = Igny8_Bridge_Parts::read( $post, $managed );
		return 'sha256:' . hash( 'sha256', (string) wp_json_encode( $parts ? $stored + array( 'parts' => $parts ) : $stored ) );
	}

	/**
	 * The managed terms of a post by taxonomy, read with one query.
	 *
	 * @param WP_Post              $post    Post.
	 * @param Igny8_Bridge_Managed $managed What is managed.
	 * @return array<string,WP_Term[]>
	 */
	private static function terms( WP_Post $post, Igny8_Bridge_Managed $managed ) {
		update_object_term_cache( array( $post->ID ), $post->post_type );
		$terms = array();
		foreach ( array_unique( array_merge( self::TAXONOMIES, $managed->taxonomies ) ) as $taxonomy ) {
			$found              = is_object_in_taxonomy( $post->post_type, $taxonomy ) ? get_the_terms( $post, $taxonomy ) : array();
			$terms[ $taxonomy ] = is_array( $found ) ? $found : array();
		}
		return $terms;
	}

	/**
	 * The ids of terms in ascending order.
	 *
	 * @param WP_Term[] $terms Terms.
	 * @return int[]
	 */
	private static function sorted_ids( array $terms ) {
		$ids = wp_list_pluck( $terms, 'term_id' );
		sort( $ids );
		return $ids;
	}

	/**
	 * Terms as they are shown: names as people write them, where WordPress stores `&` as an entity.
	 *
	 * @param WP_Term[] $terms Terms.
	 * @return array<int,array{id:int,name:string}>
	 */
	private static function show_terms( array $terms ) {
		$shown = array();
		foreach ( $terms as $term ) {
			$shown[] = array(
				'id'   => $term->term_id,
				'name' => wp_specialchars_decode( $term->name, ENT_QUOTES ),
			);
		}
		return $shown;
	}

	/**
	 * The permalink, or the preview of a post that is not public.
	 *
	 * @param WP_Post $post Post.
	 * @return string
	 */
	private static function url( WP_Post $post ) {
		return (string) ( is_post_publicly_viewable( $post ) ? get_permalink( $post ) : get_preview_post_link( $post ) );
	}

	/**
	 * The address of the post in the editor.
	 *
	 * Not get_edit_post_link(): it is empty when the key's user may not edit the post, but the link is for people.
	 *
	 * @param WP_Post $post Post.
	 * @return string
	 */
	private static function edit_url( WP_Post $post ) {
		$type = get_post_type_object( $post->post_type );
		$path = $type && $type->_edit_link ? $type->_edit_link : 'post.php?post=%d';
		return admin_url( sprintf( $path . '&action=edit', $post->ID ) );
	}

	/**
	 * The author.
	 *
	 * @param int $user_id User.
	 * @return array{id:int,login:string}
	 */
	private static function author( $user_id ) {
		$user = get_userdata( $user_id );
		return array(
			'id'    => $user_id,
			'login' => $user ? $user->user_login : '',
		);
	}

	/**
	 * A time of the post in UTC; WordPress stores a new draft without them.
	 *
	 * @param string $gmt   The time, or zeros.
	 * @param string $local The same in the site's time zone, for when there are zeros; empty for none.
	 * @return string|null Null for none.
	 */
	private static function time( $gmt, $local ) {
		if ( '0000-00-00 00:00:00' === $gmt ) {
			$gmt = '' === $local ? '' : get_gmt_from_date( $local );
		}
		return '' === $gmt ? null : str_replace( ' ', 'T', $gmt ) . 'Z';
	}
}

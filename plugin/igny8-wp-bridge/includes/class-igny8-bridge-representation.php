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
	 * Taxonomies whose terms are managed.
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
		$post  = get_post( $post_id );
		$terms = self::terms( $post );
		$seo   = Igny8_Bridge_Seo::read( $post_id );
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
			'modified_gmt'  => self::modified( $post ),
			'content_hash'  => self::digest( $post, $terms, $seo ),
			'source_digest' => $row->source_digest,
			'owner'         => $row->owner,
			'claim'         => $row->claim,
			'terms'         => array_map( array( __CLASS__, 'show_terms' ), $terms ),
			'seo_adapters'  => array_keys( $seo ),
		);
	}

	/**
	 * The digest of what the site stored of a post, as it is in the database now.
	 *
	 * @param int $post_id Post.
	 * @return string
	 */
	public static function content_hash( $post_id ) {
		$post = get_post( $post_id );
		return self::digest( $post, self::terms( $post ), Igny8_Bridge_Seo::read( $post_id ) );
	}

	/**
	 * The digest over everything managed, in a form that does not depend on the order in which it was stored.
	 *
	 * A post that waits for its date becomes published by the site's own clock; that is no change of the content.
	 *
	 * @param WP_Post                           $post  Post.
	 * @param array<string,WP_Term[]>           $terms Its terms by taxonomy.
	 * @param array<string,array<string,mixed>> $seo   Its SEO values by adapter.
	 * @return string
	 */
	private static function digest( WP_Post $post, array $terms, array $seo ) {
		$stored = array(
			'title'   => $post->post_title,
			'content' => $post->post_content,
			'excerpt' => $post->post_excerpt,
			'slug'    => $post->post_name,
			'status'  => 'future' === $post->post_status ? 'publish' : $post->post_status,
			'terms'   => array_map( array( __CLASS__, 'sorted_ids' ), $terms ),
			'meta'    => $seo,
		);
		return 'sha256:' . hash( 'sha256', (string) wp_json_encode( $stored ) );
	}

	/**
	 * The managed terms of a post by taxonomy, read with one query.
	 *
	 * @param WP_Post $post Post.
	 * @return array<string,WP_Term[]>
	 */
	private static function terms( WP_Post $post ) {
		update_object_term_cache( array( $post->ID ), $post->post_type );
		$terms = array();
		foreach ( self::TAXONOMIES as $taxonomy ) {
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
	 * When the post was last changed, in UTC; WordPress stores a new draft without it.
	 *
	 * @param WP_Post $post Post.
	 * @return string
	 */
	private static function modified( WP_Post $post ) {
		$gmt = '0000-00-00 00:00:00' === $post->post_modified_gmt ? get_gmt_from_date( $post->post_modified ) : $post->post_modified_gmt;
		return str_replace( ' ', 'T', $gmt ) . 'Z';
	}
}

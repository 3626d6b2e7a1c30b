<?php
/**
 * People who change posts.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Shows users to those who ask who changed a post.
 */
final class Igny8_Bridge_People {

	/**
	 * Who changed a post last, as far as WordPress knows.
	 *
	 * Every save from an editor leaves a revision of its time with the editor as author; the classic editor, and those of types
	 * without revisions, leave the editor's id.
	 *
	 * @param WP_Post $post Post.
	 * @return array{id:int,login:string,name:string}|null
	 */
	public static function last_editor( WP_Post $post ) {
		$revisions = wp_get_post_revisions( $post->ID, array( 'posts_per_page' => 1 ) );
		$revision  = reset( $revisions );
		$user_id   = $revision && $revision->post_modified_gmt >= $post->post_modified_gmt
			? (int) $revision->post_author
			: (int) get_post_meta( $post->ID, '_edit_last', true );
		$user      = get_userdata( $user_id );
		return $user ? self::show( $user ) : null;
	}

	/**
	 * A user.
	 *
	 * @param WP_User $user User.
	 * @return array{id:int,login:string,name:string}
	 */
	public static function show( WP_User $user ) {
		return array(
			'id'    => $user->ID,
			'login' => $user->user_login,
			'name'  => $user->display_name,
		);
	}
}

<?php
/**
 * Checks of a payload that need the site.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Says what of a payload the site does not have, and what the current user may not do.
 *
 * All of it happens before anything is written.
 */
final class Igny8_Bridge_Checks {

	/**
	 * Finds a user by login name, e-mail address or numeric id, in this order.
	 *
	 * @param string $author What was sent; empty for the current user.
	 * @return int 0 when the site has no such user.
	 */
	public static function author_id( $author ) {
		if ( '' === $author ) {
			return get_current_user_id();
		}
		$user = get_user_by( 'login', $author );
		if ( ! $user && is_email( $author ) ) {
			$user = get_user_by( 'email', $author );
		}
		if ( ! $user && ctype_digit( $author ) ) {
			$user = get_user_by( 'id', (int) $author );
		}
		return $user && is_user_member_of_blog( $user->ID ) ? $user->ID : 0;
	}

	/**
	 * Everything in the fields that the site does not have or cannot use.
	 *
	 * @param array<string,mixed> $fields    Fields that fit the schema.
	 * @param int                 $author_id Author that was found.
	 * @param WP_Post|null        $existing  The post to update.
	 * @return array<int,array{field:string,message:string}>
	 */
	public static function faults( array $fields, $author_id, $existing = null ) {
		if ( ! self::is_publishable( $fields['post_type'] ) ) {
			return array( Igny8_Bridge_Fields::fault( 'post_type', sprintf( 'The site has no post type %s to publish to.', $fields['post_type'] ) ) );
		}
		if ( $existing && $existing->post_type !== $fields['post_type'] ) {
			return array( Igny8_Bridge_Fields::fault( 'post_type', sprintf( 'The post is of type %s, which cannot be changed.', $existing->post_type ) ) );
		}
		$messages = array(
			'title'      => self::title_fault( $fields ),
			'author'     => 0 === $author_id ? 'The site has no such author.' : '',
			'slug'       => self::slug_fault( $fields ),
			'template'   => self::template_fault( $fields ),
			'parent'     => self::parent_fault( $fields ),
			'categories' => self::terms_fault( $fields, 'categories', 'category' ),
			'tags'       => self::terms_fault( $fields, 'tags', 'post_tag' ),
		) + Igny8_Bridge_Extra_Checks::messages( $fields, $existing );
		$faults   = array();
		foreach ( array_filter( $messages ) as $field => $message ) {
			$faults[] = Igny8_Bridge_Fields::fault( $field, $message );
		}
		return $faults;
	}

	/**
	 * What the current user may not do, empty when everything is allowed.
	 *
	 * @param WP_Post_Type $type      Post type.
	 * @param string       $status    Status asked for.
	 * @param int          $author_id Author.
	 * @param WP_Post|null $existing  The post to update, which the user may edit.
	 * @return string
	 */
	public static function refusal( WP_Post_Type $type, $status, $author_id, $existing = null ) {
		$cap = $type->cap;
		if ( ! $existing && ( ! current_user_can( $cap->create_posts ) || ! current_user_can( $cap->edit_posts ) ) ) {
			return sprintf( 'The user of the API key may not create posts of type %s.', $type->name );
		}
		if ( in_array( $status, array( 'publish', 'private', 'future' ), true ) && ! current_user_can( $cap->publish_posts ) ) {
			return sprintf( 'The user of the API key may not publish posts of type %s.', $type->name );
		}
		$same_author = $existing && (int) $existing->post_author === $author_id;
		if ( ! $same_author && get_current_user_id() !== $author_id && ! current_user_can( $cap->edit_others_posts ) ) {
			return 'The user of the API key may not make posts of other authors.';
		}
		return '';
	}

	/**
	 * Says whether posts of a type can be published: it exists, has pages of its own, and is no attachment.
	 *
	 * @param string $post_type Post type.
	 * @return bool
	 */
	private static function is_publishable( $post_type ) {
		return 'attachment' !== $post_type && is_post_type_viewable( $post_type );
	}

	/**
	 * What is wrong with the title: it may be blank, or markup that this user may not write.
	 *
	 * @param array<string,mixed> $fields Fields.
	 * @return string
	 */
	private static function title_fault( array $fields ) {
		$stored = wp_unslash( sanitize_post_field( 'post_title', wp_slash( $fields['title'] ), 0, 'db' ) );
		return '' === trim( $stored ) ? 'title is blank after the filters of the site.' : '';
	}

	/**
	 * What is wrong with the slug: WordPress would silently make one from the title.
	 *
	 * @param array<string,mixed> $fields Fields.
	 * @return string
	 */
	private static function slug_fault( array $fields ) {
		$slug = isset( $fields['slug'] ) ? $fields['slug'] : '';
		return '' !== $slug && '' === sanitize_title( $slug ) ? 'slug has no character that can be part of an address.' : '';
	}

	/**
	 * What is wrong with the template: wp_insert_post() would complain only after its INSERT.
	 *
	 * @param array<string,mixed> $fields Fields.
	 * @return string
	 */
	private static function template_fault( array $fields ) {
		$template = isset( $fields['template'] ) ? $fields['template'] : '';
		if ( in_array( $template, array( '', 'default' ), true ) ) {
			return '';
		}
		$known = wp_get_theme()->get_page_templates( null, $fields['post_type'] );
		return isset( $known[ $template ] ) ? '' : 'The theme has no such template for this post type.';
	}

	/**
	 * What is wrong with the parent.
	 *
	 * @param array<string,mixed> $fields Fields.
	 * @return string
	 */
	private static function parent_fault( array $fields ) {
		if ( empty( $fields['parent'] ) ) {
			return '';
		}
		if ( ! is_post_type_hierarchical( $fields['post_type'] ) ) {
			return 'Posts of this type have no parent.';
		}
		return get_post_type( $fields['parent'] ) === $fields['post_type'] ? '' : 'The site has no such parent.';
	}

	/**
	 * What is wrong with a list of terms.
	 *
	 * @param array<string,mixed> $fields   Fields.
	 * @param string              $field    Field with the list.
	 * @param string              $taxonomy Taxonomy of the terms.
	 * @return string
	 */
	private static function terms_fault( array $fields, $field, $taxonomy ) {
		if ( empty( $fields[ $field ] ) ) {
			return '';
		}
		if ( ! is_object_in_taxonomy( $fields['post_type'], $taxonomy ) ) {
			return sprintf( 'Posts of this type have no %s.', $field );
		}
		foreach ( $fields[ $field ] as $name ) {
			if ( ! Igny8_Bridge_Term_Names::is_name( $name, $taxonomy ) ) {
				return sprintf( '%1$s has a name that cannot be a term: "%2$s".', $field, $name );
			}
		}
		return '';
	}
}

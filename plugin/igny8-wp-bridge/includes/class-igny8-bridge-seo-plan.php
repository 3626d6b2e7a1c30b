<?php
/**
 * A change of SEO fields.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * What to write into which SEO plugin, and what to leave because a person changed it since.
 *
 * A value is ours if it is what we wrote last, or what we want to write. Any other is a person's, and stays.
 */
final class Igny8_Bridge_Seo_Plan {

	/**
	 * Values to write, by adapter and key.
	 *
	 * @var array<string,array<string,mixed>>
	 */
	private $values = array();

	/**
	 * Keys to take away, by adapter.
	 *
	 * @var array<string,string[]>
	 */
	private $gone = array();

	/**
	 * Digests of what was written for good, by adapter and key.
	 *
	 * @var array<string,array<string,string>>
	 */
	private $known = array();

	/**
	 * Values that a person has changed.
	 *
	 * @var string[]
	 */
	private $kept = array();

	/**
	 * Compares what is wanted with what is there.
	 *
	 * @param array<string,mixed>  $fields  Fields that were sent.
	 * @param Igny8_Bridge_Managed $before  What we have written so far.
	 * @param int                  $post_id Post, 0 for one to come.
	 */
	public function __construct( array $fields, Igny8_Bridge_Managed $before, $post_id ) {
		foreach ( Igny8_Bridge_Seo::adapters() as $id => $adapter ) {
			$known = isset( $before->seo[ $id ] ) ? $before->seo[ $id ] : array();
			if ( $adapter->is_active() ) {
				$this->compare( $id, $adapter->values( $fields ), 0 === $post_id ? array() : $adapter->read( $post_id ), $known );
			} elseif ( $known ) {
				$this->known[ $id ] = $known; // The plugin may come back.
			}
		}
	}

	/**
	 * Compares the values of one adapter.
	 *
	 * @param string               $id      Adapter.
	 * @param array<string,mixed>  $wanted  Values that are wanted.
	 * @param array<string,mixed>  $current Values that are there.
	 * @param array<string,string> $known   Digests of those we wrote.
	 * @return void
	 */
	private function compare( $id, array $wanted, array $current, array $known ) {
		foreach ( $wanted as $key => $value ) {
			if ( $this->is_ours( $key, $value, $current, $known ) ) {
				$this->values[ $id ][ $key ] = $value;
			} else {
				$this->keep( $id, $key, $known );
			}
		}
		foreach ( array_diff_key( $known, $wanted ) as $key => $digest ) {
			if ( isset( $current[ $key ] ) && Igny8_Bridge_Managed::digest( $current[ $key ] ) === $digest ) {
				$this->gone[ $id ][] = $key;
			} elseif ( isset( $current[ $key ] ) ) {
				$this->keep( $id, $key, array() );
			}
		}
	}

	/**
	 * Says whether a value may be written.
	 *
	 * @param string               $key     Key.
	 * @param mixed                $value   Value that is wanted.
	 * @param array<string,mixed>  $current Values that are there.
	 * @param array<string,string> $known   Digests of those we wrote.
	 * @return bool
	 */
	private function is_ours( $key, $value, array $current, array $known ) {
		$there = isset( $current[ $key ] ) && '' !== $current[ $key ] && array() !== $current[ $key ];
		if ( ! isset( $known[ $key ] ) ) {
			return ! $there || $current[ $key ] === $value;
		}
		$digest = Igny8_Bridge_Managed::digest( isset( $current[ $key ] ) ? $current[ $key ] : null );
		return $digest === $known[ $key ] || ( $there && $current[ $key ] === $value );
	}

	/**
	 * Leaves a value as it is; what we wrote stays known, so that it is ours again when the person takes the change back.
	 *
	 * @param string               $id    Adapter.
	 * @param string               $key   Key.
	 * @param array<string,string> $known Digests of those we wrote.
	 * @return void
	 */
	private function keep( $id, $key, array $known ) {
		$this->kept[] = $id . '/' . $key;
		if ( isset( $known[ $key ] ) ) {
			$this->known[ $id ][ $key ] = $known[ $key ];
		}
	}

	/**
	 * Meta that travels with the post.
	 *
	 * @param int $post_id Post, 0 for one to come.
	 * @return array<string,mixed>
	 */
	public function meta( $post_id ) {
		$meta = array();
		foreach ( Igny8_Bridge_Seo::adapters() as $id => $adapter ) {
			if ( isset( $this->values[ $id ] ) || isset( $this->gone[ $id ] ) ) {
				$meta += $adapter->meta( $post_id, $this->of( $this->values, $id ), $this->of( $this->gone, $id ) );
			}
		}
		return $meta;
	}

	/**
	 * Does the rest when the post is stored.
	 *
	 * @param int $post_id Post.
	 * @return void
	 */
	public function store( $post_id ) {
		foreach ( Igny8_Bridge_Seo::adapters() as $id => $adapter ) {
			if ( isset( $this->values[ $id ] ) || isset( $this->gone[ $id ] ) ) {
				$adapter->store( $post_id, $this->of( $this->values, $id ), $this->of( $this->gone, $id ) );
			}
		}
	}

	/**
	 * Digests of what was written, read back: a plugin may store a value in another form than it was given.
	 *
	 * @param int $post_id Post.
	 * @return array<string,array<string,string>>
	 */
	public function known( $post_id ) {
		$known = $this->known;
		foreach ( $this->values as $id => $values ) {
			$stored = Igny8_Bridge_Seo::adapters()[ $id ]->read( $post_id );
			foreach ( array_keys( $values ) as $key ) {
				$known[ $id ][ $key ] = Igny8_Bridge_Managed::digest( isset( $stored[ $key ] ) ? $stored[ $key ] : null );
			}
		}
		return $known;
	}

	/**
	 * Values that a person has changed, as `adapter/key`.
	 *
	 * @return string[]
	 */
	public function kept() {
		return $this->kept;
	}

	/**
	 * The part of one adapter.
	 *
	 * @param array<string,array<int|string,mixed>> $all Parts by adapter.
	 * @param string                                $id  Adapter.
	 * @return array<int|string,mixed>
	 */
	private function of( array $all, $id ) {
		return isset( $all[ $id ] ) ? $all[ $id ] : array();
	}
}

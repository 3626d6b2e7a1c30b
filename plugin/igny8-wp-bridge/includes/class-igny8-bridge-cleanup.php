<?php
/**
 * Removal of the plugin's data.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Removes options and the table when the plugin is deleted.
 */
final class Igny8_Bridge_Cleanup {

	/**
	 * Sites of a network that are looked up at a time, so that a network of thousands fits into memory.
	 */
	const BATCH = 100;

	/**
	 * Removes the data of every site.
	 *
	 * @return void
	 */
	public static function everywhere() {
		if ( ! is_multisite() ) {
			self::site();
			return;
		}
		$offset = 0;
		$ids    = self::site_ids( $offset );
		while ( $ids ) {
			foreach ( $ids as $id ) {
				switch_to_blog( $id );
				self::site();
				restore_current_blog();
			}
			$offset += self::BATCH;
			$ids     = self::site_ids( $offset );
		}
	}

	/**
	 * A batch of site ids of the network.
	 *
	 * @param int $offset How many to skip.
	 * @return int[]
	 */
	private static function site_ids( $offset ) {
		return get_sites(
			array(
				'fields'  => 'ids',
				'number'  => self::BATCH,
				'offset'  => $offset,
				'orderby' => 'id',
			)
		);
	}

	/**
	 * Removes the data of the current site, but for its UUID: by it a plugin that is installed again knows its posts.
	 *
	 * @return void
	 */
	private static function site() {
		Igny8_Bridge_Schema::drop();
		Igny8_Bridge_Media_Table::drop();
		Igny8_Bridge_Batch_Note::remove_all();
		wp_unschedule_hook( Igny8_Bridge_Term_Counting::EVENT );
		wp_unschedule_hook( Igny8_Bridge_Ended::EVENT );
		delete_option( Igny8_Bridge_Schema::OPTION );
		delete_option( Igny8_Bridge_Credentials::OPTION );
		delete_option( Igny8_Bridge_Site::SEEN_OPTION );
		delete_option( Igny8_Bridge_Position::OPTION );
	}
}

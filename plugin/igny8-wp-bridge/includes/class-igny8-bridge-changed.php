<?php
/**
 * A post that was changed while it was being updated.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * Somebody saved the post between the comparison of its content hash and its update. An exception, because WordPress offers no
 * other way out of the filter in front of the UPDATE.
 */
final class Igny8_Bridge_Changed extends RuntimeException {
}

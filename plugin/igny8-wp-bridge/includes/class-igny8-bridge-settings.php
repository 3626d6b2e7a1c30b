<?php
/**
 * Settings → IGNY8.
 *
 * @package Igny8_Bridge
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * The page on which the API key is entered and its user chosen.
 *
 * The Settings API is not used: it would put the key into an option, and errors into a transient.
 */
final class Igny8_Bridge_Settings {

	/**
	 * Slug of the page, and of the action its form posts to.
	 */
	const PAGE = 'igny8-wp-bridge';

	/**
	 * Capability to see and use the page.
	 */
	const CAPABILITY = 'manage_options';

	/**
	 * Registers the page and the handler of its form.
	 *
	 * @return void
	 */
	public function register() {
		add_action( 'admin_menu', array( $this, 'add_page' ) );
		add_action( 'admin_post_' . self::PAGE, array( $this, 'save' ) );
	}

	/**
	 * Adds the page to the Settings menu.
	 *
	 * @return void
	 */
	public function add_page() {
		add_options_page( __( 'IGNY8', 'igny8-wp-bridge' ), __( 'IGNY8', 'igny8-wp-bridge' ), self::CAPABILITY, self::PAGE, array( $this, 'render' ) );
	}

	/**
	 * Handles the form, and sends the browser back to the page.
	 *
	 * @return void
	 */
	public function save() {
		if ( ! current_user_can( self::CAPABILITY ) ) {
			wp_die( esc_html__( 'Sorry, you are not allowed to change these settings.', 'igny8-wp-bridge' ), '', array( 'response' => 403 ) );
		}
		check_admin_referer( self::PAGE );

		// phpcs:ignore WordPress.Security.ValidatedSanitizedInput.InputNotSanitized -- Igny8_Bridge_Credentials refuses what is no key; sanitizing would change it.
		$key     = isset( $_POST['igny8_key'] ) ? trim( (string) wp_unslash( $_POST['igny8_key'] ) ) : '';
		$user_id = isset( $_POST['igny8_user'] ) ? absint( $_POST['igny8_user'] ) : 0;
		$page    = admin_url( 'options-general.php?page=' . self::PAGE );
		wp_safe_redirect( add_query_arg( 'igny8_result', $this->apply( $key, $user_id ), $page ) );
		exit;
	}

	/**
	 * Shows the page.
	 *
	 * @return void
	 */
	public function render() {
		?>
		<div class="wrap">
			<h1><?php esc_html_e( 'IGNY8', 'igny8-wp-bridge' ); ?></h1>
			<?php
			$this->render_notice();
			$this->render_state();
			$this->render_form();
			?>
		</div>
		<?php
	}

	/**
	 * Stores what the form sent.
	 *
	 * @param string $key     Key, empty to keep the one that is set.
	 * @param int    $user_id User.
	 * @return string Name of the result, a key of results().
	 */
	private function apply( $key, $user_id ) {
		if ( '' === $key && ! Igny8_Bridge_Credentials::has_key() ) {
			return 'key-empty';
		}
		if ( ! Igny8_Bridge_Credentials::may_choose( $user_id ) ) {
			return 'user-refused';
		}
		try {
			$done = '' === $key ? Igny8_Bridge_Credentials::set_user( $user_id ) : Igny8_Bridge_Credentials::set( $key, $user_id );
		} catch ( Igny8_Bridge_Database_Error $error ) {
			return 'not-stored';
		}
		if ( ! is_wp_error( $done ) ) {
			return 'saved';
		}
		return 'igny8_bridge_key' === $done->get_error_code() ? 'key-refused' : 'user-refused';
	}

	/**
	 * Kind and text of the notice for each result.
	 *
	 * @return array<string,array{string,string}>
	 */
	private function results() {
		return array(
			'saved'        => array( 'success', __( 'Settings saved.', 'igny8-wp-bridge' ) ),
			'key-empty'    => array( 'error', __( 'Enter the API key.', 'igny8-wp-bridge' ) ),
			'key-refused'  => array(
				'error',
				/* translators: %d: number of characters */
				sprintf( __( 'The API key was not saved: it has at least %d characters and no spaces.', 'igny8-wp-bridge' ), Igny8_Bridge_Credentials::MIN_LENGTH ),
			),
			'not-stored'   => array( 'error', __( 'Nothing was saved: the database refused.', 'igny8-wp-bridge' ) ),
			'user-refused' => array( 'error', __( 'Nothing was saved: choose yourself, or another user who may edit posts and whom you may edit.', 'igny8-wp-bridge' ) ),
		);
	}

	/**
	 * Shows the result of the form.
	 *
	 * @return void
	 */
	private function render_notice() {
		// phpcs:ignore WordPress.Security.NonceVerification.Recommended -- only chooses one of the texts above.
		$result  = isset( $_GET['igny8_result'] ) ? sanitize_key( wp_unslash( $_GET['igny8_result'] ) ) : '';
		$results = $this->results();
		if ( ! isset( $results[ $result ] ) ) {
			return;
		}
		list( $kind, $text ) = $results[ $result ];
		printf( '<div class="notice notice-%1$s" role="status"><p>%2$s</p></div>', esc_attr( $kind ), esc_html( $text ) );
	}

	/**
	 * Shows the state of the connection.
	 *
	 * @return void
	 */
	private function render_state() {
		?>
		<h2><?php esc_html_e( 'Connection', 'igny8-wp-bridge' ); ?></h2>
		<table class="form-table" role="presentation">
			<?php foreach ( $this->state() as $label => $text ) : ?>
				<tr>
					<th scope="row"><?php echo esc_html( $label ); ?></th>
					<td><?php echo esc_html( $text ); ?></td>
				</tr>
			<?php endforeach; ?>
		</table>
		<?php
	}

	/**
	 * The state of the connection by label.
	 *
	 * @return array<string,string>
	 */
	private function state() {
		Igny8_Bridge_Schema::ensure();
		return array(
			__( 'API key', 'igny8-wp-bridge' )         => $this->key_state(),
			__( 'Last contact', 'igny8-wp-bridge' )    => $this->contact_state(),
			__( 'Published posts', 'igny8-wp-bridge' ) => number_format_i18n( Igny8_Bridge_Reservations::count_done() ),
			__( 'Site ID', 'igny8-wp-bridge' )         => Igny8_Bridge_Site::uuid(),
			__( 'REST API', 'igny8-wp-bridge' )        => rest_url( Igny8_Bridge_Routes::REST_NAMESPACE ),
		);
	}

	/**
	 * The state of the key.
	 *
	 * @return string
	 */
	private function key_state() {
		if ( ! Igny8_Bridge_Credentials::has_key() ) {
			return __( 'Not entered yet.', 'igny8-wp-bridge' );
		}
		if ( ! Igny8_Bridge_Credentials::is_suitable( Igny8_Bridge_Credentials::user_id() ) ) {
			return __( 'Entered, but its user is gone or may not edit posts. Choose another user.', 'igny8-wp-bridge' );
		}
		/* translators: %s: date and time */
		$state = sprintf( __( 'In use since %s.', 'igny8-wp-bridge' ), $this->local_time( (int) strtotime( Igny8_Bridge_Credentials::set_gmt() . ' UTC' ) ) );
		return trim( $state . ' ' . $this->rotation_state() );
	}

	/**
	 * How far the operator is with another key, empty where there is none.
	 *
	 * @return string
	 */
	private function rotation_state() {
		$states = Igny8_Bridge_Credentials::states();
		if ( null !== $states[ Igny8_Bridge_Key_Ring::CANDIDATE ] ) {
			return __( 'The operator is changing the key: the next one is accepted as well, and takes over when it is first used.', 'igny8-wp-bridge' );
		}
		if ( null !== $states[ Igny8_Bridge_Key_Ring::RETIRING ] ) {
			return __( 'The operator has just changed the key: the one before still works, for ten minutes at most.', 'igny8-wp-bridge' );
		}
		return '';
	}

	/**
	 * When the operator last asked.
	 *
	 * @return string
	 */
	private function contact_state() {
		$seen = Igny8_Bridge_Site::last_seen();
		return 0 === $seen ? __( 'The operator has not called yet.', 'igny8-wp-bridge' ) : $this->local_time( $seen );
	}

	/**
	 * A time in the site's format and timezone.
	 *
	 * @param int $timestamp Unix time in seconds.
	 * @return string
	 */
	private function local_time( $timestamp ) {
		return (string) wp_date( get_option( 'date_format' ) . ' ' . get_option( 'time_format' ), $timestamp );
	}

	/**
	 * Shows the form.
	 *
	 * @return void
	 */
	private function render_form() {
		?>
		<h2><?php esc_html_e( 'Settings', 'igny8-wp-bridge' ); ?></h2>
		<form method="post" action="<?php echo esc_url( admin_url( 'admin-post.php' ) ); ?>">
			<input type="hidden" name="action" value="<?php echo esc_attr( self::PAGE ); ?>">
			<?php wp_nonce_field( self::PAGE ); ?>
			<table class="form-table" role="presentation">
				<tr>
					<th scope="row"><label for="igny8-key"><?php esc_html_e( 'New API key', 'igny8-wp-bridge' ); ?></label></th>
					<td><?php $this->render_key_field(); ?></td>
				</tr>
				<tr>
					<th scope="row"><label for="igny8-user"><?php esc_html_e( 'Publish as', 'igny8-wp-bridge' ); ?></label></th>
					<td><?php $this->render_user_field(); ?></td>
				</tr>
			</table>
			<?php submit_button(); ?>
		</form>
		<?php
	}

	/**
	 * Shows the field for the key; it is always empty, because the site does not know the key.
	 *
	 * @return void
	 */
	private function render_key_field() {
		?>
		<input type="password" class="regular-text code" id="igny8-key" name="igny8_key" value="" autocomplete="off" spellcheck="false"
			minlength="<?php echo esc_attr( (string) Igny8_Bridge_Credentials::MIN_LENGTH ); ?>"
			aria-describedby="igny8-key-description" <?php echo Igny8_Bridge_Credentials::has_key() ? '' : 'required'; ?>>
		<p class="description" id="igny8-key-description">
			<?php esc_html_e( 'Paste the key the operator generated. Leave it empty to keep the key that is set. The key itself is not stored, only what is derived from it.', 'igny8-wp-bridge' ); ?>
		</p>
		<?php
	}

	/**
	 * Shows the choice of the user.
	 *
	 * @return void
	 */
	private function render_user_field() {
		$user_id = Igny8_Bridge_Credentials::user_id();
		wp_dropdown_users(
			array(
				'id'         => 'igny8-user',
				'name'       => 'igny8_user',
				'selected'   => 0 === $user_id ? get_current_user_id() : $user_id,
				'show'       => 'display_name_with_login',
				'capability' => array( 'edit_posts' ),
			)
		);
		?>
		<p class="description">
			<?php esc_html_e( 'Everything the operator does runs with the capabilities of this user.', 'igny8-wp-bridge' ); ?>
		</p>
		<?php
	}
}

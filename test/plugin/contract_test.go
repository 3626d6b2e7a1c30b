// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package plugin

import (
	"context"
	"fmt"
	"testing"

	"github.com/igny8/wordpress-operator/hack/wordpress"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

// The real plugin passes the suite that the fake passes, through the operator's own client.
func TestContract(t *testing.T) {
	newClient(t, shared) // The log has to stay empty.
	wordpresstest.RunContract(t, func(t *testing.T) wordpresstest.Target { return target(t, shared) })
}

// target presents a real site to the suite.
func target(t *testing.T, site *wordpress.Site) wordpresstest.Target {
	do := func(code string) func(int64) error {
		return func(id int64) error {
			_, err := site.PHP(context.WithoutCancel(t.Context()), fmt.Sprintf(code, id))
			return err
		}
	}
	return wordpresstest.Target{
		URL: site.URL, Key: site.APIKey,
		Backup: func() (func() error, error) { return backup(context.WithoutCancel(t.Context()), site) },
		Trash:  do(`wp_trash_post( %d ) || exit( 1 );`), Delete: do(`wp_delete_post( %d, true ) || exit( 1 );`),
		Edit: func(id int64, content string) error {
			return do(asEditor + `wp_update_post( array( 'ID' => %d, 'post_content' => '` + content + `' ) ) || exit( 1 );`)(id)
		},
		Open: func(id int64, open bool) error {
			if open {
				return do(asEditor + `update_post_meta( %d, '_edit_lock', time() . ':' . $jane->ID ) || exit( 1 );`)(id)
			}
			return do(`delete_post_meta( %d, '_edit_lock' ) || exit( 1 );`)(id)
		},
	}
}

// asEditor makes wordpresstest.Editor the current user.
var asEditor = fmt.Sprintf(`
	if ( ! username_exists( '%[1]s' ) ) {
		wp_insert_user( array( 'user_login' => '%[1]s', 'display_name' => '%[2]s', 'user_pass' => 'password', 'user_email' => '%[1]s@example.test', 'role' => 'editor' ) );
	}
	$jane = get_user_by( 'login', '%[1]s' );
	wp_set_current_user( $jane->ID );
`, wordpresstest.Editor.Login, wordpresstest.Editor.Name)

// backup saves the options that GET /site writes and returns what puts them back, as the restore of a backup does.
func backup(ctx context.Context, site *wordpress.Site) (func() error, error) {
	const option = "igny8_bridge_position"
	rows, err := site.Query(ctx, fmt.Sprintf("SELECT option_value FROM wp_options WHERE option_name = '%s'", option))
	if err == nil && len(rows) != 1 {
		err = fmt.Errorf("%d rows", len(rows))
	}
	if err != nil {
		return nil, fmt.Errorf("read option: %w", err)
	}
	return func() error {
		_, err := site.Query(ctx, fmt.Sprintf("UPDATE wp_options SET option_value = '%s' WHERE option_name = '%s'", rows[0][0], option))
		return err
	}, nil
}

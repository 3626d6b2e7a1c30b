// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package plugin

import (
	"context"
	"crypto/sha1" // the lock's name; nothing secret
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"

	"github.com/igny8/wordpress-operator/hack/wordpress"
)

// query returns the rows of a statement.
func query(t *testing.T, site *wordpress.Site, format string, args ...any) [][]string {
	t.Helper()
	rows, err := site.Query(t.Context(), fmt.Sprintf(format, args...))
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// value returns the only value of a statement.
func value(t *testing.T, site *wordpress.Site, format string, args ...any) string {
	t.Helper()
	rows := query(t, site, format, args...)
	if len(rows) != 1 || len(rows[0]) != 1 {
		t.Fatalf("%s: want one value, got %q", fmt.Sprintf(format, args...), rows)
	}
	return rows[0][0]
}

// php runs code in WordPress.
func php(t *testing.T, site *wordpress.Site, format string, args ...any) string {
	t.Helper()
	out, err := site.PHP(t.Context(), fmt.Sprintf(format, args...))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// keyHash is the digest under which a content key is stored.
func keyHash(key string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(key))) }

// requireOnePost fails unless a content key has exactly one post and one finished reservation, and its lock is free.
func requireOnePost(t *testing.T, site *wordpress.Site, key string) {
	t.Helper()
	got := [][]string{
		{"posts", value(t, site, "SELECT COUNT(*) FROM wp_posts WHERE guid LIKE 'urn:igny8:%%:%s'", keyHash(key))},
		{"reservations", value(t, site, "SELECT COUNT(*) FROM wp_igny8_reservations WHERE key_hash = '%s' AND state = 'done'", keyHash(key))},
	}
	for _, count := range got {
		if count[1] != "1" {
			t.Errorf("%s of %s: %s, want 1", count[0], key, count[1])
		}
	}
	if holder := value(t, site, "SELECT IS_USED_LOCK('%s')", lockName(key)); holder != "NULL" {
		t.Errorf("lock of %s is held by connection %s", key, holder)
	}
}

// lockName is the name of the lock of a content key.
func lockName(key string) string {
	return fmt.Sprintf("igny8:%x", sha1.Sum([]byte("wordpress\nwp_\ncontent\n"+key)))
}

// termCount returns how many terms have a name.
func termCount(t *testing.T, site *wordpress.Site, name string) string {
	t.Helper()
	return value(t, site, "SELECT COUNT(*) FROM wp_terms WHERE name = '%s'", name)
}

// runAs makes the key stand for a new user of a role until the test ends, and returns the user's login.
func runAs(t *testing.T, site *wordpress.Site, role string) string {
	t.Helper()
	login := strings.ToLower(strings.ReplaceAll(t.Name(), "/", "-"))
	id := newUser(t, site, login, role)
	php(t, site, `Igny8_Bridge_Credentials::set_user( %s );`, id)
	t.Cleanup(func() {
		// Not the context of the test, which is over by now.
		if _, err := site.PHP(context.Background(), `Igny8_Bridge_Credentials::set_user( 1 );`); err != nil {
			t.Error(err)
		}
	})
	return login
}

// newUser makes a user and returns the id.
func newUser(t *testing.T, site *wordpress.Site, login, role string) string {
	t.Helper()
	return php(t, site, `echo wp_insert_user( array( 'user_login' => '%[1]s', 'user_pass' => 'password', 'user_email' => '%[1]s@example.test', 'role' => '%[2]s' ) );`, login, role)
}

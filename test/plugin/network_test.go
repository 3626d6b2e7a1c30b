// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package plugin

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/igny8/wordpress-operator/hack/wordpress"
)

// newSite brings up a site of its own for a test that changes it for good.
func newSite(t *testing.T, options wordpress.Options) *wordpress.Site {
	t.Helper()
	site, err := wordpress.Start(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := site.Stop(); err != nil {
			t.Error(err)
		}
	})
	return site
}

// newNetwork brings up a site and makes a network of it, whose super admin is the administrator.
func newNetwork(t *testing.T) *wordpress.Site {
	t.Helper()
	site := newSite(t, wordpress.Options{PlainPermalinks: true})
	host := strings.TrimPrefix(site.URL, "http://")
	php(t, site, `require ABSPATH . 'wp-admin/includes/upgrade.php';
		foreach ( $wpdb->tables( 'ms_global' ) as $table => $name ) { $wpdb->$table = $name; }
		install_network();
		$done = populate_network( 1, '%s', 'admin@example.test', 'Network', '/', false );
		is_wp_error( $done ) && exit( $done->get_error_message() );`, host)

	configure(t, site, "<?php", `<?php
		define( 'MULTISITE', true );
		define( 'SUBDOMAIN_INSTALL', false );
		define( 'DOMAIN_CURRENT_SITE', '`+host+`' );
		define( 'PATH_CURRENT_SITE', '/' );
		define( 'SITE_ID_CURRENT_SITE', 1 );
		define( 'BLOG_ID_CURRENT_SITE', 1 );`)
	return site
}

// configure replaces a text of a site's configuration.
func configure(t *testing.T, site *wordpress.Site, old, text string) {
	t.Helper()
	file := filepath.Join(site.Dir, "www", "wp-config.php")
	config, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(config), old) {
		t.Fatalf("the configuration lacks %s", old)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(string(config), old, text, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
}

// The administrator of a site of a network gets no hold of the network, or of people of other sites, through the key.
func TestKeyOfANetwork(t *testing.T) {
	site := newNetwork(t)
	c := newClient(t, site)
	c.base = site.URL + "/?rest_route=/igny8/v1"
	t.Cleanup(func() { allowLog(t, site, "wp-includes/ms-functions.php") }) // WordPress 6.1 with PHP 8.
	newUser(t, site, "local", "administrator")
	member := newUser(t, site, "member", "author")
	stranger := newUser(t, site, "stranger", "editor")
	php(t, site, `remove_user_from_blog( %s, 1 );`, stranger)
	fresh := strings.Repeat("network-", 5)

	local := loginAt(t, site.URL, "local", "password")
	for who, user := range map[string]string{"super admin": "1", "stranger": stranger} {
		if page := local.save(t, fresh, user); !strings.Contains(page, "Nothing was saved") {
			t.Errorf("the site's administrator chose %s", who)
		}
		c.set("X-Igny8-Api-Key", fresh).get(t, "/site").problem(t, "key-unknown", http.StatusUnauthorized)
	}
	c.requireNobody(t) // The key was entered before its user became a super admin.
	super := loginAt(t, site.URL, site.AdminUser, site.AdminPassword)
	super.save(t, "", "1")
	if got := c.get(t, "/site").site(t); got.User.Login != site.AdminUser {
		t.Errorf("user %s, want the super admin, who chose himself", got.User.Login)
	}

	c = c.set("X-Igny8-Api-Key", fresh)
	local.save(t, fresh, member)
	if got := c.get(t, "/site").site(t); got.User.Login != "member" {
		t.Errorf("user %s, want member", got.User.Login)
	}
	php(t, site, `grant_super_admin( %s );`, member)
	c.requireNobody(t)
	php(t, site, `revoke_super_admin( %s ); remove_user_from_blog( %[1]s, 1 );`, member)
	c.requireNobody(t)
}

// requireNobody fails unless the key is known but stands for nobody, on the plugin's routes and on core's.
func (c client) requireNobody(t *testing.T) {
	t.Helper()
	c.get(t, "/site").problem(t, "key-user-invalid", http.StatusForbidden)
	c.base = strings.TrimSuffix(c.base, "igny8/v1") + "wp/v2"
	if a := c.get(t, "/users/me"); a.status != http.StatusUnauthorized {
		t.Errorf("users/me: status %d, want 401: %s", a.status, a.body)
	}
}

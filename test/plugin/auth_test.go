// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package plugin

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// A request without the right key learns nothing, not even whether its payload is good.
func TestKeyRefused(t *testing.T) {
	wrong := strings.Repeat("0", 48)
	for name, test := range map[string]struct {
		header, value, want string
	}{
		"no key":                  {"X-Igny8-Api-Key", "", "key-missing"},
		"other scheme":            {"Authorization", "Basic YWRtaW46eA==", "key-missing"},
		"wrong key":               {"X-Igny8-Api-Key", wrong, "key-unknown"},
		"short key":               {"X-Igny8-Api-Key", "x", "key-unknown"},
		"wrong bearer":            {"Authorization", "Bearer " + wrong, "key-unknown"},
		"key with more behind it": {"X-Igny8-Api-Key", shared.APIKey + "0", "key-unknown"},
		"part of the key":         {"X-Igny8-Api-Key", shared.APIKey[1:], "key-unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, shared).set("X-Igny8-Api-Key", "").set(test.header, test.value)
			for what, a := range map[string]answer{
				"site":        c.get(t, "/site"),
				"bad payload": c.must(t, http.MethodPost, "/publish", "{"),
				"look-up":     c.get(t, "/publish/1"),
			} {
				a.problem(t, test.want, http.StatusUnauthorized)
				if a.header.Get("WWW-Authenticate") == "" {
					t.Errorf("%s: 401 without WWW-Authenticate", what)
				}
			}
		})
	}
}

// The key is found in either header, in any case, and on core's own routes.
func TestKeyAccepted(t *testing.T) {
	for name, header := range map[string][2]string{
		"canonical":        {"X-IGNY8-API-KEY", shared.APIKey},
		"lower case":       {"x-igny8-api-key", shared.APIKey},
		"mixed case":       {"x-Igny8-aPI-kEY", shared.APIKey},
		"bearer":           {"Authorization", "Bearer " + shared.APIKey},
		"bearer, any case": {"authorization", "bearer " + shared.APIKey},
	} {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, shared).set("X-Igny8-Api-Key", "")
			c.header[header[0]] = []string{header[1]} // As it is: Set would change the case.
			if a := c.get(t, "/site"); a.status != http.StatusOK {
				t.Errorf("site: status %d: %s", a.status, a.body)
			}
			c.base = shared.URL + "/wp-json/wp/v2"
			if a := c.get(t, "/users/me"); a.status != http.StatusOK || !strings.Contains(a.body, `"id":1,`) {
				t.Errorf("users/me: status %d: %s", a.status, a.body)
			}
		})
	}
}

// Core's routes do not take a wrong key for anybody.
func TestWrongKeyIsNobodyForCore(t *testing.T) {
	c := newClient(t, shared).set("X-Igny8-Api-Key", strings.Repeat("0", 48))
	c.base = shared.URL + "/wp-json/wp/v2"
	if a := c.get(t, "/users/me"); a.status != http.StatusUnauthorized {
		t.Errorf("users/me: status %d, want 401: %s", a.status, a.body)
	}
}

// The key opens the REST API only: pages and wp-admin do not know it.
func TestKeyOpensNoAdminPage(t *testing.T) {
	newClient(t, shared)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, shared.AdminURL+"profile.php", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-IGNY8-API-KEY", shared.APIKey)
	response, err := http.DefaultTransport.RoundTrip(request) // Does not follow the redirect.
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if to := response.Header.Get("Location"); response.StatusCode != http.StatusFound || !strings.Contains(to, "wp-login.php") {
		t.Errorf("status %d to %q, want a redirect to the login", response.StatusCode, to)
	}
}

// The key's user must exist and be able to edit posts.
func TestKeyUserInvalid(t *testing.T) {
	for name, spoil := range map[string]string{
		"demoted": `get_user_by( 'login', '%s' )->set_role( 'subscriber' );`,
		"deleted": `require ABSPATH . 'wp-admin/includes/user.php'; wp_delete_user( get_user_by( 'login', '%s' )->ID );`,
	} {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, shared)
			login := runAs(t, shared, "editor")
			if a := c.get(t, "/site"); a.status != http.StatusOK {
				t.Fatalf("status %d before, want 200: %s", a.status, a.body)
			}
			php(t, shared, spoil, login)
			c.get(t, "/site").problem(t, "key-user-invalid", http.StatusForbidden)
			c.publish(t, minimal("spoilt")).problem(t, "key-user-invalid", http.StatusForbidden)
		})
	}
}

// A site without a key knows none.
func TestNoKeyEntered(t *testing.T) {
	c := newClient(t, shared)
	php(t, shared, `Igny8_Bridge_Credentials::clear();`)
	a := c.get(t, "/site")
	php(t, shared, `Igny8_Bridge_Credentials::set( '%s', 1 );`, shared.APIKey)
	p := a.problem(t, "key-unknown", http.StatusUnauthorized)
	if !strings.Contains(p.Detail, "No API key") {
		t.Errorf("detail does not say that there is none: %s", p.Detail)
	}
}

// Keys that cannot be strong, or cannot travel in a header, are refused when they are entered.
func TestKeysThatAreRefused(t *testing.T) {
	newClient(t, shared)
	for name, key := range map[string]string{
		"31 characters": strings.Repeat("a", 31),
		"a space":       strings.Repeat("a", 31) + " b",
		"a line end":    strings.Repeat("a", 32) + `\n`,
		"no ASCII":      strings.Repeat("a", 32) + "ä",
	} {
		t.Run(name, func(t *testing.T) {
			if got := php(t, shared, `echo is_wp_error( Igny8_Bridge_Credentials::set( "%s", 1 ) ) ? 'refused' : 'taken';`, key); got != "refused" {
				t.Errorf("key was %s", got)
			}
		})
	}
}

// The database has the digest of the key and the token derived from it, and not the key.
func TestKeyIsNotStored(t *testing.T) {
	c := newClient(t, shared)
	c.publish(t, minimal("leak")).post(t, http.StatusCreated)
	dump, err := shared.Dump(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(dump, shared.APIKey) {
		t.Error("the database has the key")
	}
	token := hmac.New(sha256.New, []byte(shared.APIKey))
	token.Write([]byte("igny8/callback/v1"))
	for what, text := range map[string]string{
		"digest":         fmt.Sprintf("%x", sha256.Sum256([]byte(shared.APIKey))),
		"callback token": fmt.Sprintf("%x", token.Sum(nil)),
	} {
		if !strings.Contains(dump, text) {
			t.Errorf("the database lacks the %s", what)
		}
	}
}

// None of the plugin's options is loaded with every page.
func TestOptionsAreNotAutoloaded(t *testing.T) {
	newClient(t, shared).get(t, "/site")
	for _, row := range query(t, shared, "SELECT option_name, autoload FROM wp_options WHERE option_name LIKE 'igny8%%'") {
		if row[1] != "no" && row[1] != "off" { // Since WordPress 6.6 it is called off.
			t.Errorf("option %s has autoload %s", row[0], row[1])
		}
	}
}

// site is the answer of GET /site.
type site struct {
	UUID             string           `json:"uuid"`
	Name             string           `json:"name"`
	HomeURL          string           `json:"home_url"`
	RESTURL          string           `json:"rest_url"`
	PluginVersion    string           `json:"plugin_version"`
	WordPressVersion string           `json:"wordpress_version"`
	PHPVersion       string           `json:"php_version"`
	Locale           string           `json:"locale"`
	TimeZone         string           `json:"timezone"`
	Multisite        bool             `json:"multisite"`
	User             user             `json:"user"`
	Capabilities     []string         `json:"capabilities"`
	Limits           map[string]int64 `json:"limits"`
	SEOPlugins       []string         `json:"seo_plugins"`
	BlockEditorTypes []string         `json:"block_editor_post_types"`
	Epoch            string           `json:"epoch"`
	Mark             int64            `json:"mark"`
}

// site reads the facts of the site.
func (a answer) site(t *testing.T) site {
	t.Helper()
	if a.status != http.StatusOK {
		t.Fatalf("status %d: %s", a.status, a.body)
	}
	var raw map[string]json.RawMessage
	a.decode(t, &raw)
	for name, text := range raw {
		if string(text) == "null" {
			t.Errorf("%s is null", name)
		}
	}
	var s site
	a.decode(t, &s)
	return s
}

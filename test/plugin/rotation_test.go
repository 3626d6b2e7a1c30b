// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package plugin

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// states is the answer of POST /keys/rotate; empty where it says null.
type states struct {
	Current   string `json:"current"`
	Candidate string `json:"candidate"`
	Retiring  string `json:"retiring"`
}

// keyDigest is how a key is shown.
func keyDigest(key string) string {
	if key == "" {
		return ""
	}
	return fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(key)))
}

// statesOf returns the states with these keys.
func statesOf(current, candidate, retiring string) states {
	return states{keyDigest(current), keyDigest(candidate), keyDigest(retiring)}
}

// freshKey returns a key with characters that sanitizing would change.
func freshKey() string { return `k%3E<&'\"` + rand.Text() + rand.Text() }

// key returns the client with another key.
func (c client) key(key string) client { return c.set("X-Igny8-Api-Key", key) }

// at returns the client at a time of the site's clock.
func (c client) at(unix int64) client {
	return c.set("X-Test-Code", fmt.Sprintf("add_filter( 'igny8_bridge_now', function () { return %d; } );", unix))
}

// offer sends a key to POST /keys/rotate.
func (c client) offer(t *testing.T, key string) answer {
	t.Helper()
	body, err := json.Marshal(fields{"key": key})
	if err != nil {
		t.Fatal(err)
	}
	return c.set("Content-Type", "application/json").must(t, http.MethodPost, "/keys/rotate", string(body))
}

// requireStates fails unless an offer is answered with these states.
func (c client) requireStates(t *testing.T, offered string, want states) {
	t.Helper()
	a := c.offer(t, offered)
	if a.status != http.StatusOK {
		t.Fatalf("status %d: %s", a.status, a.body)
	}
	var got states
	a.decode(t, &got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("states (-want +got):\n%s", diff)
	}
}

// rotating returns a client of the shared site, whose first key is the only one again when the test ends.
func rotating(t *testing.T) client {
	t.Helper()
	c := newClient(t, shared)
	t.Cleanup(func() {
		code := fmt.Sprintf(`Igny8_Bridge_Credentials::set( '%s', 1 );`, shared.APIKey)
		if _, err := shared.PHP(context.WithoutCancel(t.Context()), code); err != nil {
			t.Error(err)
		}
	})
	return c
}

// stored returns the fields the site stores about its keys.
func stored(t *testing.T) map[string]any {
	t.Helper()
	out := map[string]any{}
	text := php(t, shared, `echo wp_json_encode( get_option( 'igny8_bridge_credentials' ) );`)
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return out
}

// While a hundred requests with the old and the new key cross the moment at which the new one takes over, none is refused.
func TestTakeoverInParallel(t *testing.T) {
	const requests = 100
	c := rotating(t)
	key := freshKey()
	c.requireStates(t, key, statesOf(shared.APIKey, key, ""))
	core := c
	core.base = shared.URL + "/wp-json/wp/v2"
	answers := inParallel(t, requests, func(i int) (answer, error) {
		switch i % 4 {
		case 0:
			return c.do(t.Context(), http.MethodGet, "/site", "")
		case 1:
			return c.key(key).do(t.Context(), http.MethodGet, "/site", "")
		case 2:
			return core.do(t.Context(), http.MethodGet, "/users/me", "")
		default:
			return core.key(key).do(t.Context(), http.MethodGet, "/users/me", "")
		}
	})
	for i, a := range answers {
		if a.status != http.StatusOK {
			t.Errorf("request %d: status %d: %s", i, a.status, a.body)
		}
	}
	got := stored(t)
	for field, want := range map[string]string{
		"key_sha256": key, "retiring_sha256": shared.APIKey,
	} {
		if "sha256:"+fmt.Sprint(got[field]) != keyDigest(want) {
			t.Errorf("%s is %v, want %s", field, got[field], keyDigest(want))
		}
	}
	c.key(key).requireStates(t, key, statesOf(key, "", ""))
}

// A retiring key dies by itself ten minutes after its successor was first used, and not before.
func TestRetiringKeyDies(t *testing.T) {
	const start = 1_800_000_000
	c := rotating(t)
	key := freshKey()
	c.at(start-3600).requireStates(t, key, statesOf(shared.APIKey, key, ""))
	c.key(key).at(start).get(t, "/site").site(t)

	c.at(start+599).get(t, "/site").site(t)
	c.at(start+599).offer(t, freshKey()).problem(t, "key-retiring", http.StatusForbidden)
	c.at(start+600).get(t, "/site").problem(t, "key-unknown", http.StatusUnauthorized)
	c.key(key).at(start+600).requireStates(t, key, statesOf(key, "", ""))
	c.key(key).at(start+3600).get(t, "/site").site(t)
}

// Core's own routes make a candidate the current key as the plugin's do.
func TestCoreRouteTakesOver(t *testing.T) {
	c := rotating(t)
	key := freshKey()
	c.requireStates(t, key, statesOf(shared.APIKey, key, ""))
	core := c.key(key)
	core.base = shared.URL + "/wp-json/wp/v2"
	if a := core.get(t, "/users/me"); a.status != http.StatusOK {
		t.Fatalf("users/me: status %d: %s", a.status, a.body)
	}
	c.offer(t, freshKey()).problem(t, "key-retiring", http.StatusForbidden)
	c.key(key).requireStates(t, key, statesOf(key, "", ""))
}

// A candidate that is refused for its user does not take over: the operator goes on with the key that it knows to work.
func TestRefusedCandidateDoesNotTakeOver(t *testing.T) {
	c := rotating(t)
	key := freshKey()
	c.requireStates(t, key, statesOf(shared.APIKey, key, ""))
	login := runAs(t, shared, "editor")
	php(t, shared, `get_user_by( 'login', '%s' )->set_role( 'subscriber' );`, login)
	c.key(key).get(t, "/site").problem(t, "key-user-invalid", http.StatusForbidden)
	php(t, shared, `get_user_by( 'login', '%s' )->set_role( 'editor' );`, login)
	c.requireStates(t, shared.APIKey, statesOf(shared.APIKey, key, ""))
}

// A page that is no part of the REST API neither knows a candidate nor lets it take over.
func TestPageDoesNotTakeOver(t *testing.T) {
	c := rotating(t)
	key := freshKey()
	c.requireStates(t, key, statesOf(shared.APIKey, key, ""))
	page := c.key(key)
	page.base = shared.URL
	page.get(t, "/")
	c.requireStates(t, shared.APIKey, statesOf(shared.APIKey, key, ""))
}

// What an object cache has of the keys decides nothing: not that a key is right, and not that it is wrong.
func TestStaleCacheOfKeys(t *testing.T) {
	c := rotating(t)
	key := freshKey()
	old := fmt.Sprintf(`wp_cache_set( 'igny8_bridge_credentials', array( 'key_sha256' => '%x', 'user_id' => 1 ), 'options' );`, sha256.Sum256([]byte(shared.APIKey)))
	c.requireStates(t, key, statesOf(shared.APIKey, key, ""))
	c.key(key).set("X-Test-Code", old).get(t, "/site").site(t)
	c.key(key).set("X-Test-Code", old).requireStates(t, key, statesOf(key, "", ""))
	c.set("X-Test-Code", old).get(t, "/site").problem(t, "key-unknown", http.StatusUnauthorized)
}

// A change that another request overtakes is made on top of that request's.
func TestOvertakenOffer(t *testing.T) {
	c := rotating(t)
	key := freshKey()
	editor := newUser(t, shared, "overtaking", "editor")
	overtake := `add_filter( 'query', function ( $sql ) {
		static $done = false;
		if ( ! $done && 0 === strpos( $sql, 'UPDATE' ) && strpos( $sql, 'igny8_bridge_credentials' ) ) {
			$done = true;
			Igny8_Bridge_Credentials::set_user( ` + editor + ` );
		}
		return $sql;
	} );`
	c.set("X-Test-Code", oneLine(overtake)).requireStates(t, key, statesOf(shared.APIKey, key, ""))
	if got := c.key(key).get(t, "/site").site(t); got.User.Login != "overtaking" {
		t.Errorf("user %s, want the one that was chosen meanwhile", got.User.Login)
	}
}

// A question about the key that the database does not answer is not the answer that the key is wrong.
func TestDatabaseFailsAtKey(t *testing.T) {
	c := rotating(t)
	fail := func(statement string) string {
		return `add_filter( 'query', function ( $sql ) { return 0 === strpos( $sql, '` + statement + `' ) && strpos( $sql, 'igny8_bridge_credentials' ) ? 'SELECT broken' : $sql; } );`
	}
	c.set("X-Test-Code", fail("SELECT")).get(t, "/site").problem(t, "not-stored", http.StatusInternalServerError)
	c.set("X-Test-Code", fail("UPDATE")).offer(t, freshKey()).problem(t, "not-stored", http.StatusInternalServerError)

	key := freshKey()
	c.requireStates(t, key, statesOf(shared.APIKey, key, ""))
	c.key(key).set("X-Test-Code", fail("UPDATE")).get(t, "/site").site(t)
	allowLog(t, shared, "Unknown column 'broken'")
	c.requireStates(t, shared.APIKey, statesOf(shared.APIKey, key, ""))
}

// At no time of a rotation does the database have a key, and the callback token is the current key's.
func TestNoKeyIsStoredWhileRotating(t *testing.T) {
	c := rotating(t)
	first, second := freshKey(), freshKey()
	current := shared.APIKey
	requireStored := func() {
		t.Helper()
		dump, err := shared.Dump(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{shared.APIKey, first[9:], second[9:]} { // Without what SQL would escape.
			if strings.Contains(dump, key) {
				t.Error("the database has a key")
			}
		}
		token := hmac.New(sha256.New, []byte(current))
		token.Write([]byte("igny8/callback/v1"))
		if got, want := stored(t)["callback_token"], fmt.Sprintf("%x", token.Sum(nil)); got != want {
			t.Errorf("callback token %v, want the current key's, %s", got, want)
		}
	}
	c.requireStates(t, first, statesOf(shared.APIKey, first, ""))
	requireStored()
	c.key(first).get(t, "/site").site(t)
	current = first
	requireStored()
	c.key(first).requireStates(t, second, statesOf(first, second, ""))
	requireStored()
}

// The settings page says that a rotation is under way, and a key that is entered there ends it.
func TestSettingsWhileRotating(t *testing.T) {
	c := rotating(t)
	admin := login(t, shared.AdminUser, shared.AdminPassword)
	key, byHand := freshKey(), strings.Repeat("by-hand-", 5)
	shows := func(text string, want bool) {
		t.Helper()
		if _, page := admin.open(t, settingsPath); strings.Contains(page, text) != want {
			t.Errorf("the page says %q: %t, want %t", text, !want, want)
		}
	}
	const offered, changed = "The operator is changing the key", "The operator has just changed the key"
	shows(offered, false)
	c.requireStates(t, key, statesOf(shared.APIKey, key, ""))
	shows(offered, true)
	c.key(key).get(t, "/site").site(t)
	shows(offered, false)
	shows(changed, true)
	next := freshKey()
	c.key(key).requireStates(t, next, statesOf(key, next, ""))

	admin.save(t, byHand, "1")
	for what, refused := range map[string]string{"first": shared.APIKey, "current": key, "candidate": next} {
		if a := c.key(refused).get(t, "/site"); a.status != http.StatusUnauthorized {
			t.Errorf("the %s key still works: status %d", what, a.status)
		}
	}
	c.key(byHand).requireStates(t, byHand, statesOf(byHand, "", ""))
	shows(changed, false)
}

// What version 2.0.0 stored is read as it is.
func TestKeyOfEarlierVersion(t *testing.T) {
	c := rotating(t)
	php(t, shared, `$fields = get_option( 'igny8_bridge_credentials' );
		$names = array( 'key_sha256', 'callback_token', 'user_id', 'super_admin', 'set_gmt' );
		update_option( 'igny8_bridge_credentials', array_intersect_key( $fields, array_flip( $names ) ), false );`)
	c.get(t, "/site").site(t)
	key := freshKey()
	c.requireStates(t, key, statesOf(shared.APIKey, key, ""))
}

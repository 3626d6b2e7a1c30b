// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package plugin

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// browser is a person logged in to wp-admin.
type browser struct {
	http *http.Client
	// site is the address of the site the person is logged in to.
	site string
}

// login logs a person in to the shared site.
func login(t *testing.T, user, password string) browser {
	t.Helper()
	return loginAt(t, shared.URL, user, password)
}

// loginAt logs a person in to the site of an address.
func loginAt(t *testing.T, site, user, password string) browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	b := browser{&http.Client{Jar: jar}, site}
	// The login page sets this cookie to see whether there are cookies. It is not opened: WordPress 6.1 logs deprecations
	// of PHP 8.2 for it, and the log has to stay empty.
	home, err := url.Parse(site)
	if err != nil {
		t.Fatal(err)
	}
	jar.SetCookies(home, []*http.Cookie{{Name: "wordpress_test_cookie", Value: "WP Cookie check"}})
	_, page := b.post(t, "/wp-login.php", url.Values{"log": {user}, "pwd": {password}})
	if strings.Contains(page, "loginform") {
		t.Fatalf("%s cannot log in", user)
	}
	return b
}

// open opens a page.
func (b browser) open(t *testing.T, path string) (status int, page string) {
	t.Helper()
	return b.read(t)(b.http.Get(b.site + path))
}

// post sends a form.
func (b browser) post(t *testing.T, path string, form url.Values) (status int, page string) {
	t.Helper()
	return b.read(t)(b.http.PostForm(b.site+path, form))
}

// read reads the answer to a request.
func (b browser) read(t *testing.T) func(*http.Response, error) (int, string) {
	t.Helper()
	return func(response *http.Response, err error) (int, string) {
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		page, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return response.StatusCode, string(page)
	}
}

const settingsPath = "/wp-admin/options-general.php?page=igny8-wp-bridge"

// save fills in the settings form as it is on the page and sends it.
func (b browser) save(t *testing.T, key, user string) (page string) {
	t.Helper()
	_, form := b.open(t, settingsPath)
	nonce := regexp.MustCompile(`name="_wpnonce" value="([^"]+)"`).FindStringSubmatch(form)
	if nonce == nil {
		t.Fatalf("the page has no form:\n%s", form)
	}
	_, page = b.post(t, "/wp-admin/admin-post.php", url.Values{"action": {"igny8-wp-bridge"}, "_wpnonce": {nonce[1]}, "igny8_key": {key}, "igny8_user": {user}})
	return page
}

// The key is entered, kept and replaced on the settings page, which never shows it.
func TestSettings(t *testing.T) {
	c := newClient(t, shared)
	editor := newUser(t, shared, "settings-editor", "editor")
	admin := login(t, shared.AdminUser, shared.AdminPassword)
	fresh := strings.Repeat("k%3E<&'\\", 8)

	page := admin.save(t, fresh, editor)
	if !strings.Contains(page, "Settings saved.") || strings.Contains(page, "k%3E") || strings.Contains(page, shared.APIKey) {
		t.Errorf("page after the new key:\n%s", page)
	}
	c.get(t, "/site").problem(t, "key-unknown", http.StatusUnauthorized)
	if got := c.set("X-Igny8-Api-Key", fresh).get(t, "/site").site(t); got.User.Login != "settings-editor" {
		t.Errorf("user %s, want settings-editor", got.User.Login)
	}

	page = admin.save(t, "", "1")
	if got := c.set("X-Igny8-Api-Key", fresh).get(t, "/site").site(t); got.User.ID != 1 {
		t.Errorf("user %d after another was chosen: %s", got.User.ID, page)
	}
	if page = admin.save(t, "short", "1"); !strings.Contains(page, "was not saved") {
		t.Errorf("page after a short key:\n%s", page)
	}
	if page = admin.save(t, shared.APIKey, "1"); !strings.Contains(page, "Settings saved.") {
		t.Errorf("page after the first key again:\n%s", page)
	}
	c.get(t, "/site").site(t)
}

// Only who may manage options gets to the page, and only from its own form.
func TestSettingsAreGuarded(t *testing.T) {
	c := newClient(t, shared)
	newUser(t, shared, "settings-author", "author")
	author := login(t, "settings-author", "password")
	if status, _ := author.open(t, settingsPath); status != http.StatusForbidden {
		t.Errorf("author opens the page: status %d", status)
	}
	form := url.Values{"action": {"igny8-wp-bridge"}, "igny8_key": {strings.Repeat("x", 40)}, "igny8_user": {"1"}}
	if status, _ := author.post(t, "/wp-admin/admin-post.php", form); status != http.StatusForbidden {
		t.Errorf("author sends the form: status %d", status)
	}
	admin := login(t, shared.AdminUser, shared.AdminPassword)
	if status, _ := admin.post(t, "/wp-admin/admin-post.php", form); status != http.StatusForbidden {
		t.Errorf("administrator sends a form without nonce: status %d", status)
	}
	c.get(t, "/site").site(t) // The key is still the old one.
}

// Who may manage options but no users cannot become another user through the key, whatever the form is made to send.
func TestSettingsGiveNoOtherUser(t *testing.T) {
	c := newClient(t, shared)
	php(t, shared, `add_role( 'manager', 'Manager', array( 'read' => true, 'edit_posts' => true, 'manage_options' => true ) );`)
	id := newUser(t, shared, "settings-manager", "manager")
	manager := login(t, "settings-manager", "password")
	stolen := strings.Repeat("stolen", 7)
	if page := manager.save(t, stolen, "1"); !strings.Contains(page, "Nothing was saved") {
		t.Errorf("page after the administrator was chosen:\n%s", page)
	}
	c.set("X-Igny8-Api-Key", stolen).get(t, "/site").problem(t, "key-unknown", http.StatusUnauthorized)

	manager.save(t, stolen, id)
	if got := c.set("X-Igny8-Api-Key", stolen).get(t, "/site").site(t); got.User.Login != "settings-manager" {
		t.Errorf("user %s, want settings-manager", got.User.Login)
	}
	php(t, shared, `Igny8_Bridge_Credentials::set( '%s', 1 );`, shared.APIKey)
}

// Each field has a label, and the page says how the connection is.
func TestSettingsPage(t *testing.T) {
	c := newClient(t, shared)
	c.get(t, "/site").site(t)
	_, page := login(t, shared.AdminUser, shared.AdminPassword).open(t, settingsPath)
	for _, want := range []string{
		`<label for="igny8-key">`, `id="igny8-key"`, `<label for="igny8-user">`, `id='igny8-user'`, `autocomplete="off"`,
		"In use since", "Last contact", c.get(t, "/site").site(t).UUID,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Contains(page, "not called yet") || strings.Contains(page, shared.APIKey) {
		t.Errorf("page:\n%s", page)
	}
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/igny8/wordpress-operator/internal/wordpress"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

func TestDiscover(t *testing.T) {
	cases := map[string]struct {
		options []wordpresstest.Option
		want    string
	}{
		"pretty permalinks":     {nil, "/wp-json/"},
		"plain permalinks":      {[]wordpresstest.Option{wordpresstest.WithPlainPermalinks()}, "/?rest_route=/"},
		"sub-folder":            {[]wordpresstest.Option{wordpresstest.WithFolder("/blog")}, "/blog/wp-json/"},
		"sub-folder, no header": {[]wordpresstest.Option{wordpresstest.WithFolder("/blog"), wordpresstest.WithoutLinkHeader()}, "/blog/?rest_route=/"},
		"no header":             {[]wordpresstest.Option{wordpresstest.WithoutLinkHeader()}, "/?rest_route=/"},
		"no plugin":             {[]wordpresstest.Option{wordpresstest.WithoutPlugin()}, "/wp-json/"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			fake := wordpresstest.New(t, tc.options...)
			client := newClient(t, wordpress.Config{SiteURL: fake.URL()})
			root, err := client.Discover(t.Context())
			if want := "http://" + fake.Host() + tc.want; err != nil || root != want || client.RESTURL() != want {
				t.Errorf("got %q, %v, client knows %q, want %q", root, err, client.RESTURL(), want)
			}
		})
	}
}

func TestFirstCallDiscovers(t *testing.T) {
	fake := wordpresstest.New(t, wordpresstest.WithPlainPermalinks())
	client := newClient(t, wordpress.Config{SiteURL: fake.URL()})
	if _, err := client.Publish(t.Context(), newPost()); err != nil {
		t.Fatalf("Publish: %v", err)
	}
	if client.RESTURL() != fake.RESTURL() {
		t.Errorf("the client knows %q, want %q", client.RESTURL(), fake.RESTURL())
	}
}

func TestFailedDiscoveryAheadOfPublishReachedNothing(t *testing.T) {
	fake := wordpresstest.New(t)
	fake.SetHook(answering(503, html, ""))
	e := wantError(t, second(newClient(t, wordpress.Config{SiteURL: fake.URL()}).Publish(t.Context(), newPost())), wordpress.KindUnavailable)
	if e.MayHaveReached {
		t.Error("the publish itself was not sent")
	}
}

func TestDiscoverFailures(t *testing.T) {
	const elsewhere = `<https://evil.example.net/wp-json/>; rel="https://api.w.org/"`
	cases := map[string]struct {
		hook   wordpresstest.Hook
		want   wordpress.Kind
		reason string
	}{
		"static site":     {answering(200, html, "<p>Hi</p>"), wordpress.KindNotWordPress, "HTML at every address"},
		"other API":       {answering(200, asJSON, `{"hello":"world"}`), wordpress.KindNotWordPress, "JSON without namespaces"},
		"404":             {answering(404, html, ""), wordpress.KindNotWordPress, "nothing there"},
		"maintenance":     {answering(503, html, ""), wordpress.KindUnavailable, "comes back"},
		"rate limit":      {answering(429, html, ""), wordpress.KindRateLimited, "passes"},
		"firewall":        {answering(403, html, ""), wordpress.KindBlocked, "a person has to act"},
		"REST closed":     {answering(401, asJSON, `{"code":"rest_login_required"}`), wordpress.KindRESTDisabled, "a person has to act"},
		"root elsewhere":  {answering(200, html, "", "Link", elsewhere), wordpress.KindRedirected, "the key stays on the host"},
		"redirected":      {answering(301, html, "", "Location", "https://www.example.net/?token=x"), wordpress.KindRedirected, "a person corrects siteURL"},
		"login page":      {loginWall, wordpress.KindBlocked, "private site"},
		"redirect circle": {answering(302, html, "", "Location", "/"), wordpress.KindRedirected, "three are enough"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			fake := wordpresstest.New(t)
			fake.SetHook(tc.hook)
			_, err := newClient(t, wordpress.Config{SiteURL: fake.URL()}).Discover(t.Context())
			e := wantError(t, err, tc.want)
			if e.Op != wordpress.OpDiscover || strings.Contains(e.Error(), "token") {
				t.Errorf("op %s, message %q (%s)", e.Op, e, tc.reason)
			}
			if name == "root elsewhere" && e.RedirectHost != "https://evil.example.net" {
				t.Errorf("points to %q, want where the root is", e.RedirectHost)
			}
		})
	}
}

// loginWall sends every call to the login page, as "private site" plugins do.
func loginWall(r *http.Request) wordpresstest.Fault {
	if r.URL.Path == "/wp-login.php" {
		return answering(200, html, `<form name="loginform" id="loginform">`)(r)
	}
	return answering(302, html, "", "Location", "/wp-login.php?redirect_to=x")(r)
}

// TestDiscoverBelowLanguagePage has a home page that leads to a language's.
func TestDiscoverBelowLanguagePage(t *testing.T) {
	fake := wordpresstest.New(t, wordpresstest.WithoutLinkHeader())
	fake.SetHook(func(r *http.Request) wordpresstest.Fault {
		switch {
		case r.URL.Path == "/en/":
			return answering(200, html, "<p>Welcome</p>")(r)
		case r.URL.RawQuery == "":
			return answering(302, html, "", "Location", "/en/")(r)
		default:
			return wordpresstest.Fault{}
		}
	})
	root, err := newClient(t, wordpress.Config{SiteURL: fake.URL()}).Discover(t.Context())
	if want := fake.URL() + "/?rest_route=/"; err != nil || root != want {
		t.Errorf("got %q, %v, want %q", root, err, want)
	}
}

func TestDiscoverByHTML(t *testing.T) {
	fake := wordpresstest.New(t, wordpresstest.WithoutLinkHeader())
	page := `<head><link rel="https://api.w.org/" href="/wp-json/"></head>` + strings.Repeat("<p>long</p>", 100_000)
	fake.SetHook(answering(200, html, page))
	root, err := newClient(t, wordpress.Config{SiteURL: fake.URL()}).Discover(t.Context())
	if want := fake.RESTURL(); err != nil || root != want {
		t.Errorf("got %q, %v, want %q", root, err, want)
	}
}

func TestDiscoverSendsNoKey(t *testing.T) {
	fake := wordpresstest.New(t, wordpresstest.WithoutLinkHeader())
	var leaked []string
	fake.SetHook(func(r *http.Request) wordpresstest.Fault {
		for name := range r.Header {
			if name == "Authorization" || name == "X-Igny8-Api-Key" {
				leaked = append(leaked, name)
			}
		}
		return wordpresstest.Fault{}
	})
	if _, err := newClient(t, wordpress.Config{SiteURL: fake.URL()}).Discover(t.Context()); err != nil {
		t.Fatalf("Discover: %v", err)
	}
	if len(leaked) > 0 {
		t.Errorf("sent %v to a page that needs none", leaked)
	}
}

// TestDiscoverRefusesLongRoots: what is found is kept in a status.
func TestDiscoverRefusesLongRoots(t *testing.T) {
	folder := wordpresstest.WithFolder("/" + strings.Repeat("a", 2020))
	for name, options := range map[string][]wordpresstest.Option{
		"announced": {folder}, "fallback": {folder, wordpresstest.WithoutLinkHeader()},
	} {
		fake := wordpresstest.New(t, options...)
		if name == "announced" {
			fake.SetHook(answering(200, html, "", "Link", `</wp-json/?x=`+strings.Repeat("x", 2030)+`>; rel="https://api.w.org/"`))
		}
		e := wantError(t, second(newClient(t, wordpress.Config{SiteURL: fake.URL()}).Discover(t.Context())), wordpress.KindInvalidResponse)
		if !strings.HasSuffix(e.Detail, "is too long") {
			t.Errorf("%s: got %q", name, e.Detail)
		}
	}
}

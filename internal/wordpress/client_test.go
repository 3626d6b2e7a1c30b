// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/igny8/wordpress-operator/internal/wordpress"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

func TestRequestHeaders(t *testing.T) {
	cases := map[string]struct {
		header wordpress.AuthHeader
		key    string
		bearer string
	}{
		"unset":  {"", canary, "Bearer " + canary},
		"auto":   {wordpress.AuthHeaderAuto, canary, "Bearer " + canary},
		"key":    {wordpress.AuthHeaderKey, canary, ""},
		"bearer": {wordpress.AuthHeaderBearer, "", "Bearer " + canary},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			fake := wordpresstest.New(t, wordpresstest.WithKey(canary))
			got := make(chan http.Header, 1)
			fake.SetHook(func(r *http.Request) wordpresstest.Fault {
				got <- r.Header.Clone()
				return wordpresstest.Fault{}
			})
			client := newClient(t, wordpress.Config{
				SiteURL: fake.URL(), RESTURL: fake.RESTURL(), Key: wordpress.NewKey(canary + "\n"), AuthHeader: tc.header,
			})
			if _, err := client.Publish(t.Context(), newPost()); err != nil {
				t.Fatalf("Publish: %v", err)
			}
			h := <-got
			for header, want := range map[string]string{
				"X-IGNY8-API-KEY": tc.key, "Authorization": tc.bearer,
				"User-Agent": "igny8-wordpress-operator/dev", "Content-Type": "application/json",
			} {
				if h.Get(header) != want {
					t.Errorf("%s is %q, want %q", header, h.Get(header), want)
				}
			}
		})
	}
}

func TestContentIsSentUnchanged(t *testing.T) {
	fake := wordpresstest.New(t)
	post := newPost()
	post.ContentHTML = "<p>a & b < c\u2028 \\ \"ü\" 🚀</p>"
	created, err := clientOf(t, fake).Publish(t.Context(), post)
	if err != nil {
		t.Fatalf("Publish: %v", err)
	}
	if got := fake.Content(created.ID); got != post.ContentHTML {
		t.Errorf("stored %q, want %q", got, post.ContentHTML)
	}
}

func TestRedirects(t *testing.T) {
	var followed atomic.Int64
	elsewhere := wordpresstest.New(t)
	elsewhere.SetHook(func(*http.Request) wordpresstest.Fault {
		followed.Add(1)
		return wordpresstest.Fault{}
	})
	cases := map[string]struct {
		location string
		want     string
		reason   string
	}{
		"another host":     {"https://www.example.net/path?token=" + foreign, "https://www.example.net", "a POST would lose its body or repeat it"},
		"another port":     {elsewhere.RESTURL(), elsewhere.URL(), "the key stays here"},
		"the same host":    {"/other", "", "a POST is never repeated"},
		"no web address":   {"javascript:alert(1)", "(an unreadable address)", "nothing to show"},
		"hostile host":     {"https://ex\u202eample.net/", "https://ex%E2%80%AEample.net", "no bidi tricks in messages"},
		"with credentials": {"https://user:secret@www.example.net/", "https://www.example.net", "never shown"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			fake := wordpresstest.New(t)
			client := clientOf(t, fake)
			fake.SetHook(answering(307, html, "", "Location", tc.location))
			want := tc.want
			if want == "" {
				want = fake.URL()
			}
			err := second(client.Publish(t.Context(), newPost()))
			if e := wantError(t, err, wordpress.KindRedirected); e.RedirectHost != want {
				t.Errorf("points to %q, want %q (%s)", e.RedirectHost, want, tc.reason)
			}
			if strings.Contains(err.Error(), foreign) || strings.Contains(err.Error(), "secret") {
				t.Errorf("the message shows too much: %v", err)
			}
			if n := len(fake.Calls()); n != 1 {
				t.Errorf("%d calls, want 1", n)
			}
		})
	}
	if followed.Load() != 0 {
		t.Error("a redirect to another port was followed")
	}
}

// redirecting sends every call through n redirects within the host.
func redirecting(n int) wordpresstest.Hook {
	return func(r *http.Request) wordpresstest.Fault {
		var hop int
		_, _ = fmt.Sscanf(r.URL.Query().Get("_hop"), "%d", &hop)
		if hop == n {
			return wordpresstest.Fault{}
		}
		return answering(302, html, "", "Location", fmt.Sprintf("%s?_hop=%d", r.URL.Path, hop+1))(r)
	}
}

func TestGetFollowsRedirectsWithinHost(t *testing.T) {
	fake := wordpresstest.New(t)
	client := clientOf(t, fake)
	fake.SetHook(redirecting(3))
	if _, err := client.Site(t.Context(), wordpress.Position{}); err != nil {
		t.Errorf("three redirects: %v", err)
	}
	fake.SetHook(redirecting(4))
	wantKind(t, second(client.Site(t.Context(), wordpress.Position{})), wordpress.KindRedirected)
}

func TestGetDoesNotLeaveHost(t *testing.T) {
	fake, elsewhere := wordpresstest.New(t), wordpresstest.New(t)
	client := clientOf(t, fake)
	fake.SetHook(answering(302, html, "", "Location", elsewhere.RESTURL()+"igny8/v1/site"))
	if e := wantError(t, second(client.Site(t.Context(), wordpress.Position{})), wordpress.KindRedirected); e.RedirectHost != elsewhere.URL() {
		t.Errorf("points to %q, want %q", e.RedirectHost, elsewhere.URL())
	}
	if calls := elsewhere.Calls(); len(calls) > 0 {
		t.Errorf("the key was carried elsewhere: %v", calls)
	}
}

func TestAnswersAreBounded(t *testing.T) {
	fake := wordpresstest.New(t)
	client := clientOf(t, fake)
	for name, status := range map[string]int{"success": 201, "failure": 500} {
		fake.SetHook(answering(status, asJSON, `{"x":"`+strings.Repeat("x", 2<<20)+`"}`))
		if err := second(client.Publish(t.Context(), newPost())); wordpress.KindOf(err) != wordpress.KindInvalidResponse {
			t.Errorf("%s: got %v, want an invalid response", name, err)
		}
	}
}

func TestRepresentationIsChecked(t *testing.T) {
	change := func(old, replacement string) string {
		if !strings.Contains(representation, old) {
			t.Fatalf("no %s in the representation", old)
		}
		return strings.Replace(representation, old, replacement, 1)
	}
	cases := map[string]struct{ body, field, reason string }{
		"as it should be":  {representation, "", "the base of the others"},
		"unknown field":    {change(`"id":7`, `"id":7,"later":{"a":1}`), "", "a newer plugin"},
		"terms":            {change(`"terms":[]`, `"terms":{"category":[{"id":3,"name":"News"}]}`), "", "the usual"},
		"byte order mark":  {"\ufeff" + representation, "", "a theme file with a BOM"},
		"id zero":          {change(`"id":7`, `"id":0`), "id", "WordPress counts from 1"},
		"id beyond 2^53":   {change(`"id":7`, `"id":9007199254740992`), "id", "the API's bound"},
		"id overflow":      {change(`"id":7`, `"id":99999999999999999999`), "id", "not an int64"},
		"id fraction":      {change(`"id":7`, `"id":7.5`), "id", "not an integer"},
		"another key":      {change("content:1", "content:2"), "another content key", "a mixed-up cache"},
		"no status":        {change(`"status":"publish"`, `"status":""`), "status", "needed"},
		"script URL":       {change("https://x.test/hello/", "javascript:alert(1)"), "url", "shown as a link"},
		"relative URL":     {change("https://x.test/hello/", "/hello/"), "url", "shown as a link"},
		"credentials":      {change("https://x.test/hello/", "https://u:p@x.test/"), "url", "never shown"},
		"endless URL":      {change("https://x.test/hello/", "https://x.test/"+strings.Repeat("a", 3000)), "url", "statuses are small"},
		"script edit URL":  {change(`"edit_url":""`, `"edit_url":"data:text/html,x"`), "edit_url", "shown as a link"},
		"endless owner":    {change(`"owner":""`, `"owner":"`+strings.Repeat("o", 129)+`"`), "owner", "the API's bound"},
		"time of the site": {change("2026-11-23T09:00:00Z", "2026-11-23 09:00:00"), "not valid JSON", "RFC 3339 only"},
		"two values":       {representation + representation, "not valid JSON", "not the contract"},
		"a list":           {"[" + representation + "]", "printed before", "not the contract"},
		"cut off":          {representation[:100], "not valid JSON", "not the contract"},
		"null":             {"null", "id", "not the contract"},
	}
	fake := wordpresstest.New(t)
	client := clientOf(t, fake)
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			fake.SetHook(answering(201, asJSON, tc.body))
			_, err := client.Publish(t.Context(), newPost())
			if tc.field == "" {
				if err != nil {
					t.Errorf("%v (%s)", err, tc.reason)
				}
				return
			}
			if e := wantError(t, err, wordpress.KindInvalidResponse); !strings.Contains(e.Detail, tc.field) {
				t.Errorf("%q does not name %s (%s)", e.Detail, tc.field, tc.reason)
			}
		})
	}
}

func TestGetPostChecksIDs(t *testing.T) {
	fake := wordpresstest.New(t)
	client := clientOf(t, fake)
	for _, id := range []int64{-1, 0, 1 << 53} {
		wantKind(t, second(client.GetPost(t.Context(), id)), wordpress.KindNotFound)
	}
	if calls := fake.Calls(); len(calls) > 0 {
		t.Errorf("the site was asked: %v", calls)
	}
	fake.SetHook(answering(200, asJSON, representation))
	wantKind(t, second(client.GetPost(t.Context(), 8)), wordpress.KindInvalidResponse)
}

func TestSiteIsChecked(t *testing.T) {
	fake := wordpresstest.New(t)
	client := clientOf(t, fake)
	fake.SetHook(answering(200, asJSON, `{"uuid":"u","home_url":"x"}`))
	wantKind(t, second(client.Site(t.Context(), wordpress.Position{})), wordpress.KindInvalidResponse)
	fake.SetHook(nil)
	if site, err := client.Site(t.Context(), wordpress.Position{}); err != nil || site.TimeZone != "Europe/Berlin" {
		t.Errorf("Site: %+v, %v", site, err)
	}
}

func TestPluginMissing(t *testing.T) {
	fake := wordpresstest.New(t, wordpresstest.WithoutPlugin())
	wantKind(t, second(clientOf(t, fake).Site(t.Context(), wordpress.Position{})), wordpress.KindPluginMissing)
}

func TestTransportsShareConnections(t *testing.T) {
	fake := wordpresstest.New(t)
	transports := wordpresstest.LoopbackTransports(t)
	var addresses []string
	fake.SetHook(func(r *http.Request) wordpresstest.Fault {
		addresses = append(addresses, r.RemoteAddr)
		return wordpresstest.Fault{}
	})
	for range 3 {
		client, err := wordpress.NewClient(wordpress.Config{SiteURL: fake.URL(), RESTURL: fake.RESTURL(), Key: wordpress.NewKey(fake.Key())}, transports)
		if err != nil {
			t.Fatalf("NewClient: %v", err)
		}
		if _, err := client.Site(t.Context(), wordpress.Position{}); err != nil {
			t.Fatalf("Site: %v", err)
		}
	}
	if addresses[0] != addresses[1] || addresses[0] != addresses[2] {
		t.Errorf("three clients used connections %v, want one", addresses)
	}
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import (
	"net/url"
	"strings"
	"testing"
)

func mustParse(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatalf("parse %q: %v", text, err)
	}
	return u
}

func TestRouteURL(t *testing.T) {
	byKey := url.Values{"content_key": {"content:1 ä&b"}}
	cases := map[string]struct {
		root  string
		query url.Values
		want  string
	}{
		"pretty":                   {"https://x.test/wp-json/", nil, "https://x.test/wp-json/igny8/v1/publish"},
		"no trailing slash":        {"https://x.test/wp-json", nil, "https://x.test/wp-json/igny8/v1/publish"},
		"sub-folder":               {"https://x.test/blog/wp-json/", nil, "https://x.test/blog/wp-json/igny8/v1/publish"},
		"index.php permalinks":     {"https://x.test/index.php/wp-json/", nil, "https://x.test/index.php/wp-json/igny8/v1/publish"},
		"pretty with query":        {"https://x.test/wp-json/", byKey, "https://x.test/wp-json/igny8/v1/publish?content_key=content%3A1+%C3%A4%26b"},
		"pretty with its own":      {"https://x.test/wp-json/?lang=de", byKey, "https://x.test/wp-json/igny8/v1/publish?content_key=content%3A1+%C3%A4%26b&lang=de"},
		"plain":                    {"https://x.test/?rest_route=/", nil, "https://x.test/?rest_route=/igny8/v1/publish"},
		"plain, escaped":           {"https://x.test/index.php?rest_route=%2F", nil, "https://x.test/index.php?rest_route=/igny8/v1/publish"},
		"plain with query":         {"https://x.test/blog/?rest_route=/", byKey, "https://x.test/blog/?rest_route=/igny8/v1/publish&content_key=content%3A1+%C3%A4%26b"},
		"plain with its own":       {"https://x.test/?lang=de&rest_route=/", nil, "https://x.test/?rest_route=/igny8/v1/publish&lang=de"},
		"plain with an odd prefix": {"https://x.test/?rest_route=/a b/", nil, "https://x.test/?rest_route=/a+b/igny8/v1/publish"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := routeURL(mustParse(t, tc.root), "publish", tc.query).String(); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

func TestResolveRoot(t *testing.T) {
	cases := map[string]struct{ home, page, announced, want, reason string }{
		"absolute":             {"https://x.test/", "https://x.test/", "https://x.test/wp-json/", "https://x.test/wp-json/", "the usual"},
		"relative":             {"https://x.test/blog/", "https://x.test/blog/", "wp-json/", "https://x.test/blog/wp-json/", "RFC 8288: against the page"},
		"without scheme":       {"https://x.test/", "https://x.test/", "//x.test/wp-json/", "https://x.test/wp-json/", "against the page"},
		"upgraded":             {"http://x.test/", "http://x.test/", "https://x.test/wp-json/", "https://x.test/wp-json/", "https is welcome"},
		"downgraded":           {"https://x.test/", "https://x.test/", "http://x.test/wp-json/", "https://x.test/wp-json/", "a proxy ends TLS"},
		"other case":           {"https://x.test/", "https://x.test/", "https://X.TEST/wp-json/", "https://X.TEST/wp-json/", "hosts ignore case"},
		"default port":         {"https://x.test/", "https://x.test/", "https://x.test:443/wp-json/", "https://x.test:443/wp-json/", "the same place"},
		"fragment":             {"https://x.test/", "https://x.test/", "/wp-json/#a", "https://x.test/wp-json/", "not sent anyway"},
		"other host":           {"https://x.test/", "https://x.test/", "https://y.test/wp-json/", "", "the key stays here"},
		"sub-domain":           {"https://x.test/", "https://x.test/", "https://www.x.test/wp-json/", "", "another host"},
		"other port":           {"https://x.test/", "https://x.test/", "https://x.test:8443/wp-json/", "", "another service"},
		"credentials":          {"https://x.test/", "https://x.test/", "https://u:p@x.test/wp-json/", "", "not ours"},
		"script":               {"https://x.test/", "https://x.test/", "javascript:alert(1)", "", "not the web"},
		"unreadable":           {"https://x.test/", "https://x.test/", "https://x.test/%zz", "", "no URL"},
		"longest":              {"https://x.test/", "https://x.test/", "/" + strings.Repeat("a", 2033), "https://x.test/" + strings.Repeat("a", 2033), "2048 bytes: the CRD's bound"},
		"too long resolved":    {"https://x.test/", "https://x.test/", "/" + strings.Repeat("a", 2034), "", "short of the bound until resolved"},
		"too long encoded":     {"https://x.test/", "https://x.test/", "/" + strings.Repeat("ü", 400), "", "three characters for each byte once percent-encoded"},
		"host with user trick": {"https://x.test/", "https://x.test/", "https://x.test@y.test/", "", "the host is y.test"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			root, err := resolveRoot(mustParse(t, tc.home), mustParse(t, tc.page), tc.announced)
			switch {
			case err == nil && root.String() != tc.want:
				t.Errorf("got %s, want %q (%s)", root, tc.want, tc.reason)
			case err != nil && tc.want != "":
				t.Errorf("got error %v, want %s (%s)", err, tc.want, tc.reason)
			}
		})
	}
}

func TestParseSiteURLNormalises(t *testing.T) {
	for text, want := range map[string]string{
		"https://x.test":           "https://x.test/",
		"HTTPS://X.Test/Blog":      "https://x.test/Blog/",
		"http://x.test:8080/a%20b": "http://x.test:8080/a%20b/",
		"http://[::1]:8080":        "http://[::1]:8080/",
	} {
		u, err := parseSiteURL(text)
		if err != nil || u.String() != want {
			t.Errorf("%s: got %v, %v, want %s", text, u, err, want)
		}
	}
}

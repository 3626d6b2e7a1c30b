// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// site is an answer as it should be, changed.
func site(change func(*Site)) *Site {
	s := &Site{
		UUID: "u", Name: "n", HomeURL: "https://x.test/", RESTURL: "https://x.test/wp-json/",
		PluginVersion: "2", WordPressVersion: "6", PHPVersion: "8", User: User{ID: 1},
		Capabilities: []string{}, SEOPlugins: []string{},
	}
	change(s)
	return s
}

func numbered(n int) []string {
	items := make([]string, n)
	for i := range items {
		items[i] = fmt.Sprintf("item-%03d", i)
	}
	return items
}

// TestSiteIsBroughtWithinBounds: what people write, or a plugin lists, must not
// make a site unusable.
func TestSiteIsBroughtWithinBounds(t *testing.T) {
	long := strings.Repeat("ü", 300)
	cases := map[string]struct {
		got, want func(*Site)
		reason    string
	}{
		"name at the bound": {
			func(s *Site) { s.Name = long[:400] }, func(s *Site) { s.Name = long[:400] }, "200 characters, not bytes"},
		"name beyond it": {
			func(s *Site) { s.Name = long }, func(s *Site) { s.Name = long[:398] + "…" }, "WordPress does not bound blogname"},
		"name in lines": {
			func(s *Site) { s.Name = " a\n\tb\x00 " }, func(s *Site) { s.Name = "a b" }, "it is part of a condition's message"},
		"versions": {
			func(s *Site) { s.PHPVersion, s.WordPressVersion, s.PluginVersion = long, long, long },
			func(s *Site) {
				s.PHPVersion, s.WordPressVersion, s.PluginVersion = long[:126]+"…", long[:126]+"…", long[:126]+"…"
			}, "distributions append to them"},
		"locale and time zone": {
			func(s *Site) { s.Locale, s.TimeZone = long, long },
			func(s *Site) { s.Locale, s.TimeZone = long[:62]+"…", long[:126]+"…" }, "plugins filter them"},
		"lists": {
			func(s *Site) { s.Capabilities = []string{"b", "", "a", "b", " "}; s.SEOPlugins = []string{"", ""} },
			func(s *Site) { s.Capabilities = []string{"a", "b"} }, "sets without empty items"},
		"long lists": {
			func(s *Site) { s.Capabilities = numbered(65); s.SEOPlugins = numbered(17) },
			func(s *Site) { s.Capabilities = numbered(64); s.SEOPlugins = numbered(16) }, "as many as fit"},
		"long items": {
			func(s *Site) { s.SEOPlugins = []string{long + "a", long + "b"} },
			func(s *Site) { s.SEOPlugins = []string{long[:126] + "…"} }, "alike once they are cut"},
		"no lists": {
			func(s *Site) { s.Capabilities, s.SEOPlugins = nil, nil }, func(*Site) {}, "null is no list"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := site(tc.got)
			if err := got.validate(); err != nil {
				t.Fatalf("validate: %v", err)
			}
			if diff := cmp.Diff(site(tc.want), got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// TestBrokenSiteIsRefused: what identifies the site or is followed cannot be cut.
func TestBrokenSiteIsRefused(t *testing.T) {
	cases := map[string]func(*Site){
		"uuid":                     func(s *Site) { s.UUID = strings.Repeat("u", 37) },
		"home_url":                 func(s *Site) { s.HomeURL = "https://x.test/" + strings.Repeat("a", 2034) },
		"rest_url":                 func(s *Site) { s.RESTURL = "javascript:alert(1)" },
		"plugin_version":           func(s *Site) { s.PluginVersion = "\u202e\n" },
		"user.id":                  func(s *Site) { s.User.ID = 0 },
		"limits.upload_max_bytes":  func(s *Site) { s.Limits.UploadMaxBytes = 1 << 53 },
		"limits.post_max_bytes":    func(s *Site) { s.Limits.PostMaxBytes = -1 },
		"limits.memory_bytes":      func(s *Site) { s.Limits.MemoryBytes = -1 },
		"limits.execution_seconds": func(s *Site) { s.Limits.ExecutionSeconds = 1 << 53 },
	}
	for field, change := range cases {
		if err := site(change).validate(); err == nil || !strings.Contains(err.Error(), field) {
			t.Errorf("%s: got %v", field, err)
		}
	}
}

func TestPostBounds(t *testing.T) {
	cases := map[string]struct {
		member, value string
		refused       bool
		reason        string
	}{
		"status at the bound":  {"status", strings.Repeat("s", 32), false, "the CRD's"},
		"status beyond it":     {"status", strings.Repeat("s", 33), true, "WordPress keeps 20 characters"},
		"digest at the bound":  {"content_hash", strings.Repeat("c", 128), false, "the CRD's"},
		"digest beyond it":     {"content_hash", strings.Repeat("c", 129), true, "a precondition is never cut"},
		"longest URL":          {"url", "https://x.test/" + strings.Repeat("a", 2033), false, "the CRD's"},
		"endless title":        {"title", strings.Repeat("t", 70_000), false, "nobody shows it"},
		"earliest time":        {"modified_gmt", "0001-01-01T00:00:01Z", false, "a year of four digits"},
		"time before year 1":   {"modified_gmt", "0001-01-01T00:00:00+01:00", true, "RFC 3339 cannot say it in UTC"},
		"time after year 9999": {"modified_gmt", "9999-12-31T23:30:00-01:00", true, "RFC 3339 cannot say it in UTC"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			members := map[string]any{
				"id": 7, "content_key": "content:1", "type": "post", "status": "publish", "url": "https://x.test/", "content_hash": "c", tc.member: tc.value,
			}
			text, err := json.Marshal(members)
			if err != nil {
				t.Fatal(err)
			}
			post := &PostRepresentation{}
			if err := json.Unmarshal(text, post); err != nil {
				t.Fatal(err)
			}
			if err := post.validate(); (err != nil) != tc.refused {
				t.Errorf("got %v, want refused %t (%s)", err, tc.refused, tc.reason)
			}
		})
	}
}

func TestSEOAdaptersAreASet(t *testing.T) {
	post := &PostRepresentation{
		ID: 7, ContentKey: "k", Type: "post", Status: "publish", URL: "https://x.test/", ContentHash: "c", ModifiedGMT: time.Unix(0, 0),
		SEOAdapters: append([]string{"", "yoast", "igny8", "yoast"}, numbered(20)...),
	}
	if err := post.validate(); err != nil {
		t.Fatalf("validate: %v", err)
	}
	if want := slices.Concat([]string{"igny8"}, numbered(15)); !cmp.Equal(want, post.SEOAdapters) {
		t.Errorf("got %q, want %q", post.SEOAdapters, want)
	}
}

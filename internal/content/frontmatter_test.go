// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package content

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestFrontMatter(t *testing.T) {
	cases := map[string]struct {
		reason, block string
		want          FrontMatter
	}{
		"Nothing": {"an empty block says nothing", "", FrontMatter{}},
		"Comment": {"nor does this", "# generated\n", FrontMatter{}},
		"Nulls":   {"nor do keys without values", "title:\ntags: [~]\nseo: ~\n", FrontMatter{}},
		"Texts": {"quoted or not", "title: 'Hello: world'\nslug: hello-wörld\nexcerpt: >\n  In short,\n  this.\nauthor: jane\ntemplate: wide.php\ncluster: Gardens\n",
			FrontMatter{Title: "Hello: world", Slug: "hello-wörld", Excerpt: "In short, this.", Author: "jane", Template: "wide.php", Cluster: "Gardens"}},
		"Scalars": {"what was written counts, not what YAML makes of it", "title: 1.10\ntags: [2026-11-23, 007, no]\n",
			FrontMatter{Title: "1.10", Tags: []string{"2026-11-23", "007", "no"}}},
		"Lists": {"as a list or parted by commas", "categories: News/Local\ntags: a, b ,a,\n", FrontMatter{Categories: []string{"News/Local"}, Tags: []string{"a", "b"}}},
		"JSON":  {"which YAML is, too", `{"title": "x", "tags": ["a"]}`, FrontMatter{Title: "x", Tags: []string{"a"}}},
		"Search": {"the short names", "description: d\nkeywords: [rose, tulip, ash]\ncanonical: https://x.test/a\nnoindex: true\n",
			FrontMatter{SEO: MatterSEO{Description: "d", PrimaryKeyword: "rose", SecondaryKeywords: []string{"tulip", "ash"}, CanonicalURL: "https://x.test/a", Index: "noindex"}}},
		"SEO": {"what says what it means goes before", "description: d\nseo:\n  title: t\n  description: e\n  primaryKeyword: rose\n  secondaryKeywords: [ash]\n  canonicalURL: http://x.test\n  index: Index\n",
			FrontMatter{SEO: MatterSEO{Title: "t", Description: "e", PrimaryKeyword: "rose", SecondaryKeywords: []string{"ash"}, CanonicalURL: "http://x.test", Index: "index"}}},
		"Status":  {"in any case of letters", "status: Private\ncomments: false\n", FrontMatter{Status: "private", Comments: "closed"}},
		"Draft":   {"as Hugo and Astro write it", "draft: true\n", FrontMatter{Status: "draft"}},
		"NoDraft": {"is no status", "draft: false\ncomments: true\n", FrontMatter{Comments: "open"}},
		"Image":   {"its address", "image: https://x.test/a.jpg\n", FrontMatter{Image: MatterImage{URL: "https://x.test/a.jpg"}}},
		"Cover": {"with what belongs to it", "cover: {src: 'https://x.test/a.jpg', alt: A, caption: C, title: T, hidden: true}\n",
			FrontMatter{Image: MatterImage{"https://x.test/a.jpg", "A", "C", "T"}, Ignored: []string{"cover.hidden"}}},
		"LocalImage": {"of which site?", "image: /img/a.jpg\n", FrontMatter{Ignored: []string{"image"}}},
		"Objects": {"in their order", "taxonomies: {region: Europe/Austria, x-y: [a, b]}\ncustomFields: {price: 9.90, Empty: ''}\n",
			FrontMatter{Taxonomies: []Taxonomy{{"region", []string{"Europe/Austria"}}, {"x-y", []string{"a", "b"}}}, CustomFields: []Field{{"price", "9.90"}, {"Empty", ""}}}},
		"Unknown": {"is told, and harmless", "layout: post\nparams: {a: &x [1], b: *x}\n\"bad\\u0007\": 1\n", FrontMatter{Ignored: []string{"layout", "params", "bad"}}},
		"Twice":   {"the first name counts", "summary: a\nexcerpt: b\n", FrontMatter{Excerpt: "a"}},
		"Date":    {"of a day", "date: 2026-11-23\n", FrontMatter{Date: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)}},
		"Zone":    {"as Jekyll writes it", "date: 2026-11-23 10:00:00 +0200\n", FrontMatter{Date: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)}},
		"Time":    {"as Hugo writes it", "date: \"2026-11-23T10:00:00.5+02:00\"\n", FrontMatter{Date: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := Render(FormatMarkdown, "---\n"+tc.block+"\n---\n# Hello")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got.FrontMatter); diff != "" || got.HTML != "<h1>Hello</h1>\n" {
				t.Errorf("%s: HTML %q, front matter (-want +got):\n%s", tc.reason, got.HTML, diff)
			}
		})
	}
}

func TestFrontMatterIsRefused(t *testing.T) {
	many := func(n int) string { return "[" + strings.Repeat("a, ", n-1) + "b" + strings.Repeat("b", n) + "]" }
	distinct := func(n int) string {
		var b strings.Builder
		for i := range n {
			b.WriteString("- a" + strings.Repeat("b", i) + "\n")
		}
		return b.String()
	}
	cases := map[string]struct{ reason, block, want string }{
		"Syntax":     {"nobody knows what is meant", "title: 'x\ntags: a\n", "front matter: is not YAML: "},
		"Text":       {"an object for a text", "title: {a: b}\n", "front matter title (line 2): must be a text"},
		"Item":       {"an object in a list", "a: b\ntags: [{c: d}]\n", "front matter tags (line 3): must be a text or a list of texts"},
		"Alias":      {"is never followed", "a: &x b\ntitle: *x\n", "front matter title (line 3): must be a text"},
		"Tag":        {"of a language", "title: !ruby/object x\n", "must be a text"},
		"Binary":     {"is no text", "title: !!binary aGVsbG8=\n", "must be a text"},
		"Twice":      {"which one?", "title: a\ntitle: b\n", "twice"},
		"NUL":        {"a site cannot store it", `title: "a\0b"` + "\n", "control characters"},
		"Long":       {"as in the API", "title: " + strings.Repeat("x", 501) + "\n", "at most 500 characters"},
		"Items":      {"as in the API", "categories:\n" + distinct(51), "at most 50 items"},
		"LongItem":   {"as in the API", "tags: " + many(201) + "\n", "items of at most 200 characters"},
		"Slug":       {"as in the API", "slug: Hello World\n", "lower-case"},
		"Canonical":  {"as in the API", "canonical: /x\n", "https://"},
		"Status":     {"future needs the spec", "status: future\n", "one of publish, draft, pending, private"},
		"Draft":      {"neither yes nor no", "draft: maybe\n", "true or false"},
		"Date":       {"no day at all", "date: 2026-02-30\n", "must be a date such as"},
		"Year":       {"before any calendar", "date: 0000-01-01\n", "must be a date such as"},
		"Taxonomy":   {"no name of one", "taxonomies: {Region: a}\n", "names no taxonomy"},
		"Field":      {"no name of one", "customFields: {'a b': c}\n", "is no name of a custom field"},
		"FieldValue": {"no text", "customFields: {a: [b]}\n", "front matter customFields.a (line 2): must be a text"},
		"SEO":        {"no object", "seo: yes\n", "front matter seo (line 2): must be an object"},
		"Key":        {"no text", "title: a\n[b]: c\n", "for its key"},
		"Size":       {"the end is missing", "title: a\n" + strings.Repeat("# x\n", 17000), "64 KiB"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := Render(FormatMarkdown, "---\n"+tc.block+"---\n")
			var refused *FrontMatterError
			if !errors.As(err, &refused) || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%s: %v, want %q", tc.reason, err, tc.want)
			}
		})
	}
}

func TestTOMLIsNotPublishedAsText(t *testing.T) {
	if _, err := Render(FormatMarkdown, "+++\ntitle = 'x'\n+++\nHello"); !errors.Is(err, ErrTOML) {
		t.Errorf("%v, want ErrTOML", err)
	}
	if got, err := Render(FormatMarkdown, "+++\n\nplus"); err != nil || got.HTML != "<p>+++</p>\n<p>plus</p>\n" {
		t.Errorf("%q, %v", got.HTML, err)
	}
}

// FuzzFrontMatter: whatever is between the lines, what comes out is within the
// bounds of the API.
func FuzzFrontMatter(f *testing.F) {
	for _, block := range []string{
		"title: x\ntags: [a, b]\n", "seo: {title: x, index: noindex}\nimage: {url: 'https://x.test/a'}\n",
		"a: &a [1]\nb: *a\n", "? [a]\n: b\n", "customFields:\n  a: 1\ntaxonomies: {b: c}\n", "date: 2026-01-01\ndraft: true\n", "[[[[[[[[", "- a\n",
	} {
		f.Add(block)
	}
	f.Fuzz(func(t *testing.T, block string) {
		got, err := parseFrontMatter(block)
		if err != nil {
			return
		}
		for name, n := range map[string][2]int{
			"title": {len([]rune(got.Title)), maxTitle}, "slug": {len([]rune(got.Slug)), maxSlug}, "tags": {len(got.Tags), maxTags},
			"categories": {len(got.Categories), maxCategories}, "ignored": {len(got.Ignored), maxIgnored}, "fields": {len(got.CustomFields), maxCustomFields},
		} {
			if n[0] > n[1] {
				t.Errorf("%s has %d, more than %d", name, n[0], n[1])
			}
		}
		if strings.ContainsRune(got.Title+got.Excerpt+got.SEO.Title, 0) {
			t.Errorf("a NUL in %+v", got)
		}
	})
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package content

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestRender(t *testing.T) {
	cases := map[string]struct {
		format Format
		source string
		want   string
		reason string
	}{
		"HTML":           {FormatHTML, "<p onclick=x>a & b</p>\n", "<p onclick=x>a & b</p>\n", "the site's filters decide"},
		"blocks":         {FormatBlocks, "<!-- wp:paragraph -->\n<p>a</p>\n<!-- /wp:paragraph -->", "<!-- wp:paragraph -->\n<p>a</p>\n<!-- /wp:paragraph -->", "as it is"},
		"paragraph":      {FormatMarkdown, "Hello *you*", "<p>Hello <em>you</em></p>\n", "CommonMark"},
		"title heading":  {FormatMarkdown, "# Hello\n\nText", "<h1>Hello</h1>\n<p>Text</p>\n", "never removed"},
		"line break":     {FormatMarkdown, "one\ntwo", "<p>one two</p>\n", "WordPress would show <br>"},
		"hard break":     {FormatMarkdown, "one  \ntwo", "<p>one<br>\ntwo</p>\n", "asked for"},
		"code block":     {FormatMarkdown, "```go\na\n<b>\n```", "<pre><code class=\"language-go\">a\n&lt;b&gt;\n</code></pre>\n", "lines stay"},
		"table":          {FormatMarkdown, "|a|\n|-|\n|1|", "<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n</tr>\n</tbody>\n</table>\n", "GitHub flavour"},
		"strikethrough":  {FormatMarkdown, "~~a~~", "<p><del>a</del></p>\n", "GitHub flavour"},
		"autolink":       {FormatMarkdown, "https://x.test", "<p><a href=\"https://x.test\">https://x.test</a></p>\n", "GitHub flavour"},
		"task list":      {FormatMarkdown, "- [x] a", "<ul>\n<li><input checked=\"\" disabled=\"\" type=\"checkbox\"> a</li>\n</ul>\n", "GitHub flavour"},
		"raw HTML":       {FormatMarkdown, "<div class=\"x\">a</div>", "<div class=\"x\">a</div>", "the site's filters decide"},
		"raw script":     {FormatMarkdown, "a <script>b</script>", "<p>a <script>b</script></p>\n", "the site's filters decide"},
		"text kept":      {FormatMarkdown, "漢字 🚀 \\\\ \\*", "<p>漢字 🚀 \\ *</p>\n", "Unicode and escapes"},
		"CRLF":           {FormatMarkdown, "# a\r\n\r\nb\r\nc", "<h1>a</h1>\n<p>b c</p>\n", "files from Windows"},
		"BOM":            {FormatMarkdown, "\ufeff# a", "<h1>a</h1>\n", "files from Windows"},
		"empty":          {FormatMarkdown, "", "", "nothing to render"},
		"two breaks":     {FormatMarkdown, "---\n\nSome prose.\n\n---\n", "<hr>\n<p>Some prose.</p>\n<hr>\n", "no front matter"},
		"break and list": {FormatMarkdown, "---\n- a\n\n---\n", "<hr>\n<ul>\n<li>a</li>\n</ul>\n<hr>\n", "no mapping, no front matter"},
		"unclosed":       {FormatMarkdown, "---\ntitle: x\n", "<hr>\n<p>title: x</p>\n", "no block without an end"},
		"later break":    {FormatMarkdown, "a\n\n---\nb: c\n\n---\n", "<p>a</p>\n<hr>\n<p>b: c</p>\n<hr>\n", "only at the beginning"},
		"replacement":    {FormatHTML, "a\ufffdb", "a\ufffdb", "a valid character"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := Render(tc.format, tc.source)
			if err != nil {
				t.Fatalf("Render: %v", err)
			}
			if diff := cmp.Diff(tc.want, got.HTML); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// TestOnlyMarkdownHasFrontMatter: elsewhere it would be published as text.
func TestOnlyMarkdownHasFrontMatter(t *testing.T) {
	cases := map[string]string{
		"YAML":            "---\ntitle: x\n---\n# Hello",
		"CRLF":            "---\r\ntitle: x\r\n---\r\n",
		"BOM":             "\ufeff---\ntitle: x\n---\n",
		"ends with dots":  "---\ntitle: x\n...\n",
		"comment first":   "---\n# generated\ntitle: x\n---\n",
		"empty":           "---\n---\n",
		"blank first":     "---\n\ntitle: x\n---\n",
		"trailing spaces": "--- \ntitle: x\n---\t\n",
		"quoted key":      "---\n\"title\": x\n---\n",
		"flow mapping":    "---\n{title: x}\n---\n",
		"list below":      "---\ntags:\n  - a\n---",
	}
	for name, source := range cases {
		if got, err := Render(FormatMarkdown, source); err != nil || strings.Contains(got.HTML, "title") {
			t.Errorf("%s as Markdown: %q, %v", name, got.HTML, err)
		}
		for _, format := range []Format{FormatHTML, FormatBlocks} {
			if got, err := Render(format, source); !errors.Is(err, ErrFrontMatterUnsupported) {
				t.Errorf("%s as %s: %q, %v", name, format, got.HTML, err)
			}
		}
	}
}

func TestRenderRefusesBadText(t *testing.T) {
	cases := map[string]struct{ source, want string }{
		"NUL":           {"ab\x00c", "the content has a NUL byte at byte 2"},
		"stray byte":    {"ü\xff", "the content has invalid UTF-8 at byte 2"},
		"Latin-1":       {"gr\xfc\xdfe", "the content has invalid UTF-8 at byte 2"},
		"cut sequence":  {"a\xe2\x82", "the content has invalid UTF-8 at byte 1"},
		"surrogate":     {"\xed\xa0\x80", "the content has invalid UTF-8 at byte 0"},
		"overlong":      {"\xc0\x80", "the content has invalid UTF-8 at byte 0"},
		"after U+FFFD":  {"\ufffd\xff", "the content has invalid UTF-8 at byte 3"},
		"UTF-16 marker": {"\xff\xfe", "the content has invalid UTF-8 at byte 0"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := Render(FormatHTML, tc.source)
			var bad *InvalidTextError
			if !errors.As(err, &bad) || err.Error() != tc.want {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}

func TestRenderRefusesUnknownFormat(t *testing.T) {
	_, err := Render("AsciiDoc", "= a")
	var unknown *UnknownFormatError
	if !errors.As(err, &unknown) || unknown.Format != "AsciiDoc" {
		t.Errorf("got %v, want an unknown format", err)
	}
}

func FuzzRender(f *testing.F) {
	for _, source := range seeds(f) {
		f.Add(source)
	}
	f.Fuzz(func(t *testing.T, source string) {
		for _, format := range []Format{FormatMarkdown, FormatHTML} {
			got, err := Render(format, source)
			if err != nil {
				continue
			}
			if !utf8.ValidString(got.HTML) || strings.ContainsRune(got.HTML, 0) {
				t.Errorf("%s makes text a site cannot store: %q", format, got.HTML)
			}
			again, err := Render(format, source)
			if err != nil || !cmp.Equal(again, got) {
				t.Errorf("%s is not deterministic: %q, %q, %v", format, got.HTML, again.HTML, err)
			}
		}
	})
}

// seeds reads the bodies under testdata/bodies.
func seeds(tb testing.TB) []string {
	tb.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "bodies", "*"))
	if err != nil || len(files) == 0 {
		tb.Fatalf("no seeds: %v", err)
	}
	var sources []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			tb.Fatalf("read seed: %v", err)
		}
		sources = append(sources, string(text))
	}
	return sources
}

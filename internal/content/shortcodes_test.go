// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package content

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLiveShortcodes(t *testing.T) {
	cases := map[string]struct{ markdown, html, blocks, reason string }{
		"attributes": {`a [x b="c d"] e`, "<p>a [x b=\"c d\"] e</p>\n", "<!-- wp:paragraph -->\n<p>a [x b=\"c d\"] e</p>\n<!-- /wp:paragraph -->",
			"WordPress knows no entities in a shortcode"},
		"code": {"`[x b=\"c\"]` [y]", "<p><code>&#91;x b=\"c\"]</code> [y]</p>\n",
			"<!-- wp:paragraph -->\n<p><code>&#91;x b=\"c\"]</code> [y]</p>\n<!-- /wp:paragraph -->", "code is to be read"},
		"fence": {"```\n[x]\n```", "<pre><code>&#91;x]\n</code></pre>\n",
			"<!-- wp:code -->\n<pre class=\"wp-block-code\"><code>&#91;x]</code></pre>\n<!-- /wp:code -->", "the same for lines of code"},
		"tag": {`<b title="&quot;">[x]</b>`, "<p><b title=\"&quot;\">[x]</b></p>\n",
			"<!-- wp:paragraph -->\n<p><b title=\"&#34;\">[x]</b></p>\n<!-- /wp:paragraph -->", "an attribute would end"},
		"script": {"<script>\nx = [\"&quot;\"]\n</script>", "<script>\nx = [\"&quot;\"]\n</script>",
			"<!-- wp:html -->\n<script>\nx = [\"&quot;\"]\n</script>\n<!-- /wp:html -->", "there are no entities in a script"},
		"unmatched": {"</code>`[x]`", "<p></code><code>&#91;x]</code></p>\n", "<!-- wp:paragraph -->\n<p><code>&#91;x]</code></p>\n<!-- /wp:paragraph -->",
			"an end without a beginning ends nothing"},
		"unfinished": {"[x a=\"b\"]\n\n<div title=\"c d", "<p>[x a=\"b\"]</p>\n<div title=\"c d", "<!-- wp:shortcode -->\n[x a=\"b\"]\n<!-- /wp:shortcode -->",
			"a tag that does not end is left to WordPress; an editor has no block of it"},
		"none": {`"a"`, "<p>&quot;a&quot;</p>\n", "<!-- wp:paragraph -->\n<p>\"a\"</p>\n<!-- /wp:paragraph -->", "nothing to find"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			rendered, err := Render(FormatMarkdown, tc.markdown)
			if err != nil {
				t.Fatal(err)
			}
			blocks, err := Blocks(rendered.HTML)
			if err != nil {
				t.Fatal(err)
			}
			got := []string{LiveShortcodes(rendered.HTML), LiveShortcodes(blocks)}
			if diff := cmp.Diff([]string{tc.html, tc.blocks}, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// FuzzLiveShortcodes: a reader sees the same, and doing it twice is doing it once.
func FuzzLiveShortcodes(f *testing.F) {
	for _, name := range []string{"github.md", "editor.html"} {
		source, err := os.ReadFile(filepath.Join("testdata", "blocks", name+".blocks.html"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(source))
	}
	f.Add(`<code>[a b=&quot;c&quot;]</code> &amp;quot; <script>[&quot;]</script> <p`)
	f.Fuzz(func(t *testing.T, source string) {
		if len(source) > 1<<14 || strings.Contains(source, "<![") {
			return // sections that only foreign elements have
		}
		got := LiveShortcodes(source)
		if diff := cmp.Diff(words(source), words(got)); diff != "" {
			t.Errorf("text (-source +got):\n%s\n%s", diff, got)
		}
		if again := LiveShortcodes(got); again != got {
			t.Errorf("%q became %q and %q", source, got, again)
		}
	})
}

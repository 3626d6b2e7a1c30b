// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package content

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

var update = flag.Bool("update", false, "write the blocks of the test data anew; check them with make check-blocks")

func TestBlocksOfTheTestData(t *testing.T) {
	for _, name := range []string{"github.md", "editor.html"} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join("testdata", "blocks", name)
			got := blocksOf(t, path)
			golden := path + ".blocks.html"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("blocks of %s (-want +got):\n%s", name, diff)
			}
		})
	}
}

func blocksOf(t *testing.T, path string) string {
	t.Helper()
	source, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	format := FormatHTML
	if filepath.Ext(path) == ".md" {
		format = FormatMarkdown
	}
	rendered, err := Render(format, string(source))
	if err != nil {
		t.Fatal(err)
	}
	got, err := Blocks(rendered.HTML)
	if err != nil {
		t.Fatal(err)
	}
	if format == FormatMarkdown {
		got = LiveShortcodes(got)
	}
	return got + "\n"
}

func TestBlockMarkupStaysAsItIs(t *testing.T) {
	const markup = "<!-- wp:paragraph -->\n<p>x</p>\n<!-- /wp:paragraph -->"
	got, err := Blocks(markup)
	if err != nil || got != markup {
		t.Errorf("Blocks = %q, %v; want it unchanged", got, err)
	}
}

// FuzzBlocks: no text is lost, every block is closed, and blocks of blocks are
// the blocks.
func FuzzBlocks(f *testing.F) {
	for _, name := range []string{"github.md", "editor.html"} {
		source, err := os.ReadFile(filepath.Join("testdata", "blocks", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(source))
	}
	f.Add("<ul><li><p>a</p><p>b</p></li></ul>")
	f.Fuzz(func(t *testing.T, source string) {
		if len(source) > 1<<14 || strings.Contains(source, "<!-- wp:") {
			return
		}
		got, err := Blocks(source)
		if err != nil {
			return // nested too deep for the parser
		}
		if diff := cmp.Diff(words(source), words(got)); diff != "" {
			t.Errorf("text (-source +blocks):\n%s\n%s", diff, got)
		}
		if open, closed := strings.Count(got, "<!-- wp:"), strings.Count(got, "<!-- /wp:"); open != closed {
			t.Errorf("%d blocks begin, %d end:\n%s", open, closed, got)
		}
	})
}

// words are the characters a reader sees.
func words(source string) string {
	nodes, err := html.ParseFragment(strings.NewReader(source), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
	if err != nil {
		return ""
	}
	var b strings.Builder
	for _, n := range nodes {
		addText(&b, n)
	}
	characters := []rune(strings.Join(strings.Fields(b.String()), ""))
	slices.Sort(characters) // a caption may stand elsewhere
	return string(characters)
}

func addText(b *strings.Builder, n *html.Node) {
	if n.Type == html.TextNode {
		b.WriteString(n.Data)
	}
	for child := range n.ChildNodes() {
		addText(b, child)
	}
}

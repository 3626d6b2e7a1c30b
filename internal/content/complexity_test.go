// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package content

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// fill repeats a text to a size in bytes.
func fill(text string) func(size int) string {
	return func(size int) string { return strings.Repeat(text, size/len(text)) }
}

// hostile are documents by size that the renderer needs quadratic time for, or
// worse, each with the limit that stops it.
var hostile = map[string]struct {
	make  func(size int) string
	limit string
}{
	"quotes":           {fill(">"), "nested too deep"},
	"spaced quotes":    {fill("> "), "nested too deep"},
	"quotes and items": {fill(">- "), "nested too deep"},
	"numbered items":   {fill("1. "), "nested too deep"},
	"lazy lines":       {func(n int) string { return fill(">")(n/2) + "a\n" + fill("a\n")(n/2) }, "nested too deep"},
	"staircase":        {staircase, "nested too deep"},
	"blank lines":      {func(n int) string { return strings.Repeat("- ", 100) + "a" + fill("\n")(n/2) + "  a" }, "nested this deep"},
	"wide rows":        {func(n int) string { return table(n/8) + fill("a\n")(n/2) }, "cells"},
	"open links":       {fill("[a]("), "too many marks"},
	"open titles":      {fill("[a](b \""), "too many marks"},
	"brackets":         {func(n int) string { return fill("[")(n/2) + fill("]")(n/2) }, "too many marks"},
	"emphasis":         {fill("*a_ "), "too many marks"},
	"strikes":          {fill("~*a"), "too many marks"},
	"e-mail addresses": {fill("~@_a"), "too many marks"},
	"definitions":      {fill("[a]: b\n"), "too many marks"},
	"lines of links":   {fill("[a\n]("), "too many marks"},
}

// staircase nests a list by one more tab a line, to half the size.
func staircase(size int) string {
	var b strings.Builder
	for depth := 0; b.Len() < size/2; depth++ {
		b.WriteString(strings.Repeat("\t", depth) + "- a\n")
	}
	return b.String() + fill("a\n")(size/2)
}

// table has a header of some columns.
func table(columns int) string {
	return strings.Repeat("|a", columns) + "\n" + strings.Repeat("|-", columns) + "\n"
}

func TestHostileMarkdownIsRefused(t *testing.T) {
	for name, tc := range hostile {
		t.Run(name, func(t *testing.T) {
			err := checkComplexity(tc.make(maxMarkdownBytes / 2))
			var invalid *InvalidTextError
			if !errors.As(err, &invalid) || !strings.Contains(err.Error(), tc.limit) {
				t.Errorf("got %v, want an error that says %q", err, tc.limit)
			}
		})
	}
}

// BenchmarkHostileMarkdown renders the most that the limits let through of each.
func BenchmarkHostileMarkdown(b *testing.B) {
	for name, tc := range hostile {
		source := longest(tc.make)
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(source)))
			for b.Loop() {
				if _, err := Render(FormatMarkdown, source); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// longest finds the largest document that is let through.
func longest(document func(int) string) string {
	low, high := 1, maxMarkdownBytes
	for low+1 < high {
		middle := (low + high) / 2
		if checkComplexity(document(middle)) == nil {
			low = middle
		} else {
			high = middle
		}
	}
	return document(low)
}

// TestLimits has documents at each limit and one step beyond it.
func TestLimits(t *testing.T) {
	marks := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("a", 1<<16-n) }
	cases := map[string]struct {
		inside, outside string
		reason          string
	}{
		"size":          {fill("a\n\n")(1 << 20), fill("a\n\n")(1<<20) + "abcd", "1 MiB: what a ConfigMap holds"},
		"quotes":        {strings.Repeat(">", 256), strings.Repeat(">", 257), "column 256"},
		"items":         {strings.Repeat("- ", 128) + "a", strings.Repeat("- ", 129) + "a", "columns, not levels"},
		"indented item": {strings.Repeat("\t", 63) + "- a", strings.Repeat("\t", 64) + "- a", "a tab is up to four columns"},
		"numbers":       {strings.Repeat("1) ", 86) + "a", strings.Repeat("1) ", 87) + "a", "255 columns and 258"},
		"cells":         {table(400) + fill("a\n")(2*497), table(400) + fill("a\n")(2*498), "a | too many counted, and the delimiter row for the header"},
		"quoted cells":  {"> |a|b\n> |-|-\n" + fill("> a\n")(4*66_665), "> |a|b\n> |-|-\n" + fill("> a\n")(4*66_666), "within a quote"},
		"nested lines":  {strings.Repeat("- ", 32) + "a\n" + fill("\n")(33_287), strings.Repeat("- ", 32) + "a\n" + fill("\n")(33_288), "column 63 in 33,288 lines"},
		"lists ended":   {strings.Repeat("- ", 32) + "a\n\n" + strings.Repeat("text\n\n", 70_000), strings.Repeat("- ", 32) + "a\n\n" + strings.Repeat(" text\n\n", 70_000), "text at the margin ends them"},
		"inline work":   {marks(1 << 14), marks(1<<14 + 1), "2^14 marks in 2^16 bytes are 2^30"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if err := checkComplexity(tc.inside); err != nil {
				t.Errorf("at the limit: %v (%s)", err, tc.reason)
			}
			var invalid *InvalidTextError
			if err := checkComplexity(tc.outside); !errors.As(err, &invalid) {
				t.Errorf("beyond the limit: %v (%s)", err, tc.reason)
			}
		})
	}
}

// TestParagraphsAreCountedApart: work is that of a paragraph, not of a document.
func TestParagraphsAreCountedApart(t *testing.T) {
	const line = "[a](b) *c* "
	const marks, lines = 5, 1000
	apart := lines * marks * (len(line) + 1)
	together := lines * lines * marks * (len(line) + 1)
	cases := map[string]struct {
		prefix, between string
		extra, want     int
		reason          string
	}{
		"one paragraph":  {"", "", 0, together, "marks times bytes"},
		"blank lines":    {"", "\n", 0, apart, "end a paragraph"},
		"quoted blanks":  {"> ", ">\n", 2, apart, "end a paragraph"},
		"indented quote": {"", "     >\n", 0, 0, "is text of the paragraph"},
		"bullets":        {"- ", "", 2, apart, "are paragraphs of their own"},
		"numbers":        {"2. ", "", 3, 0, "only a 1 ends a paragraph"},
		"indented":       {"    - ", "", 6, 0, "are text of a paragraph before"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			c := complexity{}
			for text := range strings.Lines(strings.Repeat(tc.prefix+line+"\n"+tc.between, lines)) {
				c.add(text)
			}
			want := tc.want + lines*marks*tc.extra
			if tc.want == 0 && c.inlineWork < together || tc.want != 0 && c.inlineWork != want {
				t.Errorf("counted %d, want %d or one paragraph's %d: they %s", c.inlineWork, want, together, tc.reason)
			}
		})
	}
}

// TestTableCellsAreBounded counts the cells that come out.
func TestTableCellsAreBounded(t *testing.T) {
	for _, columns := range []int{1, 3, 400, 4000} {
		source := longest(func(size int) string { return table(columns) + strings.Repeat("a\n", size) })
		got, err := Render(FormatMarkdown, source)
		if err != nil {
			t.Fatalf("%d columns: %v", columns, err)
		}
		if cells := strings.Count(got.HTML, "<td>") + strings.Count(got.HTML, "<th>"); cells > maxTableCells || cells < maxTableCells/2 {
			t.Errorf("%d columns: %d cells, want just below %d", columns, cells, maxTableCells)
		}
	}
}

// TestLongArticles: what people write stays far from the limits.
func TestLongArticles(t *testing.T) {
	paragraph := strings.Repeat("Some *emphasis*, a [link](https://x.test/a_b_c), `code` and words that fill a line.\n", 8) + "\n"
	cases := map[string]string{
		"article": strings.Repeat("## Heading\n\n"+paragraph+"> quoted\n> > twice\n\n- one\n  - two\n    1. three\n\n", 700),
		"list":    strings.Repeat("- [name](https://x.test/a) - what it *is*\n", 12_000),
		"table":   "| a | b | c |\n|---|---|---|\n" + strings.Repeat("| one | *two* | three |\n", 2000),
		"code":    "```yaml\n" + strings.Repeat("  - name: [a, b] # *c*\n\n", 20_000) + "```\n",
		"links":   strings.Repeat("See [a].\n\n", 1000) + fill("[a]: https://x.test/some/path\n")(30_000),
	}
	for name, source := range cases {
		if _, err := Render(FormatMarkdown, source); err != nil {
			t.Errorf("%s of %d bytes: %v", name, len(source), err)
		}
	}
}

func ExampleRender_tooCostly() {
	_, err := Render(FormatMarkdown, "Quoted:\n\n"+strings.Repeat(">", 1000))
	fmt.Println(err)
	// Output: the content has a quote or list nested too deep (its marker beyond column 256) at byte 9
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package content

import (
	"fmt"
	"strings"
)

// The renderer is quadratic, or worse, in what no author writes: quotes and lists
// nested a thousand deep, tables of thousands of columns, paragraphs of nothing
// but brackets. These limits keep the worst body at a few seconds of one core;
// BenchmarkHostileMarkdown has the figures.
const (
	// maxMarkdownBytes is what a ConfigMap holds.
	maxMarkdownBytes = 1 << 20
	// maxMarkerColumn is the last column in which the marker of a quote or list
	// item may stand. Each level takes a column at least, so it bounds nesting.
	maxMarkerColumn = 256
	// maxTableCells bounds columns times rows: rows are filled up with empty
	// cells, so that 32 KiB of Markdown can ask for 33 million.
	maxTableCells = 200_000
	// maxNestedLines bounds lines times the column of the last marker that may be
	// open at them: the renderer notes each blank line for each open list, 1 MiB
	// of text in 10 GiB of memory.
	maxNestedLines = 1 << 21
	// maxInlineWork bounds, summed over paragraphs, marks times bytes: from each
	// mark the renderer may look through all of its paragraph, at up to two
	// nanoseconds a byte.
	maxInlineWork = 1 << 30
)

// inlineMarks begin what is parsed within a paragraph: the triggers of
// goldmark's inline parsers and of the extensions in use. Of them only the space
// is left out, after which a bare link may stand: no link goes across it.
const inlineMarks = "*_~[]!<(`"

// complexity goes through the lines of a Markdown document once and gathers upper
// bounds of what rendering it costs. It knows no more of Markdown than a bound
// needs: what looks like a list or a table within a code block counts as well.
type complexity struct {
	// marks and size are of the paragraph so far, size in bytes.
	marks, size int
	// columns are those of the widest delimiter row since the last blank line.
	columns int

	// deepest is the largest column of a marker whose list may still be open.
	deepest int
	// blank says that the line before was blank.
	blank bool

	inlineWork, tableCells, nestedLines int
}

// checkComplexity refuses Markdown that would keep the renderer busy for long.
func checkComplexity(source string) error {
	if len(source) > maxMarkdownBytes {
		return &InvalidTextError{Offset: maxMarkdownBytes, Reason: fmt.Sprintf("Markdown beyond %d bytes", maxMarkdownBytes)}
	}
	c, offset := complexity{}, 0
	for line := range strings.Lines(source) {
		c.add(line)
		if reason := c.excess(); reason != "" {
			return &InvalidTextError{Offset: offset, Reason: reason}
		}
		offset += len(line)
	}
	return nil
}

// excess says which limit the lines so far are beyond.
func (c *complexity) excess() string {
	switch {
	case c.deepest > maxMarkerColumn:
		return fmt.Sprintf("a quote or list nested too deep (its marker beyond column %d)", maxMarkerColumn)
	case c.nestedLines > maxNestedLines:
		return "too many lines in lists nested this deep (end a list with a blank line and text at the margin)"
	case c.tableCells > maxTableCells:
		return fmt.Sprintf("tables of more than %d cells", maxTableCells)
	case c.inlineWork > maxInlineWork:
		return "too many marks such as [ * < for a paragraph this long (part it with blank lines)"
	}
	return ""
}

func (c *complexity) add(line string) {
	markers := scanMarkers(line)
	c.addNesting(line, markers)
	if endsParagraph(line) {
		c.marks, c.size, c.columns = 0, 0, 0
		return
	}
	if markers.startItem {
		c.marks, c.size = 0, 0
	}
	c.addTableLine(line[markers.end:])
	c.addInline(line)
}

// addNesting counts a line for each column of the markers that may be open. Text
// at the margin after a blank line ends every quote and list.
func (c *complexity) addNesting(line string, m markers) {
	blank := strings.Trim(line, " \t\r\n") == ""
	if c.blank && !blank && m.end == 0 {
		c.deepest = 0
	}
	c.deepest = max(c.deepest, m.lastColumn)
	c.nestedLines += c.deepest
	c.blank = blank
}

// addTableLine counts a line as a row of the widest table that may be open.
func (c *complexity) addTableLine(text string) {
	if strings.Trim(text, "|:- \t\f\v\r\n") == "" && strings.Contains(text, "-") {
		c.columns = max(c.columns, strings.Count(text, "|")+1)
	}
	c.tableCells += c.columns
}

func (c *complexity) addInline(line string) {
	before := c.marks * c.size
	for i := range len(line) {
		if strings.IndexByte(inlineMarks, line[i]) >= 0 {
			c.marks++
		}
	}
	c.size += len(line)
	c.inlineWork += c.marks*c.size - before
}

// endsParagraph says that a line is blank, or blank within quotes. After four
// spaces a > is text, and a paragraph goes on.
func endsParagraph(line string) bool {
	return strings.Trim(line, " \t\r\n") == "" ||
		strings.Trim(line, "> \r\n") == "" && !strings.Contains(line, "    ")
}

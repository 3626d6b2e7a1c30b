// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package content

import "strings"

// markers are the markers of quotes and list items that begin a line.
type markers struct {
	// end is where the text after them begins.
	end int
	// lastColumn is that of the last marker, counted from 1; 0 = none.
	lastColumn int
	// startItem says that the line begins an item of a bullet list, whatever
	// comes before it: such an item ends a paragraph.
	startItem bool
}

const (
	tabStop = 4
	// maxIndent is how many columns before a marker leave it one (CommonMark).
	maxIndent = 3
)

// scanMarkers reads the markers of a line. Text that only looks like one, such as
// indented code, is taken for one.
func scanMarkers(line string) markers {
	m := markers{}
	column := 0
	for m.end < len(line) {
		width := markerWidth(line[m.end:])
		switch {
		case width > 0:
			if m.lastColumn == 0 {
				m.startItem = column <= maxIndent && strings.IndexByte("-+*", line[m.end]) >= 0 && strings.TrimSpace(line[m.end+1:]) != ""
			}
			m.lastColumn = column + 1
			column, m.end = column+width, m.end+width
		case line[m.end] == ' ':
			column, m.end = column+1, m.end+1
		case line[m.end] == '\t':
			column, m.end = column+tabStop-column%tabStop, m.end+1
		default:
			return m
		}
	}
	return m
}

// markerWidth returns how long the marker is that a text begins with: > for a
// quote, one of - + * or a number with . or ) for an item; 0 = none.
func markerWidth(text string) int {
	if text[0] == '>' {
		return 1
	}
	width := 1
	if strings.IndexByte("-+*", text[0]) < 0 {
		width = numberWidth(text)
	}
	if width == len(text) || strings.IndexByte(" \t\r\n", text[width]) >= 0 {
		return width
	}
	return 0
}

func numberWidth(text string) int {
	digits := len(text) - len(strings.TrimLeft(text, "0123456789"))
	if digits == 0 || digits == len(text) || text[digits] != '.' && text[digits] != ')' {
		return 0
	}
	return digits + 1
}

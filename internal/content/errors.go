// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package content

import (
	"errors"
	"fmt"
)

var (
	// ErrFrontMatterUnsupported says that a body begins with a front matter
	// block, which would be published as text.
	ErrFrontMatterUnsupported = errors.New("the content begins with front matter, which only Markdown may have; remove the block between the --- lines, or set content.format Markdown")
	// ErrTOML says that a body begins with front matter in TOML, which would be
	// published as text.
	ErrTOML = errors.New("the content begins with front matter in TOML; write it in YAML, between lines of ---")
)

// FrontMatterError says what is wrong with the front matter.
type FrontMatterError struct {
	// Key is the key whose value is wrong, empty if it is the block as a whole.
	Key string
	// Line is where, counted from 1 in the whole content; 0 = unknown.
	Line int
	// Reason is what is wrong, with what would be right.
	Reason string
}

// Error names the key and the line.
func (e *FrontMatterError) Error() string {
	where := ""
	if e.Key != "" {
		where = " " + e.Key
	}
	if e.Line > 0 {
		where += fmt.Sprintf(" (line %d)", e.Line)
	}
	return fmt.Sprintf("front matter%s: %s", where, e.Reason)
}

// InvalidTextError says that a body is no text that a site could store, or none
// that can be rendered with reasonable effort.
type InvalidTextError struct {
	// Offset is the position of the first bad byte, or of the line that is too
	// much, in bytes counted from 0.
	Offset int
	// Reason is what is there.
	Reason string
}

// Error names the offset.
func (e *InvalidTextError) Error() string {
	return fmt.Sprintf("the content has %s at byte %d", e.Reason, e.Offset)
}

// UnknownFormatError says that there is no renderer for a format.
type UnknownFormatError struct {
	// Format is the unknown format.
	Format Format
}

// Error names the format.
func (e *UnknownFormatError) Error() string {
	return fmt.Sprintf("the content has the unknown format %q", string(e.Format))
}

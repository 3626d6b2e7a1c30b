// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package content

import (
	"errors"
	"fmt"
)

// ErrFrontMatterUnsupported says that a body begins with a front matter block,
// which would be published as text.
var ErrFrontMatterUnsupported = errors.New("the content begins with front matter, which is not supported yet; remove the block between the --- lines")

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

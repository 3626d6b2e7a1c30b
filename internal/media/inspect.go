// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package media

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
)

const (
	// MaxBytes is the size of the largest image that is uploaded. Sites take
	// less as a rule: PHP's default is 2 MiB.
	MaxBytes = 20 << 20
	// MaxPixels bounds width times height, as the plugin at the site does: a
	// file of a few kilobytes can claim pixels that no site has memory for.
	MaxPixels = 100_000_000
)

// Image is what the header of an image says.
type Image struct {
	// Type is the media type, such as image/jpeg.
	Type string
	// Width and Height are in pixels, at least 1 each.
	Width, Height int
}

// Kind is why bytes are not taken.
type Kind int

const (
	// Unsupported bytes are no image, a damaged one, or of a type that is not
	// uploaded.
	Unsupported Kind = iota
	// TooLarge images have too many bytes or pixels.
	TooLarge
)

// Error says why bytes are not taken.
type Error struct {
	// Kind is the sort of fault.
	Kind Kind
	// Message completes "the image …".
	Message string
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// format is a type of image: how it begins, and who reads its header.
type format struct {
	mediaType string
	matches   func(data []byte) bool
	size      func(io.Reader) (image.Config, error)
}

// formats are the types that WordPress takes, if the site allows them.
var formats = []format{
	{"image/jpeg", startsWith("\xff\xd8\xff"), jpeg.DecodeConfig},
	{"image/png", startsWith("\x89PNG\r\n\x1a\n"), png.DecodeConfig},
	{"image/gif", startsWith("GIF87a", "GIF89a"), gif.DecodeConfig},
	{"image/webp", isWebP, webpConfig},
	{"image/avif", isAVIF, avifConfig},
}

func startsWith(starts ...string) func([]byte) bool {
	return func(data []byte) bool {
		for _, start := range starts {
			if bytes.HasPrefix(data, []byte(start)) {
				return true
			}
		}
		return false
	}
}

// Inspect reads the header of an image. Its errors are [*Error].
func Inspect(data []byte) (Image, error) {
	if len(data) > MaxBytes {
		return Image{}, &Error{TooLarge, fmt.Sprintf("has %d bytes, at most %d are uploaded; make it smaller", len(data), MaxBytes)}
	}
	for _, f := range formats {
		if f.matches(data) {
			return f.inspect(data)
		}
	}
	return Image{}, &Error{Unsupported, describe(data) + "; use JPEG, PNG, GIF, WebP or AVIF"}
}

func (f format) inspect(data []byte) (Image, error) {
	config, err := f.size(bytes.NewReader(data))
	switch {
	case err != nil || config.Width < 1 || config.Height < 1:
		return Image{}, &Error{Unsupported, "begins as " + f.mediaType + ", and is damaged or cut off"}
	case config.Width > MaxPixels/config.Height:
		return Image{}, &Error{TooLarge, fmt.Sprintf("has %d by %d pixels, at most %d in all are uploaded; make it smaller", config.Width, config.Height, MaxPixels)}
	}
	return Image{Type: f.mediaType, Width: config.Width, Height: config.Height}, nil
}

// errHeader says that a header is not what its format says; the offset would
// help nobody.
var errHeader = errors.New("unreadable header")

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package media

import (
	"encoding/binary"
	"image"
	"io"
	"math"
)

// An AVIF file is made of boxes (ISO/IEC 14496-12): 4 bytes of length, 4 of type,
// contents. Its size is in boxes ispe, in meta, iprp, ipco.
const (
	boxHeaderBytes = 8
	// fullBoxBytes are version and flags, which meta and ispe begin with.
	fullBoxBytes = 4
	ispeBytes    = fullBoxBytes + 8
)

func isAVIF(data []byte) bool {
	return len(data) >= 12 && string(data[4:8]) == "ftyp" && (string(data[8:12]) == "avif" || string(data[8:12]) == "avis")
}

// avifConfig returns the largest size that the file names: of an image that is
// made of tiles, that is the whole.
func avifConfig(r io.Reader) (image.Config, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return image.Config{}, err
	}
	meta := box(data, "meta")
	if len(meta) < fullBoxBytes {
		return image.Config{}, errHeader
	}
	largest := image.Config{}
	eachBox(box(box(meta[fullBoxBytes:], "iprp"), "ipco"), func(kind string, contents []byte) {
		if kind != "ispe" || len(contents) < ispeBytes {
			return
		}
		width, height := binary.BigEndian.Uint32(contents[fullBoxBytes:]), binary.BigEndian.Uint32(contents[fullBoxBytes+4:])
		if width <= math.MaxInt32 && height <= math.MaxInt32 && int64(width)*int64(height) > int64(largest.Width)*int64(largest.Height) {
			largest = image.Config{Width: int(width), Height: int(height)}
		}
	})
	return largest, nil
}

// box returns the contents of the first box of a type, nil if there is none.
func box(data []byte, kind string) []byte {
	var found []byte
	eachBox(data, func(k string, contents []byte) {
		if k == kind && found == nil {
			found = contents
		}
	})
	return found
}

// eachBox goes over boxes that stand beside each other, and ends at the first
// that is not whole. Sizes of 64 bits are for films.
func eachBox(data []byte, do func(kind string, contents []byte)) {
	for len(data) >= boxHeaderBytes {
		size := int64(binary.BigEndian.Uint32(data))
		if size == 0 {
			size = int64(len(data)) // the last box may leave it open
		}
		if size < boxHeaderBytes || size > int64(len(data)) {
			return
		}
		do(string(data[4:8]), data[boxHeaderBytes:size])
		data = data[size:]
	}
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package media

import (
	"encoding/binary"
	"image"
	"io"
)

// A WebP file is a RIFF container (RFC 9649): 12 bytes, and a first chunk with an
// 8-byte header that has the size in one of three forms.
const (
	riffHeaderBytes = 12
	webpHeaderBytes = 30
	// leastWebPBytes is the header of the shortest form.
	leastWebPBytes = 25
)

func isWebP(data []byte) bool {
	return len(data) >= riffHeaderBytes && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP"
}

func webpConfig(r io.Reader) (image.Config, error) {
	header := make([]byte, webpHeaderBytes)
	if n, err := io.ReadFull(r, header); n < leastWebPBytes {
		return image.Config{}, err
	}
	chunk := header[riffHeaderBytes+8:]
	switch string(header[riffHeaderBytes : riffHeaderBytes+4]) {
	case "VP8X":
		return image.Config{Width: 1 + uint24(chunk[4:]), Height: 1 + uint24(chunk[7:])}, nil
	case "VP8L":
		return losslessConfig(chunk)
	case "VP8 ":
		return lossyConfig(chunk)
	}
	return image.Config{}, errHeader
}

// losslessConfig reads two times 14 bits behind a signature (RFC 9649, 3.4).
func losslessConfig(chunk []byte) (image.Config, error) {
	const signature, sizeBits = 0x2f, 14
	if chunk[0] != signature {
		return image.Config{}, errHeader
	}
	bits := binary.LittleEndian.Uint32(chunk[1:])
	const mask = 1<<sizeBits - 1
	return image.Config{Width: 1 + int(bits&mask), Height: 1 + int(bits>>sizeBits&mask)}, nil
}

// lossyConfig reads the size in the header of a key frame (RFC 6386, 9.1); the
// upper two bits of each are for scaling.
func lossyConfig(chunk []byte) (image.Config, error) {
	const mask = 1<<14 - 1
	if string(chunk[3:6]) != "\x9d\x01\x2a" {
		return image.Config{}, errHeader
	}
	return image.Config{
		Width:  int(binary.LittleEndian.Uint16(chunk[6:]) & mask),
		Height: int(binary.LittleEndian.Uint16(chunk[8:]) & mask),
	}, nil
}

func uint24(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package media

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// canvas is a picture of 7 by 5 pixels, as those of the test data are.
func canvas() image.Image {
	return image.NewPaletted(image.Rect(0, 0, 7, 5), color.Palette{color.Black, color.White})
}

func encoded(t *testing.T, encode func(*bytes.Buffer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func file(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestInspect(t *testing.T) {
	cases := map[string]struct {
		data []byte
		want string
	}{
		"JPEG":          {encoded(t, func(b *bytes.Buffer) error { return jpeg.Encode(b, canvas(), nil) }), "image/jpeg"},
		"PNG":           {encoded(t, func(b *bytes.Buffer) error { return png.Encode(b, canvas()) }), "image/png"},
		"GIF":           {encoded(t, func(b *bytes.Buffer) error { return gif.Encode(b, canvas(), nil) }), "image/gif"},
		"WebP lossy":    {file(t, "lossy.webp"), "image/webp"},
		"WebP lossless": {file(t, "lossless.webp"), "image/webp"},
		"WebP extended": {file(t, "alpha.webp"), "image/webp"},
		"AVIF":          {file(t, "plain.avif"), "image/avif"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := Inspect(tc.data)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(Image{Type: tc.want, Width: 7, Height: 5}, got); diff != "" {
				t.Errorf("image (-want +got):\n%s", diff)
			}
		})
	}
}

// bomb is the beginning of a PNG that claims 30,000 by 30,000 pixels.
func bomb(t *testing.T) []byte {
	t.Helper()
	data := encoded(t, func(b *bytes.Buffer) error { return png.Encode(b, image.NewGray(image.Rect(0, 0, 1, 1))) })
	header := data[:33]
	binary.BigEndian.PutUint32(header[16:], 30_000)
	binary.BigEndian.PutUint32(header[20:], 30_000)
	binary.BigEndian.PutUint32(header[29:], crc32.ChecksumIEEE(header[12:29]))
	return header
}

func TestInspectRefuses(t *testing.T) {
	jpg := encoded(t, func(b *bytes.Buffer) error { return jpeg.Encode(b, canvas(), nil) })
	cases := map[string]struct {
		data []byte
		kind Kind
		want string
	}{
		"nothing":                   {nil, Unsupported, "is empty"},
		"SVG":                       {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), Unsupported, "is SVG"},
		"SVG with a prologue":       {[]byte("<?xml version=\"1.0\"?>\n<!-- x --><SVG>"), Unsupported, "is SVG"},
		"HTML":                      {[]byte("<!DOCTYPE html><title>Log in</title>"), Unsupported, "is a page of HTML"},
		"PDF":                       {[]byte("%PDF-1.7"), Unsupported, "is application/pdf"},
		"text":                      {[]byte("hello"), Unsupported, "is no image"},
		"noise":                     {[]byte{0, 1, 2, 3, 4, 0xff}, Unsupported, "is no image"},
		"an image that is not sent": {[]byte("BM\x00\x00\x00\x00"), Unsupported, "is image/bmp"},
		"half a JPEG header":        {jpg[:20], Unsupported, "begins as image/jpeg, and is damaged"},
		"half a WebP":               {file(t, "lossy.webp")[:20], Unsupported, "begins as image/webp, and is damaged"},
		"WebP without a frame":      {append(file(t, "lossy.webp")[:12], "XXXX12345678901234567890"...), Unsupported, "begins as image/webp"},
		"half an AVIF":              {file(t, "plain.avif")[:40], Unsupported, "begins as image/avif, and is damaged"},
		"a decompression bomb":      {bomb(t), TooLarge, "has 30000 by 30000 pixels"},
		"too many bytes":            {append(jpg, make([]byte, MaxBytes)...), TooLarge, "bytes, at most 20971520 are uploaded"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := Inspect(tc.data)
			var refused *Error
			if !errors.As(err, &refused) || refused.Kind != tc.kind || !strings.Contains(refused.Message, tc.want) {
				t.Errorf("Inspect = %v, want kind %d: %s", err, tc.kind, tc.want)
			}
		})
	}
}

// FuzzInspect: whatever bytes a server sends, there is an answer, and what is
// taken has a size within the bounds.
func FuzzInspect(f *testing.F) {
	for _, name := range []string{"lossy.webp", "lossless.webp", "alpha.webp", "plain.avif"} {
		f.Add(file(f, name))
	}
	f.Add([]byte("\x89PNG\r\n\x1a\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := Inspect(data)
		if err == nil && (got.Type == "" || got.Width < 1 || got.Height < 1 || got.Width > MaxPixels/got.Height) {
			t.Errorf("took %+v", got)
		}
	})
}

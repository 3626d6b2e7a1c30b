// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpresstest

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// picture returns a PNG that no other test has.
func picture(t *testing.T) []byte {
	t.Helper()
	canvas := image.NewRGBA(image.Rect(0, 0, 40, 30))
	for i := range 40 * 30 {
		canvas.Set(i%40, i/40, color.RGBA{R: uint8(rand.N(256)), G: uint8(rand.N(256)), B: uint8(rand.N(256)), A: 255}) //nolint:gosec // colours
	}
	var b bytes.Buffer
	if err := png.Encode(&b, canvas); err != nil {
		t.Fatalf("encode picture: %v", err)
	}
	return b.Bytes()
}

func testUpload(t *testing.T, s *suite) {
	upload := wordpress.Image{Bytes: picture(t), FileName: "größe & ../c:\\evil.php", Alt: "An alt", Caption: "A caption", Title: "A title"}
	created, err := s.client.UploadMedia(t.Context(), upload)
	if err != nil {
		t.Fatalf("UploadMedia: %v", err)
	}
	if created.MIMEType != "image/png" || !strings.HasSuffix(created.URL, ".png") || strings.Contains(created.URL, ".php") {
		t.Errorf("type %s at %s, want a .png", created.MIMEType, created.URL)
	}
	got := []string{created.Alt, created.Caption, created.Title}
	if diff := cmp.Diff([]string{"An alt", "A caption", "A title"}, got); diff != "" {
		t.Errorf("texts (-want +got):\n%s", diff)
	}
	upload.Alt, upload.FileName = "Another alt", "other.png"
	again, err := s.client.UploadMedia(t.Context(), upload)
	if err != nil {
		t.Fatalf("UploadMedia again: %v", err)
	}
	if diff := cmp.Diff(created, again); diff != "" {
		t.Errorf("the same bytes are another image (-first +second):\n%s", diff)
	}
}

// testUploadParallel sends the same bytes eight times at once.
func testUploadParallel(t *testing.T, s *suite) {
	const n = 8
	if _, err := s.client.Discover(t.Context()); err != nil {
		t.Fatalf("Discover: %v", err)
	}
	upload := wordpress.Image{Bytes: picture(t), FileName: "parallel.png"}
	var (
		ids [n]int64
		all sync.WaitGroup
	)
	for i := range n {
		all.Go(func() {
			media, err := uploadUntilSettled(t, s, upload)
			if err != nil {
				t.Errorf("UploadMedia: %v", err)
				return
			}
			ids[i] = media.ID
		})
	}
	all.Wait()
	if distinct := slices.Compact(slices.Sorted(slices.Values(ids[:]))); len(distinct) != 1 {
		t.Errorf("the same bytes became the images %v, want one", distinct)
	}
}

func uploadUntilSettled(t *testing.T, s *suite, upload wordpress.Image) (*wordpress.Media, error) {
	for {
		media, err := s.client.UploadMedia(t.Context(), upload)
		if wordpress.KindOf(err) != wordpress.KindInProgress {
			return media, err
		}
	}
}

func testBadImages(t *testing.T, s *suite) {
	const svg = `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`
	cases := map[string]struct {
		bytes  string
		status int
	}{
		"empty":                  {"", http.StatusBadRequest},
		"HTML that claims JPEG":  {"<html><body>not an image</body></html>", http.StatusUnsupportedMediaType},
		"SVG":                    {svg, http.StatusUnsupportedMediaType},
		"text":                   {"hello", http.StatusUnsupportedMediaType},
		"PHP behind a JPEG name": {"<?php phpinfo();", http.StatusUnsupportedMediaType},
	}
	for name, bad := range cases {
		_, err := s.client.UploadMedia(t.Context(), wordpress.Image{Bytes: []byte(bad.bytes), FileName: "picture.jpg"})
		if e := refusal(t, err, wordpress.KindRejected); e.Status != bad.status {
			t.Errorf("%s: status %d, want %d", name, e.Status, bad.status)
		}
	}
	res := s.raw(t, http.MethodPost, "igny8/v1/media", "{}", s.json())
	if res.status != http.StatusUnsupportedMediaType || res.problem() != "unsupported-media-type" {
		t.Errorf("JSON: answer %d %q, want 415 unsupported-media-type", res.status, res.problem())
	}
}

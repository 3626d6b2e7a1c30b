// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// imageServer serves images that no other test has, and things that are none.
type imageServer struct {
	*httptest.Server
	mu     sync.Mutex
	reads  int
	images map[string][]byte
	// held tells of a read of /held.png, which is not answered before it is
	// published; done ends all that are held.
	held, done chan struct{}
}

func newImageServer(t *testing.T) *imageServer {
	t.Helper()
	s := &imageServer{images: map[string][]byte{}, held: make(chan struct{}, 100), done: make(chan struct{})}
	webp, err := os.ReadFile(filepath.Join(root, "internal", "media", "testdata", "lossy.webp"))
	if err != nil {
		t.Fatal(err)
	}
	s.images = map[string][]byte{
		"/photo.jpg": s.unique("photo.jpg"), "/small.webp": webp, "/moved-here.gif": s.unique("moved.gif"),
		"/drawing.svg": []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`),
		"/page.jpg":    []byte("<!DOCTYPE html><title>Log in</title>"), "/empty.png": {},
		"/huge.png": append(s.unique("huge.png"), make([]byte, 30<<20)...), "/bomb.png": bomb(),
	}
	s.Server = httptest.NewServer(s)
	t.Cleanup(func() {
		close(s.done)
		s.Close()
	})
	return s
}

// ServeHTTP serves what is published.
func (s *imageServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.reads++
	data, ok := s.images[r.URL.Path]
	s.mu.Unlock()
	switch {
	case ok:
		w.Header().Set("Content-Type", "image/jpeg") // whatever it is
		_, _ = w.Write(data)
	case r.URL.Path == "/moved":
		http.Redirect(w, r, "/moved-here.gif", http.StatusFound)
	case r.URL.Path == "/slow.png", r.URL.Path == "/held.png":
		s.held <- struct{}{}
		select {
		case <-s.done:
		case <-r.Context().Done():
		}
	default:
		http.NotFound(w, r)
	}
}

// publish puts an image of its own at a path.
func (s *imageServer) publish(path string) {
	data := s.unique(path)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.images[path] = data
}

// awaitHeld waits until an image is read that is held.
func (s *imageServer) awaitHeld(t *testing.T) {
	t.Helper()
	select {
	case <-s.held:
	case <-t.Context().Done():
	}
}

// count is how often anything was read.
func (s *imageServer) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reads
}

func (s *imageServer) details(path string) v1alpha1.ImageDetails {
	return v1alpha1.ImageDetails{
		Source: v1alpha1.ImageSource{Type: v1alpha1.ImageSourceURL, URL: s.URL + path},
		Alt:    "An alt", Caption: "A caption", Title: "A title",
	}
}

// unique makes an image of noise that WordPress makes smaller ones of.
func (s *imageServer) unique(name string) []byte {
	canvas := image.NewRGBA(image.Rect(0, 0, 640, 480))
	for i := range 1000 {
		canvas.Set(rand.N(640), i%480, color.RGBA{R: uint8(rand.N(256)), G: uint8(rand.N(256)), A: 255}) //nolint:gosec // colours
	}
	var b bytes.Buffer
	encode := func() error { return png.Encode(&b, canvas) }
	switch filepath.Ext(name) {
	case ".jpg":
		encode = func() error { return jpeg.Encode(&b, canvas, nil) }
	case ".gif":
		encode = func() error { return gif.Encode(&b, canvas, nil) }
	}
	if err := encode(); err != nil {
		panic(err) // writing to a buffer does not fail
	}
	return b.Bytes()
}

// bomb is the beginning of a PNG that claims 30,000 by 30,000 pixels.
func bomb() []byte {
	const side, chunk, size, sum, end = 30_000, 12, 16, 29, 33
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 1, 1))); err != nil {
		panic(err) // writing to a buffer does not fail
	}
	header := b.Bytes()[:end]
	binary.BigEndian.PutUint32(header[size:], side)
	binary.BigEndian.PutUint32(header[size+4:], side)
	binary.BigEndian.PutUint32(header[sum:], crc32.ChecksumIEEE(header[chunk:sum]))
	return header
}

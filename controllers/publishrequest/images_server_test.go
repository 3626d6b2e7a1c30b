// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

// imageServer serves PNGs that differ by their path, until it is told otherwise.
type imageServer struct {
	*httptest.Server
	mu    sync.Mutex
	reads map[string]int
	fails map[string]int
	bytes map[string][]byte
}

func newImageServer(t *testing.T) *imageServer {
	s := &imageServer{reads: map[string]int{}, fails: map[string]int{}, bytes: map[string][]byte{}}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

// ServeHTTP serves what a path has, else a picture.
func (s *imageServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reads[r.URL.Path]++
	if status := s.fails[r.URL.Path]; status != 0 {
		w.WriteHeader(status)
		return
	}
	data := s.bytes[r.URL.Path]
	if data == nil {
		data = picture(len(r.URL.Path))
	}
	_, _ = w.Write(data)
}

// fail has a path answer with a status from now on; 0 = as before.
func (s *imageServer) fail(path string, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fails[path] = status
}

func (s *imageServer) serve(path, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bytes[path] = []byte(text)
}

// count is how often images were read.
func (s *imageServer) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, reads := range s.reads {
		n += reads
	}
	return n
}

// picture is a PNG of a width.
func picture(width int) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, 1))); err != nil {
		panic(err) // writing to a buffer does not fail
	}
	return b.Bytes()
}

// source is an image at a path of the server.
func (s *imageServer) source(path string) v1alpha1.ImageSource {
	return v1alpha1.ImageSource{Type: v1alpha1.ImageSourceURL, URL: s.URL + path}
}

func (s *imageServer) featured(path string) v1alpha1.FeaturedImage {
	return v1alpha1.FeaturedImage{ImageDetails: v1alpha1.ImageDetails{Source: s.source(path), Alt: "An alt", Caption: "A caption", Title: "A title"}}
}

func (s *imageServer) gallery(paths ...string) []v1alpha1.GalleryImage {
	var gallery []v1alpha1.GalleryImage
	for _, path := range paths {
		gallery = append(gallery, v1alpha1.GalleryImage{Name: strings.Trim(path, "/."), ImageDetails: v1alpha1.ImageDetails{Source: s.source(path)}})
	}
	return gallery
}

// duringUpload does something while the site takes an upload, counted from 1.
func (h *harness) duringUpload(nth int32, do func()) {
	var uploads atomic.Int32
	h.site.SetHook(func(r *http.Request) wordpresstest.Fault {
		if strings.HasSuffix(r.URL.Path, "/media") && uploads.Add(1) == nth {
			do()
		}
		return wordpresstest.Fault{}
	})
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpresstest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"

	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// imageTypes are the types a site takes, with the ending of their files.
var imageTypes = map[string]string{
	"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp",
}

// upload is what a call of POST /media carries.
type upload struct {
	fields map[string]string
	bytes  []byte
	name   string
}

func (f *Fake) serveMedia(w http.ResponseWriter, r *http.Request, body []byte, fault Fault) {
	u, err := readUpload(r.Header.Get("Content-Type"), body)
	if err != nil {
		writeProblem(w, http.StatusUnsupportedMediaType, "unsupported-media-type", "Send multipart/form-data.", nil)
		return
	}
	if len(u.bytes) == 0 {
		writeInvalid(w, []wordpress.FieldError{{Field: "file", Message: "is empty"}})
		return
	}
	sum := sha256.Sum256(u.bytes)
	digest := hex.EncodeToString(sum[:])
	if sent := u.fields["sha256"]; sent != "" && sent != digest {
		writeInvalid(w, []wordpress.FieldError{{Field: "sha256", Message: "is not that of the file"}})
		return
	}
	mediaType := http.DetectContentType(u.bytes)
	if imageTypes[mediaType] == "" {
		writeProblem(w, http.StatusUnsupportedMediaType, "unsupported-media-type", "The file is no image that the site takes.", nil)
		return
	}
	if f.strike(w, fault, DuringEffect) {
		return
	}
	media, status := f.keep(u, digest, mediaType)
	if !f.strike(w, fault, AfterEffect) {
		writeJSON(w, status, media)
	}
}

func readUpload(contentType string, body []byte) (upload, error) {
	u := upload{fields: map[string]string{}}
	mediaType, params, err := mime.ParseMediaType(contentType)
	if err != nil || mediaType != "multipart/form-data" {
		return u, fmt.Errorf("type %s is not a form", contentType)
	}
	reader := multipart.NewReader(bytes.NewReader(body), params["boundary"])
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return u, nil
		}
		if err != nil {
			return u, err
		}
		text, err := io.ReadAll(part)
		if err != nil {
			return u, err
		}
		if part.FormName() == "file" {
			u.bytes, u.name = text, part.FileName()
		} else {
			u.fields[part.FormName()] = string(text)
		}
	}
}

// keep stores an image once.
func (f *Fake) keep(u upload, digest, mediaType string) (wordpress.Media, int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if i := slices.IndexFunc(f.media, func(m wordpress.Media) bool { return m.SHA256 == digest }); i >= 0 && !f.settings.broken[PromiseOneImage] {
		return f.media[i], http.StatusOK
	}
	f.lastID++
	name, _, _ := strings.Cut(u.name, ".")
	media := wordpress.Media{
		ID: f.lastID, SHA256: digest, MIMEType: mediaType,
		URL: fmt.Sprintf("%s/wp-content/uploads/%d-%s%s", f.URL(), f.lastID, slug(name), imageTypes[mediaType]),
		Alt: u.fields["alt"], Caption: u.fields["caption"], Title: orDefault(u.fields["title"], name),
		Sizes: wordpress.Sizes{},
	}
	f.media = append(f.media, media)
	f.enter(EffectUploaded, digest, media.ID)
	return media, http.StatusCreated
}

// missingImages says that the media library has none of an id.
func (f *Fake) missingImages(field string, ids []int64) []wordpress.FieldError {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, id := range ids {
		if !slices.ContainsFunc(f.media, func(m wordpress.Media) bool { return m.ID == id }) {
			return []wordpress.FieldError{{Field: field, Message: fmt.Sprintf("The media library has no image %d.", id)}}
		}
	}
	return nil
}

// DeleteMedia removes an image from the media library, as a person would. It tells
// whether it was there.
func (f *Fake) DeleteMedia(id int64) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	before := len(f.media)
	f.media = slices.DeleteFunc(f.media, func(m wordpress.Media) bool { return m.ID == id })
	return len(f.media) < before
}

// Images returns the images of a post: the featured one, 0 if there is none, and
// those of its gallery.
func (f *Fake) Images(id int64) (featured int64, gallery []int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if p, ok := f.posts[id]; ok {
		return p.featured, slices.Clone(p.gallery)
	}
	return 0, nil
}

// Media returns the images of the media library in the order of their upload.
func (f *Fake) Media() []wordpress.Media {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.media)
}

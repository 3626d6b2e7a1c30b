// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"mime/multipart"
	"net/http"
)

// Image is an image to upload.
type Image struct {
	// Bytes are a JPEG, PNG, GIF, WebP or whatever else the site takes.
	Bytes []byte
	// FileName is a proposal; the site cleans it, and gives it the ending of
	// what the bytes are.
	FileName string
	// Alt, Caption and Title are texts of the media library. Those of an image
	// that is there already are kept.
	Alt, Caption, Title string
}

// Media is an image of the media library.
type Media struct {
	// ID is the attachment's, 1 … 2^53−1.
	ID int64 `json:"id"`
	// URL is the image's address, http or https.
	URL string `json:"url"`
	// SHA256 is the digest of the bytes as they were uploaded, in hexadecimal.
	SHA256 string `json:"sha256"`
	// MIMEType is what the bytes are.
	MIMEType string `json:"mime_type"`
	// Width and Height are in pixels.
	Width  int64 `json:"width"`
	Height int64 `json:"height"`
	// Alt, Caption and Title are the stored ones.
	Alt     string `json:"alt"`
	Caption string `json:"caption"`
	Title   string `json:"title"`
	// Sizes are smaller versions by WordPress's name for them.
	Sizes Sizes `json:"sizes"`
}

// Size is one version of an image.
type Size struct {
	URL    string `json:"url"`
	Width  int64  `json:"width"`
	Height int64  `json:"height"`
}

// Sizes maps the name of a size to it.
type Sizes map[string]Size

// UnmarshalJSON takes an object, or the empty array that PHP makes of an empty
// map.
func (s *Sizes) UnmarshalJSON(data []byte) error {
	return unmarshalMap(data, (*map[string]Size)(s))
}

func (m *Media) validate() error {
	c := checker{}
	c.id("id", m.ID)
	c.url("url", m.URL)
	c.text("sha256", m.SHA256, 2*sha256.Size, 2*sha256.Size)
	c.limit("width", m.Width)
	c.limit("height", m.Height)
	for _, size := range m.Sizes {
		c.url("sizes.url", size.URL)
	}
	return c.err
}

// UploadMedia puts an image into the media library, or finds it there: the same
// bytes make one attachment, whatever is repeated, raced or killed.
func (c *Client) UploadMedia(ctx context.Context, image Image) (*Media, error) {
	sum := sha256.Sum256(image.Bytes)
	digest := hex.EncodeToString(sum[:])
	body, contentType, err := encodeImage(image, digest)
	if err != nil {
		return nil, fmt.Errorf("encode image: %w", err)
	}
	media := &Media{}
	err = c.do(ctx, call{
		op: OpMedia, method: http.MethodPost, route: "media", want: http.StatusCreated, also: http.StatusOK,
		raw: body, header: http.Header{"Content-Type": {contentType}},
	}, media)
	if err != nil {
		return nil, err
	}
	if media.SHA256 != digest {
		return nil, &Error{
			Kind: KindInvalidResponse, Op: OpMedia, Host: c.home.Host, MayHaveReached: true,
			Detail: "the answer is about another image",
		}
	}
	return media, nil
}

// encodeImage writes texts first, so that a site that stops reading early has
// them. Writing to a buffer does not fail; the errors are the library's form.
func encodeImage(image Image, digest string) (body []byte, contentType string, err error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	fields := map[string]string{"sha256": digest, "alt": image.Alt, "caption": image.Caption, "title": image.Title}
	for _, name := range []string{"sha256", "alt", "caption", "title"} {
		if fields[name] == "" {
			continue
		}
		if err := w.WriteField(name, fields[name]); err != nil {
			return nil, "", err
		}
	}
	part, err := w.CreateFormFile("file", fileName(image.FileName))
	if err != nil {
		return nil, "", err
	}
	if _, err := part.Write(image.Bytes); err != nil {
		return nil, "", err
	}
	if err := w.Close(); err != nil {
		return nil, "", err
	}
	return b.Bytes(), w.FormDataContentType(), nil
}

// maxFileNameBytes is what every file system takes, with room for what
// WordPress adds for sizes.
const maxFileNameBytes = 150

// fileName keeps what a multipart header can carry.
func fileName(name string) string {
	clean := sanitise(name, maxFileNameBytes)
	if clean == "" {
		return "image"
	}
	return clean
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package plugin

import (
	"bytes"
	"crypto/sha256"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// pathOf is where the file of an image is on disk.
func pathOf(m media) string {
	return filepath.Join(shared.Dir, "www", strings.TrimPrefix(m.URL, shared.URL))
}

// requireFile fails unless a file has these bytes.
func requireFile(t *testing.T, path string, want []byte) {
	t.Helper()
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s has %d bytes: %v; want the %d that were there, unchanged", path, len(got), err, len(want))
	}
}

// requireMadeAgain deletes an image as a person does, and fails unless its bytes become another, whole one.
func (c client) requireMadeAgain(t *testing.T, name string, raw []byte, old media) media {
	t.Helper()
	php(t, shared, `wp_delete_attachment( %d, true );`, old.ID)
	made := c.upload(t, name, raw, nil).media(t, http.StatusCreated)
	if made.ID == old.ID {
		t.Error("the new image has the id of the deleted one")
	}
	requireOneImage(t, made)
	return made
}

// killNoted kills an upload between the note of its file's name and the move, and returns where the file would be.
func (c client) killNoted(t *testing.T, name string, raw []byte) string {
	t.Helper()
	if a := c.set("X-Test-Kill", "pre_move_uploaded_file").upload(t, name, raw, nil); a.status != http.StatusBadGateway {
		t.Fatalf("status %d, want 502 from nginx: nobody was killed: %s", a.status, a.body)
	}
	noted := value(t, shared, "SELECT file FROM wp_igny8_media WHERE sha256 = '%x'", sha256.Sum256(raw))
	return filepath.Join(shared.Dir, "www", "wp-content", "uploads", noted)
}

// Of what is found under the name that an upload had noted when it died, only its own leftover is removed.
func TestMediaLeftover(t *testing.T) {
	whole := func(raw []byte) []byte { return raw }
	for name, test := range map[string]struct {
		found func(raw []byte) []byte // under the noted name
		owner string                  // ending of the name of the file of an attachment, if there is one
		stays bool
	}{
		"whole":                       {found: whole},
		"cut off between two disks":   {found: func(raw []byte) []byte { return raw[:len(raw)/2] }},
		"empty":                       {found: func([]byte) []byte { return nil }},
		"other bytes":                 {found: func([]byte) []byte { return []byte("other") }, stays: true},
		"more bytes":                  {found: func(raw []byte) []byte { return append(bytes.Clone(raw), 0) }, stays: true},
		"same bytes of a person":      {found: whole, owner: ".jpg", stays: true},
		"original of what was scaled": {found: whole, owner: "-scaled.jpg", stays: true},
		"original of what was edited": {found: whole, owner: "-e1700000000000.jpg", stays: true},
	} {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, shared)
			raw := picture(t, "jpeg")
			file := "leftover " + name + ".jpg"
			path := c.killNoted(t, file, raw)
			found := test.found(raw)
			if err := os.WriteFile(path, found, 0o644); err != nil {
				t.Fatal(err)
			}
			if test.owner != "" {
				php(t, shared, `wp_insert_attachment( array( 'post_mime_type' => 'image/jpeg' ), '%s' );`, strings.TrimSuffix(path, ".jpg")+test.owner)
			}
			m := c.upload(t, file, raw, nil).media(t, http.StatusCreated)
			requireOneImage(t, m)
			if kept := pathOf(m) != path; kept != test.stays {
				t.Errorf("kept: %t, want %t; the image is at %s", kept, test.stays, pathOf(m))
			}
			if test.stays {
				requireFile(t, path, found)
			}
		})
	}
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package plugin

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// media is the representation of an image.
type media struct {
	ID       int             `json:"id"`
	URL      string          `json:"url"`
	SHA256   string          `json:"sha256"`
	MIMEType string          `json:"mime_type"`
	Width    int             `json:"width"`
	Height   int             `json:"height"`
	Alt      string          `json:"alt"`
	Caption  string          `json:"caption"`
	Title    string          `json:"title"`
	Sizes    map[string]size `json:"sizes"`
}

// size is a smaller version of an image.
type size struct {
	URL    string `json:"url"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
}

// picture makes an image of a type that no other test has: 640 by 480 pixels, of which WordPress makes two smaller ones.
func picture(t *testing.T, kind string) []byte {
	t.Helper()
	out := php(t, shared, `$i = imagecreatetruecolor( 640, 480 );
		imagefill( $i, 0, 0, imagecolorallocate( $i, random_int( 0, 255 ), random_int( 0, 255 ), random_int( 0, 255 ) ) );
		for ( $n = 0; $n < 64; ++$n ) { imagesetpixel( $i, random_int( 0, 639 ), random_int( 0, 479 ), random_int( 0, 0xFFFFFF ) ); }
		ob_start(); image%s( $i ); echo base64_encode( ob_get_clean() );`, kind)
	raw, err := base64.StdEncoding.DecodeString(out)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// upload sends an image with texts.
func (c client) upload(t *testing.T, name string, raw []byte, texts map[string]string) answer {
	t.Helper()
	a, err := c.tryUpload(t.Context(), name, raw, texts)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// tryUpload is upload for goroutines, which may not end a test.
func (c client) tryUpload(ctx context.Context, name string, raw []byte, texts map[string]string) (answer, error) {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for field, text := range texts {
		if err := form.WriteField(field, text); err != nil {
			return answer{}, err
		}
	}
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		return answer{}, err
	}
	if _, err := part.Write(raw); err != nil {
		return answer{}, err
	}
	if err := form.Close(); err != nil {
		return answer{}, err
	}
	return c.set("Content-Type", form.FormDataContentType()).do(ctx, http.MethodPost, "/media", body.String())
}

// media reads the representation and requires the status.
func (a answer) media(t *testing.T, status int) media {
	t.Helper()
	if a.status != status {
		t.Fatalf("status %d, want %d: %s", a.status, status, a.body)
	}
	var m media
	a.decode(t, &m)
	return m
}

// requireOneImage fails unless a digest has exactly one attachment, with its file and two smaller ones on disk.
func requireOneImage(t *testing.T, m media) {
	t.Helper()
	if n := value(t, shared, "SELECT COUNT(*) FROM wp_posts WHERE post_content_filtered = 'urn:igny8-media:%s'", m.SHA256); n != "1" {
		t.Errorf("%s attachments, want 1", n)
	}
	path := pathOf(m)
	stem := strings.TrimSuffix(path, filepath.Ext(path))
	files, err := filepath.Glob(stem + "*")
	if err != nil || len(files) != 3 || len(m.Sizes) != 2 {
		t.Errorf("files %v, sizes %v: %v; want the image and two smaller ones", files, m.Sizes, err)
	}
}

// Every type that browsers show is taken, whatever its name says, and sent again it is the same image.
func TestMediaTypes(t *testing.T) {
	for kind, test := range map[string]struct{ mime, ending string }{
		"jpeg": {"image/jpeg", ".jpg"}, "png": {"image/png", ".png"}, "gif": {"image/gif", ".gif"}, "webp": {"image/webp", ".webp"},
	} {
		t.Run(kind, func(t *testing.T) {
			c := newClient(t, shared)
			raw := picture(t, kind)
			made := c.upload(t, "type-"+kind+".bmp", raw, map[string]string{"alt": `It's "alt" \ ü`, "caption": "C", "title": "T"}).media(t, http.StatusCreated)
			if made.MIMEType != test.mime || !strings.HasSuffix(made.URL, "type-"+kind+test.ending) || made.Width != 640 || made.Height != 480 {
				t.Errorf("%s of %d by %d at %s, want %s of 640 by 480", made.MIMEType, made.Width, made.Height, made.URL, test.mime)
			}
			if made.Alt != `It's "alt" \ ü` {
				t.Errorf("alt %q", made.Alt)
			}
			again := c.upload(t, "another.png", raw, nil).media(t, http.StatusOK)
			if diff := cmp.Diff(made, again); diff != "" {
				t.Errorf("the same bytes (-first +second):\n%s", diff)
			}
			requireOneImage(t, made)
		})
	}
}

// Wherever PHP is killed, the same bytes sent again are one attachment with all its sizes, and no file is left behind.
func TestMediaKilled(t *testing.T) {
	for name, test := range map[string]struct {
		hook   string
		status int
	}{
		"before the file is moved":      {"pre_move_uploaded_file", http.StatusCreated},
		"after it":                      {"wp_handle_upload", http.StatusCreated},
		"after the INSERT, before meta": {"update_post_metadata", http.StatusOK},
		"before the smaller sizes":      {"intermediate_image_sizes_advanced", http.StatusOK},
		"between them":                  {"image_make_intermediate_size", http.StatusOK},
		"between record and answer":     {"rest_request_after_callbacks", http.StatusOK},
	} {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, shared)
			raw, texts := picture(t, "jpeg"), map[string]string{"alt": "alt"}
			if a := c.set("X-Test-Kill", test.hook).upload(t, test.hook+".jpg", raw, texts); a.status != http.StatusBadGateway {
				t.Fatalf("status %d, want 502 from nginx: nobody was killed: %s", a.status, a.body)
			}
			m := c.upload(t, test.hook+".jpg", raw, texts).media(t, test.status)
			if m.Alt != "alt" {
				t.Errorf("alt %q", m.Alt)
			}
			requireOneImage(t, m)
		})
	}
}

// An image for whose sizes PHP dies each time is answered without them in the end.
func TestMediaThatKills(t *testing.T) {
	c := newClient(t, shared)
	raw := picture(t, "png")
	deadly := c.set("X-Test-Kill", "image_make_intermediate_size")
	for range 3 {
		if a := deadly.upload(t, "deadly.png", raw, nil); a.status != http.StatusBadGateway {
			t.Fatalf("status %d, want 502: %s", a.status, a.body)
		}
	}
	if m := deadly.upload(t, "deadly.png", raw, nil).media(t, http.StatusOK); m.Width != 640 {
		t.Errorf("width %d, want the image", m.Width)
	}
}

// 40 parallel uploads of four images make four attachments.
func TestMediaStorm(t *testing.T) {
	const images, repeats = 4, 10
	c := newClient(t, shared)
	raw := make([][]byte, images)
	for i := range raw {
		raw[i] = picture(t, "jpeg")
	}
	answers := inParallel(t, images*repeats, func(i int) (answer, error) {
		return c.tryUpload(t.Context(), fmt.Sprintf("storm-%d-.jpg", i%images), raw[i%images], nil)
	})
	created := map[string]int{}
	for _, a := range answers {
		switch {
		case a.status == http.StatusCreated:
			created[a.media(t, http.StatusCreated).SHA256]++
		case a.status != http.StatusOK:
			a.problem(t, "in-progress", http.StatusConflict)
		}
	}
	if len(created) != images {
		t.Errorf("created %v, want %d images, each once", created, images)
	}
	for i := range raw {
		requireOneImage(t, c.upload(t, "again.jpg", raw[i], nil).media(t, http.StatusOK))
	}
}

// An image that was deleted is made again; a lost table is filled from the attachments.
func TestMediaDeletedOrTableLost(t *testing.T) {
	c := newClient(t, shared)
	raw := picture(t, "jpeg")
	first := c.upload(t, "gone.jpg", raw, nil).media(t, http.StatusCreated)
	for name, lose := range map[string]string{
		"table": `Igny8_Bridge_Media_Table::drop(); update_option( Igny8_Bridge_Media_Table::OPTION, '1' );`, "table and note": `Igny8_Bridge_Media_Table::drop();`,
	} {
		php(t, shared, "%s", lose)
		if again := c.upload(t, "gone.jpg", raw, nil).media(t, http.StatusOK); again.ID != first.ID {
			t.Errorf("%s lost: attachment %d, want %d", name, again.ID, first.ID)
		}
	}
	last := first
	for range 4 { // More often than the smaller sizes of one attachment are tried.
		last = c.requireMadeAgain(t, "gone.jpg", raw, last)
	}
	php(t, shared, `wp_delete_attachment( %d, true );`, last.ID)
	foreign := picture(t, "jpeg")
	if other := c.upload(t, "gone.jpg", foreign, nil).media(t, http.StatusCreated); other.URL != last.URL {
		t.Fatalf("another image is at %s, want the name of the deleted one, %s", other.URL, last.URL)
	}
	if made := c.upload(t, "gone.jpg", raw, nil).media(t, http.StatusCreated); made.URL == last.URL || len(made.Sizes) != 2 {
		t.Errorf("the image is at %s, sizes %v; want a name of its own and two smaller ones", made.URL, made.Sizes)
	}
	requireFile(t, pathOf(last), foreign)
}

// Large files are taken as far as the site allows; what is none, or was changed on the way, is refused.
func TestMediaLimits(t *testing.T) {
	c := newClient(t, shared)
	raw := picture(t, "jpeg")
	large := append(bytes.Clone(raw), make([]byte, 30<<20)...)
	if m := c.upload(t, "large.jpg", large, nil).media(t, http.StatusCreated); m.Width != 640 {
		t.Errorf("width %d of a file of 30 MiB", m.Width)
	}
	small := c.set("X-Test-Code", `add_filter( 'upload_size_limit', function () { return 1000; } );`)
	small.upload(t, "large.jpg", raw, nil).problem(t, "too-large", http.StatusRequestEntityTooLarge)
	bomb := bytes.Replace(picture(t, "png"), []byte("\x00\x00\x02\x80\x00\x00\x01\xe0"), []byte("\x00\x00\xff\xff\x00\x00\xff\xff"), 1)
	c.upload(t, "bomb.png", bomb, nil).problem(t, "too-large", http.StatusRequestEntityTooLarge)
	p := c.upload(t, "x.jpg", raw, map[string]string{"sha256": strings.Repeat("0", 64)}).problem(t, "invalid-payload", http.StatusBadRequest)
	if len(p.Errors) != 1 || p.Errors[0].Field != "sha256" {
		t.Errorf("errors %v, want one of sha256", p.Errors)
	}
	c.upload(t, "x.jpg", raw, map[string]string{"colour": "red"}).problem(t, "invalid-payload", http.StatusBadRequest)
	runAs(t, shared, "contributor")
	c.upload(t, "x.jpg", raw, nil).problem(t, "forbidden", http.StatusForbidden)
}

// Names of files cannot reach out of their folder, run, or be too long.
func TestMediaNames(t *testing.T) {
	c := newClient(t, shared)
	for name, sent := range map[string]string{
		"path": `../../../wp-config.php`, "backslashes": `..\..\evil.php`, "two endings": "shell.php.jpg", "only an ending": ".htaccess", "nothing": " ",
		"long": strings.Repeat("x", 300) + ".jpg", "NUL and scripts": "a\u0001<script>.jpg", "unicode": "größe 漢字.jpg",
	} {
		t.Run(name, func(t *testing.T) {
			m := c.upload(t, sent, picture(t, "jpeg"), nil).media(t, http.StatusCreated)
			base := m.URL[strings.LastIndex(m.URL, "/")+1:]
			if strings.Count(base, ".") != 1 || !strings.HasSuffix(base, ".jpg") || len(base) > 170 || !strings.Contains(m.URL, "/wp-content/uploads/20") {
				t.Errorf("stored at %s", m.URL)
			}
		})
	}
	if _, err := os.Stat(filepath.Join(shared.Dir, "www", "wp-content", "uploads", ".htaccess")); !os.IsNotExist(err) {
		t.Errorf(".htaccess: %v", err)
	}
}

// A post shows its featured image and keeps its gallery, and both go when they are not sent any more.
func TestImagesOfAPost(t *testing.T) {
	c := newClient(t, shared)
	one := c.upload(t, "featured.jpg", picture(t, "jpeg"), nil).media(t, http.StatusCreated)
	two := c.upload(t, "gallery.jpg", picture(t, "jpeg"), nil).media(t, http.StatusCreated)
	made := c.publish(t, minimal("images").with(fields{"featured_image_id": one.ID, "gallery": []int{two.ID, one.ID}})).post(t, http.StatusCreated)
	gallery, err := json.Marshal([]int{two.ID, one.ID})
	if err != nil {
		t.Fatal(err)
	}
	requireMeta(t, made.ID, map[string]string{"_thumbnail_id": fmt.Sprintf("%q", itoa(one.ID)), "_igny8_gallery": string(gallery)})
	c.update(t, made.ID, minimal("images"), made.ContentHash).post(t, http.StatusOK)
	if left := meta(t, made.ID); left["_thumbnail_id"] != "" || left["_igny8_gallery"] != "" {
		t.Errorf("left are %s and %s", left["_thumbnail_id"], left["_igny8_gallery"])
	}
}

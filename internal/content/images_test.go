// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package content

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestImages(t *testing.T) {
	cases := map[string]struct {
		markup, why string
		want        []Image
	}{
		"OneImage":     {`<p><img src="https://h/a.jpg" alt="A &amp; B" title="T"></p>`, "entities are decoded", []Image{{"https://h/a.jpg", "A & B", "T"}}},
		"EachOnce":     {`<img src=https://h/a.jpg alt=1><IMG SRC='https://h/a.jpg#x' alt=2>`, "the first one's texts count, a fragment does not", []Image{{"https://h/a.jpg", "1", ""}}},
		"NoScheme":     {`<img src="//h/a.jpg">`, "as the browser would on a site with TLS", []Image{{"https://h/a.jpg", "", ""}}},
		"Relative":     {`<img src="/a.jpg"><img src="a.jpg"><img src=""><img>`, "only the site knows what they are", nil},
		"OtherSchemes": {`<img src="ftp://h/a.jpg"><img src="file:///etc/passwd"><img src="blob:x"><img src="cid:1"><img src="https://">`, "there is nothing to read", nil},
		"Data":         {`<img src="data:image/gif;base64,R0lGODlh"><img src="data:text/html,x">`, "images come with their bytes", []Image{{"data:image/gif;base64,R0lGODlh", "", ""}}},
		"Widths":       {`<img src="https://h/s.jpg" srcset="https://h/m,1.jpg 640w, https://h/l.jpg 1280w,https://h/t.jpg 320w">`, "the largest is what the site makes the others of", []Image{{"https://h/l.jpg", "", ""}}},
		"Densities":    {`<img src="https://h/s.jpg" srcset="https://h/s.jpg, https://h/l.jpg 2x">`, "it would be shown twice as large", []Image{{"https://h/s.jpg", "", ""}}},
		"RelativeSet":  {`<img src="https://h/s.jpg" srcset="l.jpg 1280w">`, "there is one that can be read", []Image{{"https://h/s.jpg", "", ""}}},
		"Lazy":         {`<img src="data:image/gif;base64,AA" data-src="https://h/a.jpg">`, "a placeholder is no picture", nil},
		"Picture":      {`<picture><source srcset="https://h/a.webp"><img src="https://h/a.jpg"></picture>`, "the image stands for all", []Image{{"https://h/a.jpg", "", ""}}},
		"NotShown":     {"<!-- <img src=https://h/a.jpg> --><script>'<img src=https://h/b.jpg>'</script><textarea><img src=https://h/c.jpg></textarea>&lt;img src=https://h/d.jpg>", "it is not an image", nil},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, Images(tc.markup)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.why, diff)
			}
		})
	}
}

// library has two images that were uploaded.
var library = map[string]LibraryImage{
	"https://cdn.example.com/a.jpg": {ID: 12, URL: "https://site.example.com/wp-content/uploads/a.jpg"},
	"https://cdn.example.com/b.jpg": {ID: 13, URL: "https://site.example.com/wp-content/uploads/b.jpg"},
}

func TestReplaceImages(t *testing.T) {
	const a, uploaded = `https://cdn.example.com/a.jpg`, `https://site.example.com/wp-content/uploads/a.jpg`
	cases := map[string]struct{ markup, want, why string }{
		"Plain":         {`<p>x<img src="` + a + `" alt="A"></p>`, `<p>x<img src="` + uploaded + `" alt="A" class="wp-image-12"></p>`, "the class names the attachment"},
		"KeepsSize":     {`<img class="wide wp-image-7" width=3 height=2 src="` + a + `"/>`, `<img src="` + uploaded + `" width="3" height="2" class="wide wp-image-12"/>`, "another site's attachment is none here"},
		"DropsSet":      {`<img srcset="` + a + ` 9w" sizes="1px" alt='"'>`, `<img src="` + uploaded + `" alt="&#34;" class="wp-image-12">`, "WordPress makes it of the class"},
		"Picture":       {`<picture class=p> <source srcset=x><source srcset=y><img src="` + a + `"></picture>!`, ` <img src="` + uploaded + `" class="wp-image-12">!`, "browsers would prefer the sources"},
		"OtherPicture":  {`<picture><source srcset=x><img src="https://h/o.jpg"></picture>`, `<picture><source srcset=x><img src="https://h/o.jpg"></picture>`, "it is not replaced"},
		"OpenPicture":   {`<picture><source srcset=x><img src="` + a + `">`, `<picture><source srcset=x><img src="` + uploaded + `" class="wp-image-12">`, "where it ends is anybody's guess"},
		"LeavesTheRest": {"<P  CLASS=x>&nbsp;\r\n<!-- c --><img src=other.jpg><br/></p><im", "<P  CLASS=x>&nbsp;\r\n<!-- c --><img src=other.jpg><br/></p><im", "byte for byte"},
		"BrokenBlock":   {`<!-- wp:image {"id":5 --><img src="` + a + `"><!-- /wp:image -->`, `<!-- wp:image {"id":5 --><img src="` + uploaded + `"><!-- /wp:image -->`, "what it says cannot be changed"},
		"ForeignBlock":  {`<!-- wp:acme/hero {"image":{"src":"` + a + `","n":1.50}} --><img src="` + a + `"><!-- /wp:acme/hero -->`, `<!-- wp:acme/hero {"image":{"n":1.50,"src":"` + uploaded + `"}} --><img src="` + uploaded + `"><!-- /wp:acme/hero -->`, "only the plugin knows which classes are right"},
		"AfterAVoid":    {`<!-- wp:acme/x {"a":1} /--><img src="` + a + `">`, `<!-- wp:acme/x {"a":1} /--><img src="` + uploaded + `" class="wp-image-12">`, "it holds nothing"},
		"AfterTheBlock": {`<!-- wp:core/image --><!-- /wp:core/image --><img src="` + a + `">`, `<!-- wp:core/image --><!-- /wp:core/image --><img src="` + uploaded + `" class="wp-image-12">`, "it stands in none"},
		"Backslashes":   {`<!-- wp:image {"className":"a\\"} --><img src="` + a + `"><!-- /wp:image -->`, `<!-- wp:image {"className":"a\u005c","id":12} --><img src="` + uploaded + `" class="wp-image-12"><!-- /wp:image -->`, "the quote after it is no part of the value"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, ReplaceImages(tc.markup, library)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.why, diff)
			}
		})
	}
}

// TestReplacedBlocksAreValid keeps what the editor's own packages have found
// valid: see make check-blocks.
func TestReplacedBlocksAreValid(t *testing.T) {
	path := filepath.Join("testdata", "blocks", "images.html")
	source, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	got, golden := ReplaceImages(string(source), library), path+".blocks.html"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("markup (-want +got):\n%s", diff)
	}
}

// FuzzReplaceImages: markup without our images stays byte for byte, replaced
// images are not found again, and nothing panics.
func FuzzReplaceImages(f *testing.F) {
	for _, name := range []string{"github.md", "editor.html", "images.html"} {
		source, err := os.ReadFile(filepath.Join("testdata", "blocks", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(source))
	}
	f.Add(`<picture><img srcset="a 1w,,https://cdn.example.com/a.jpg 2w" src=//h><!-- wp:image {"url":"//h"} -->`)
	f.Fuzz(func(t *testing.T, markup string) {
		if got := ReplaceImages(markup, map[string]LibraryImage{"https://none.example/": {ID: 1, URL: "https://x/"}}); got != markup {
			t.Errorf("changed to %q", got)
		}
		all := map[string]LibraryImage{}
		for i, image := range Images(markup) {
			all[image.Source] = LibraryImage{ID: int64(i + 1), URL: "https://site.example.com/uploads/x.jpg"}
		}
		for _, image := range Images(ReplaceImages(markup, all)) {
			if image.Source != "https://site.example.com/uploads/x.jpg" {
				t.Errorf("%q is still there", image.Source)
			}
		}
	})
}

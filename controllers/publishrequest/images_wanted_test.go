// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

func TestIsAtSite(t *testing.T) {
	integration := newIntegration(func(i *v1alpha1.WordPressIntegration) {
		i.Spec.SiteURL, i.Status.Site.HomeURL = "https://blog.example.com/", "https://www.example.com/blog"
	})
	cases := map[string]struct {
		address, why string
		want         bool
	}{
		"Upload":      {"https://blog.example.com/wp-content/uploads/a.jpg", "it is in the library", true},
		"OtherScheme": {"http://BLOG.example.com/a.jpg", "it is the same site", true},
		"Home":        {"https://www.example.com/blog/a.jpg", "the site's own address may be another", true},
		"Beside":      {"https://www.example.com/a.jpg", "something else is there", false},
		"LongerName":  {"https://blog.example.com.evil.example/a.jpg", "it is another host", false},
		"Elsewhere":   {"https://cdn.example.com/a.jpg", "it is another host", false},
		"Data":        {"data:image/png;base64,AA", "it is in the text", false},
	}
	for name, tc := range cases {
		if got := isAtSite(tc.address, integration); got != tc.want {
			t.Errorf("%s: %t, want %t: %s", name, got, tc.want, tc.why)
		}
	}
}

func TestDataBytes(t *testing.T) {
	cases := map[string]struct{ uri, want string }{
		"Base64":      {"data:image/png;base64,aGVsbG8=", "hello"},
		"Escaped":     {"DATA:image/png;BASE64,aGVs%0AbG8%3D", "hello"},
		"Plain":       {"data:image/png,hel%6Co", "hello"},
		"NoBytes":     {"data:image/png;base64", ""},
		"NotBase64":   {"data:image/png;base64,?", "error"},
		"NotAnEscape": {"data:image/png,%zz", "error"},
	}
	for name, tc := range cases {
		got, err := dataBytes(tc.uri)
		text := "error"
		if err == nil {
			text = string(got.Data)
		}
		if text != tc.want {
			t.Errorf("%s: %q (%v), want %q", name, text, err, tc.want)
		}
	}
}

func TestADataURIBecomesAnImageOfTheLibrary(t *testing.T) {
	h := newHarness(t, published(func(p *v1alpha1.PublishRequest) {
		p.Spec.Content.Inline = `<img src="data:image/png;base64,` + base64.StdEncoding.EncodeToString(picture(3)) + `">`
	}))
	h.call()
	request := h.expect("Ready=True/Published", "MediaReady=True/Succeeded")
	want := fmt.Sprintf(`<img src="%s" class="wp-image-%d">`, h.site.Media()[0].URL, h.site.Media()[0].ID)
	if got := h.site.Content(request.Status.Post.ID); got != want {
		t.Errorf("content %s, want %s", got, want)
	}
}

// TestMoreImagesThanAreUploaded: the featured one and the gallery go first, and
// the same name twice is two images.
func TestMoreImagesThanAreUploaded(t *testing.T) {
	images := newImageServer(t)
	h := newHarness(t, published(func(p *v1alpha1.PublishRequest) {
		p.Spec.FeaturedImage = images.featured("/f.png")
		p.Spec.Gallery = images.gallery("/gg.png")
		p.Spec.Gallery[0].Name = "featured"
		var b strings.Builder
		for i := range maxImages {
			fmt.Fprintf(&b, `<img src="%s/%03d.png">`, images.URL, i)
		}
		p.Spec.Content.Inline = b.String()
	}))
	h.call()
	request := h.expect("Ready=True/Published", "MediaReady=False/TooManyImages")
	names := map[string]bool{}
	for _, m := range request.Status.Media {
		names[m.Name] = true
	}
	if len(names) != maxImages || len(request.Status.Media) != maxImages {
		t.Errorf("%d images of %d names in the status, want %d", len(request.Status.Media), len(names), maxImages)
	}
	if got := strings.Count(h.site.Content(request.Status.Post.ID), images.URL); got != 2 {
		t.Errorf("%d images of the text stay where they are, want 2", got)
	}
	h.quiet("nothing more can be done")
}

func TestADigestTellsWhatIsMissing(t *testing.T) {
	wanted := []wantedImage{{name: "a", digest: "sha256:1"}, {name: "b", digest: "sha256:2"}}
	all := withImages("sha256:post", wanted)
	lacksA := withoutImages(all, []imageProblem{{name: "a"}})
	lacksB := withoutImages(all, []imageProblem{{name: "b"}})
	distinct := map[string]bool{"sha256:post": true, all: true, lacksA: true, lacksB: true}
	if len(distinct) != 4 || wantedDigest(lacksA) != all || wantedDigest(all) != all || withImages("sha256:post", nil) != "sha256:post" {
		t.Errorf("digests %v", distinct)
	}
	const longest = 128
	if len(lacksA) > longest {
		t.Errorf("%d characters, the status takes %d", len(lacksA), longest)
	}
}

// TestAPostWithImagesGoesAlone: others of a batch would wait for them.
func TestAPostWithImagesGoesAlone(t *testing.T) {
	images := newImageServer(t)
	s := newScope(published(func(p *v1alpha1.PublishRequest) { p.Spec.FeaturedImage = images.featured("/f.png") }), start)
	s.integration = newIntegration(func(*v1alpha1.WordPressIntegration) {})
	if got := s.maxBatch(); got != 1 {
		t.Errorf("shares a call with %d others, want none", got-1)
	}
}

func TestUploadLimit(t *testing.T) {
	cases := map[string]struct {
		limits v1alpha1.SiteLimits
		want   int64
	}{
		"Unknown":      {v1alpha1.SiteLimits{}, 20 << 20},
		"SmallUploads": {v1alpha1.SiteLimits{UploadBytes: 2 << 20, RequestBytes: 8 << 20}, 2 << 20},
		"SmallBodies":  {v1alpha1.SiteLimits{UploadBytes: 64 << 20, RequestBytes: 8 << 20}, 8<<20 - formBytes},
		"LargeSite":    {v1alpha1.SiteLimits{UploadBytes: 1 << 30, RequestBytes: 1 << 30}, 20 << 20},
	}
	for name, tc := range cases {
		integration := newIntegration(func(i *v1alpha1.WordPressIntegration) { i.Status.Site.Limits = tc.limits })
		if diff := cmp.Diff(tc.want, uploadLimit(integration)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestAConflictWithImagesIsOne: what was uploaded stays noted while a person
// decides.
func TestAConflictWithImagesIsOne(t *testing.T) {
	h, _ := newImageHarness(t, bare)
	h.call()
	request := h.get()
	h.site.Edit(request.Status.Post.ID, "<p>A person wrote this.</p>")
	h.change(func(p *v1alpha1.PublishRequest) {
		p.Spec.Title, p.Spec.ConflictPolicy = "Other", v1alpha1.ConflictPolicyManual
	})
	h.call()
	request = h.expect("Ready=False/Conflict", "MediaReady=True/Succeeded")
	if len(request.Status.Media) != 1 || h.site.CountCalls(http.MethodPost, "media") != 1 {
		t.Errorf("status.media %+v after %d uploads, want the one", request.Status.Media, h.uploadCalls())
	}
}

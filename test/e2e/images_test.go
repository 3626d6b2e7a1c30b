// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// withImages has a featured image, one of a gallery in a ConfigMap, and three in
// its text, of which one is the featured one again: a JPEG, a PNG, a WebP, and a
// GIF that is elsewhere now.
func (s *space) withImages(name string, images *imageServer) *v1alpha1.PublishRequest {
	request := s.request(name)
	request.Spec.FeaturedImage = v1alpha1.FeaturedImage{ImageDetails: images.details("/photo.jpg")}
	request.Spec.Gallery = []v1alpha1.GalleryImage{{Name: "drawing", ImageDetails: v1alpha1.ImageDetails{Source: v1alpha1.ImageSource{
		Type: v1alpha1.ImageSourceConfigMap, ConfigMap: v1alpha1.ConfigMapKeyReference{Name: "pictures", Key: "drawing.png"},
	}}}}
	request.Spec.Content.Inline = fmt.Sprintf("Some text.\n\n![A web picture](%[1]s/small.webp)\n\n![Moved](%[1]s/moved)\n\n![Again](%[1]s/photo.jpg)", images.URL)
	return request
}

func (s *space) createPictures(data []byte) *corev1.ConfigMap {
	configMap := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "pictures"}, BinaryData: map[string][]byte{"drawing.png": data}}
	s.create(configMap)
	return configMap
}

// mediaCalls counts the uploads that the site has answered.
func mediaCalls(t *testing.T) int {
	t.Helper()
	requests, err := site.RequestLog()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, r := range requests {
		if r.Method == http.MethodPost && strings.Contains(r.URI, "igny8/v1/media") {
			n++
		}
	}
	return n
}

// attachments counts the images of the media library, and ask answers a question
// about one in PHP.
func attachments(t *testing.T) int {
	t.Helper()
	rows, err := site.Query(t.Context(), "SELECT COUNT(*) FROM wp_posts WHERE post_type = 'attachment'")
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(rows[0][0])
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func ask(t *testing.T, code string, values ...any) string {
	t.Helper()
	answer, err := site.PHP(t.Context(), fmt.Sprintf(code, values...))
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// media finds what the status says of an image.
func media(t *testing.T, request *v1alpha1.PublishRequest, name string) v1alpha1.MediaStatus {
	t.Helper()
	for _, m := range request.Status.Media {
		if m.Name == name {
			return m
		}
	}
	t.Fatalf("status.media has no %q: %+v", name, request.Status.Media)
	return v1alpha1.MediaStatus{}
}

func TestImages(t *testing.T) {
	startManager(t)
	s := newSpace(t)
	s.connected()
	images := newImageServer(t)
	drawing := s.createPictures(images.unique("drawing.png"))
	count, uploads, calls, writes := attachments(t), mediaCalls(t), siteCalls(t), s.writes()["patch publishrequests/status"]

	s.create(s.withImages("hello", images))
	request := s.awaitRequest("hello", "Ready=True/Published", "MediaReady=True/Succeeded")
	s.checkHealth("PublishRequest", "hello", status.CurrentStatus)
	if a, u, c, w := attachments(t)-count, mediaCalls(t)-uploads, siteCalls(t)-calls, s.writes()["patch publishrequests/status"]-writes; a != 4 || u != 4 || c != 1 || w != 1 {
		t.Errorf("%d attachments, %d uploads, %d publishes, %d status writes; want 4, 4, 1, 1", a, u, c, w)
	}
	featured, gallery := media(t, request, "featured").AttachmentID, media(t, request, "drawing").AttachmentID
	got := ask(t, `$i = %[2]d; echo json_encode( array( get_post_thumbnail_id( %[1]d ), get_post_meta( %[1]d, '_igny8_gallery', true ),
		get_post_meta( $i, '_wp_attachment_image_alt', true ), get_post( $i )->post_excerpt, get_post( $i )->post_title ) );`, request.Status.Post.ID, featured)
	if want := fmt.Sprintf(`[%d,[%d],"An alt","A caption","A title"]`, featured, gallery); got != want {
		t.Errorf("thumbnail, gallery and texts are %s, want %s", got, want)
	}
	var kinds []string
	for _, m := range request.Status.Media {
		kinds = append(kinds, ask(t, `echo get_post_mime_type( %d );`, m.AttachmentID))
	}
	slices.Sort(kinds)
	if diff := cmp.Diff([]string{"image/gif", "image/jpeg", "image/png", "image/webp"}, slices.Compact(kinds)); diff != "" {
		t.Errorf("kinds of the library (-want +got):\n%s", diff)
	}
	checkImagesOfText(t, request, images)

	t.Run("TheSameImagesInOtherPosts", func(t *testing.T) {
		count := attachments(t)
		for _, name := range []string{"second", "third"} {
			s.create(s.withImages(name, images))
		}
		for _, name := range []string{"second", "third"} {
			other := s.awaitRequest(name, "Ready=True/Published", "MediaReady=True/Succeeded")
			if media(t, other, "featured").AttachmentID != featured {
				t.Errorf("%s has another attachment than the first post", name)
			}
		}
		if got := attachments(t); got != count {
			t.Errorf("%d attachments, want %d", got, count)
		}
	})
	t.Run("AnUpdateUploadsNothing", func(t *testing.T) {
		uploads, reads := mediaCalls(t), images.count()
		s.retitle(request, "changed")
		poll(t, func() (bool, string) { return s.posts(s.title("changed")) == 1, "not updated" })
		s.awaitRequest("hello", "Ready=True/Published", "MediaReady=True/Succeeded")
		if u, r := mediaCalls(t)-uploads, images.count()-reads; u != 0 || r != 0 {
			t.Errorf("%d uploads, %d reads; want none", u, r)
		}
	})
	t.Run("AConfigMapWithAnotherImage", func(t *testing.T) {
		uploads := mediaCalls(t)
		drawing.BinaryData["drawing.png"] = images.unique("drawing.png")
		if err := shared.Client.Update(t.Context(), drawing); err != nil {
			t.Fatal(err)
		}
		poll(t, func() (bool, string) {
			now := s.awaitRequest("hello", "Ready=True/Published", "MediaReady=True/Succeeded")
			id := media(t, now, "drawing").AttachmentID
			return id != gallery && ask(t, `echo json_encode( get_post_meta( %d, '_igny8_gallery', true ) );`, now.Status.Post.ID) == fmt.Sprintf("[%d]", id), "the old image is shown"
		})
		for _, name := range []string{"second", "third"} {
			poll(t, func() (bool, string) {
				return media(t, s.awaitRequest(name, "Ready=True/Published"), "drawing").AttachmentID != gallery, "the old image is shown"
			})
		}
		if got := mediaCalls(t) - uploads; got != 3 {
			t.Errorf("%d uploads, want one for each of the three posts", got)
		}
	})
}

// checkImagesOfText reads the page as a visitor does: its images are the
// library's, with smaller sizes, and nothing is loaded from where they came from.
func checkImagesOfText(t *testing.T, request *v1alpha1.PublishRequest, images *imageServer) {
	t.Helper()
	checkPage(t, request.Status.Post.URL, request.Spec.Title)
	content := ask(t, `echo get_post( %d )->post_content;`, request.Status.Post.ID)
	rendered := ask(t, `echo apply_filters( 'the_content', get_post( %d )->post_content );`, request.Status.Post.ID)
	if strings.Contains(content, images.URL) {
		t.Errorf("the text has images of elsewhere: %s", content)
	}
	photo := media(t, request, "featured")
	for text, where := range map[string]string{
		fmt.Sprintf(`<!-- wp:image {"id":%d} -->`, photo.AttachmentID): content,
		fmt.Sprintf(`src="%s"`, photo.URL):                             content,
		`alt="A web picture"`:                                          content,
		"srcset=":                                                      rendered,
	} {
		if !strings.Contains(where, text) {
			t.Errorf("%q is missing in %s", text, where)
		}
	}
}

func TestBrokenImages(t *testing.T) {
	startManager(t)
	s := newSpace(t)
	s.connected()
	images := newImageServer(t)
	cases := map[string]struct{ path, reason, message string }{
		"svg":     {"/drawing.svg", v1alpha1.ReasonImageUnsupported, "/drawing.svg is SVG"},
		"html":    {"/page.jpg", v1alpha1.ReasonImageUnsupported, "is a page of HTML"},
		"empty":   {"/empty.png", v1alpha1.ReasonImageUnsupported, "is empty"},
		"missing": {"/missing.png", v1alpha1.ReasonSourceNotFound, "there is nothing"},
		"huge":    {"/huge.png", v1alpha1.ReasonSourceTooLarge, "make it smaller"},
		"bomb":    {"/bomb.png", v1alpha1.ReasonImageTooLarge, "30000 by 30000 pixels"},
		"slow":    {"/slow.png", v1alpha1.ReasonTimeout, "was not read in time"},
	}
	for name, tc := range cases {
		request := s.request(name)
		request.Spec.FeaturedImage = v1alpha1.FeaturedImage{ImageDetails: images.details(tc.path)}
		s.create(request)
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			request := s.awaitRequest(name, "Ready=True/Published", "Published=True/Published", "MediaReady=False/"+tc.reason)
			if got := show(request.Status.Conditions); !strings.Contains(got, `"featured": `) || !strings.Contains(got, tc.message) {
				t.Errorf("conditions %s, want the image and %q", got, tc.message)
			}
			s.checkHealth("PublishRequest", name, status.CurrentStatus)
			if got := s.posts(s.title(name)); got != 1 {
				t.Errorf("%d posts, want 1", got)
			}
		})
	}
}

func TestUploadRequired(t *testing.T) {
	startManager(t)
	s := newSpace(t)
	s.connected()
	images := newImageServer(t)
	request := s.request("hello")
	request.Spec.ImagePolicy = v1alpha1.ImagePolicyUploadRequired
	request.Spec.FeaturedImage = v1alpha1.FeaturedImage{ImageDetails: images.details("/later.png")}
	s.create(request)
	s.awaitRequest("hello", "Ready=False/RetriesExhausted", "Stalled=True/RetriesExhausted", "MediaReady=False/SourceNotFound")
	s.checkHealth("PublishRequest", "hello", status.FailedStatus)
	if got := s.posts(s.title("hello")); got != 0 {
		t.Errorf("%d posts, want none", got)
	}
	images.publish("/later.png")
	s.annotate(request, v1alpha1.AnnotationRetryRequestedAt, "now")
	s.awaitRequest("hello", "Ready=True/Published", "MediaReady=True/Succeeded")
}

// TestAKillBetweenUploadAndPost kills the manager when the first image is at the
// site, and the second is still being read.
func TestAKillBetweenUploadAndPost(t *testing.T) {
	manager := startManager(t)
	s := newSpace(t)
	s.connected()
	images := newImageServer(t)
	count := attachments(t)
	request := s.request("hello")
	request.Spec.FeaturedImage = v1alpha1.FeaturedImage{ImageDetails: images.details("/first.png")}
	request.Spec.Content.Inline = fmt.Sprintf("![held](%s/held.png)", images.URL)
	images.publish("/first.png")
	s.create(request)
	images.awaitHeld(t)
	if err := manager.Kill(); err != nil {
		t.Fatal(err)
	}
	if got := []int{attachments(t) - count, s.posts(s.title("hello"))}; !cmp.Equal(got, []int{1, 0}) {
		t.Fatalf("%v attachments and posts, want the kill between them", got)
	}
	images.publish("/held.png")
	restart(t)
	got := s.awaitRequest("hello", "Ready=True/Published", "MediaReady=True/Succeeded")
	if a, p := attachments(t)-count, s.posts(s.title("hello")); a != 2 || p != 1 || len(got.Status.Media) != 2 {
		t.Errorf("%d attachments, %d posts; want 2, 1", a, p)
	}
}

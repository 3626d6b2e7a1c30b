// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

// newImageHarness has a request with a featured image, a gallery of one that is
// the same as one in the text, and another in the text.
func newImageHarness(t *testing.T, change func(*v1alpha1.PublishRequest, *imageServer)) (*harness, *imageServer) {
	t.Helper()
	images := newImageServer(t)
	return newHarness(t, published(func(p *v1alpha1.PublishRequest) {
		p.Spec.FeaturedImage = images.featured("/f.png")
		p.Spec.Gallery = images.gallery("/gg.png")
		p.Spec.Content.Inline = fmt.Sprintf(`<p>x <img src="%[1]s/ttt.png" srcset="y 2x" alt="T"> <img src="%[1]s/gg.png"></p>`, images.URL)
		if change != nil {
			change(p, images)
		}
	})), images
}

// bare has no images but the featured one.
func bare(p *v1alpha1.PublishRequest, _ *imageServer) {
	p.Spec.Gallery, p.Spec.Content.Inline = nil, "<p>x</p>"
}

// uploadCalls counts the uploads so far.
func (h *harness) uploadCalls() int { return h.site.CountCalls(http.MethodPost, "media") }

func TestImagesAreUploadedOnceAndShown(t *testing.T) {
	h, images := newImageHarness(t, nil)
	h.call()
	request := h.expect("Ready=True/Published", "Published=True/Published", "MediaReady=True/Succeeded")
	media, post := h.site.Media(), h.site.Posts()[0]
	if len(media) != 3 || h.uploadCalls() != 3 || len(h.site.Calls()) != 4 || images.count() != 3 || h.writes != 1 || len(h.recorder.Events) != 1 {
		t.Errorf("%d images, %d uploads of %d calls, %d reads, %d writes, %d events; want 3, 3 of 4, 3, 1, 1",
			len(media), h.uploadCalls(), len(h.site.Calls()), images.count(), h.writes, len(h.recorder.Events))
	}
	if featured, gallery := h.site.Images(post.ID); featured != media[0].ID || !cmp.Equal(gallery, []int64{media[1].ID}) {
		t.Errorf("featured %d, gallery %v; want those of %+v", featured, gallery, media)
	}
	want := fmt.Sprintf(`<p>x <img src="%s" alt="T" class="wp-image-%d"> <img src="%s" class="wp-image-%d"></p>`, media[2].URL, media[2].ID, media[1].URL, media[1].ID)
	if diff := cmp.Diff(want, h.site.Content(post.ID)); diff != "" {
		t.Errorf("content (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"An alt", "A caption", "A title"}, []string{media[0].Alt, media[0].Caption, media[0].Title}); diff != "" {
		t.Errorf("texts (-want +got):\n%s", diff)
	}
	if got := request.Status.Media; len(got) != 4 || got[0].Name != "featured" || got[0].SHA256 != media[0].SHA256 || got[0].URL != media[0].URL || got[1].AttachmentID != got[3].AttachmentID {
		t.Errorf("status.media %+v, want featured, gallery and two of the text", got)
	}
	h.quiet("all there")
	t.Run("AnUpdateBringsNoneAgain", func(t *testing.T) {
		h.retitle("Other")
		h.call()
		h.expect("Ready=True/Published", "MediaReady=True/Succeeded")
		if len(h.site.Calls()) != 5 || images.count() != 3 {
			t.Errorf("%d calls, %d reads; want one call more and no read", len(h.site.Calls()), images.count())
		}
		h.checkHealth(status.CurrentStatus)
	})
	t.Run("ANewImageIsTheOnlyOne", func(t *testing.T) {
		h.change(func(p *v1alpha1.PublishRequest) { p.Spec.FeaturedImage.Source.URL += "xyz" })
		h.call()
		if h.uploadCalls() != 4 || images.count() != 4 || len(h.site.Calls()) != 7 {
			t.Errorf("%d uploads, %d reads, %d calls; want 4, 4, 7", h.uploadCalls(), images.count(), len(h.site.Calls()))
		}
	})
	t.Run("NoImagesAnyMore", func(t *testing.T) {
		h.change(func(p *v1alpha1.PublishRequest) {
			p.Spec.FeaturedImage, p.Spec.Gallery, p.Spec.Content.Inline = v1alpha1.FeaturedImage{}, nil, "<p>x</p>"
		})
		h.call()
		request := h.expect("Ready=True/Published")
		if featured, gallery := h.site.Images(post.ID); featured != 0 || gallery != nil || len(request.Status.Media) != 0 || has(request.Status.Conditions, "MediaReady=True/Succeeded") {
			t.Errorf("featured %d, gallery %v, status %+v; want none", featured, gallery, request.Status)
		}
		h.checkHealth(status.CurrentStatus)
	})
}

// TestABrokenImageDoesNotLoseThePost: what is wrong is said, and what may pass is
// looked for again, a few times.
func TestABrokenImageDoesNotLoseThePost(t *testing.T) {
	cases := map[string]struct {
		why, want, message string
		broken             func(*imageServer)
		reads              int
	}{
		"NotThere":    {"it may yet come", "MediaReady=False/SourceNotFound", "/f.png: there is nothing", func(s *imageServer) { s.fail("/f.png", http.StatusNotFound) }, 3},
		"Outage":      {"it may pass", "MediaReady=False/ServerError", "HTTP 502", func(s *imageServer) { s.fail("/f.png", http.StatusBadGateway) }, 3},
		"SVG":         {"it stays what it is", "MediaReady=False/ImageUnsupported", "/f.png is SVG", func(s *imageServer) { s.serve("/f.png", "<svg/>") }, 1},
		"HTML":        {"it says that it is an image", "MediaReady=False/ImageUnsupported", "is a page of HTML", func(s *imageServer) { s.serve("/f.png", "<!DOCTYPE html>") }, 1},
		"Empty":       {"there are no bytes", "MediaReady=False/ImageUnsupported", "is empty", func(s *imageServer) { s.bytes["/f.png"] = []byte{} }, 1},
		"TooLarge":    {"the site takes less", "MediaReady=False/SourceTooLarge", "make it smaller", func(s *imageServer) { s.serve("/f.png", string(picture(1))+strings.Repeat(" ", 2<<20)) }, 1},
		"SiteRefuses": {"only the site knows why", "MediaReady=False/ImageRejected", "is refused", func(s *imageServer) { s.serve("/f.png", string(avif)) }, 1},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			h, images := newImageHarness(t, bare)
			h.limit(1 << 20)
			tc.broken(images)
			h.call()
			request := h.expect("Ready=True/Published", "Published=True/Published", tc.want)
			if got := request.Status.Conditions; !strings.Contains(show(got), `1 of 1 images missing: "featured": `) || !strings.Contains(show(got), tc.message) {
				t.Errorf("%s: conditions %s, want the image and %q", tc.why, show(got), tc.message)
			}
			h.checkHealth(status.CurrentStatus)
			for range 5 {
				h.clock.Step(time.Hour)
				if h.get().Status.Attempts.NextTime.IsZero() {
					h.quiet(tc.why)
					continue
				}
				h.call()
			}
			if posts := h.site.CountCalls(http.MethodPost, "publish"); images.count() != tc.reads || posts != 1 || len(h.recorder.Events) != 1 {
				t.Errorf("%s: %d reads, %d publishes, %d events; want %d, 1, 1", tc.why, images.count(), posts, len(h.recorder.Events), tc.reads)
			}
		})
	}
}

// avif is the beginning of an image that the fake site does not take.
var avif = []byte("\x00\x00\x00\x10ftypavif\x00\x00\x00\x00" +
	"\x00\x00\x00\x38meta\x00\x00\x00\x00" + "\x00\x00\x00\x2ciprp" + "\x00\x00\x00\x24ipco" +
	"\x00\x00\x00\x14ispe\x00\x00\x00\x00\x00\x00\x00\x07\x00\x00\x00\x05" + "\x00\x00\x00\x08free")

// limit sets what the site takes, in bytes.
func (h *harness) limit(bytes int64) {
	h.t.Helper()
	integration := &v1alpha1.WordPressIntegration{}
	if err := h.client.Get(h.t.Context(), types.NamespacedName{Namespace: "team", Name: "blog"}, integration); err != nil {
		h.t.Fatal(err)
	}
	integration.Status.Site.Limits.UploadBytes = bytes
	if err := h.client.Status().Update(h.t.Context(), integration); err != nil {
		h.t.Fatal(err)
	}
}

func TestAnImageThatComesLaterIsAnUpdate(t *testing.T) {
	h, images := newImageHarness(t, nil)
	images.fail("/f.png", http.StatusServiceUnavailable)
	if got := h.call(); got.RequeueAfter != time.Minute {
		t.Errorf("looks again after %s, want a minute", got.RequeueAfter)
	}
	request := h.expect("Ready=True/Published", "MediaReady=False/ServerError", "Synced=True/Succeeded")
	if featured, gallery := h.site.Images(request.Status.Post.ID); featured != 0 || len(gallery) != 1 {
		t.Errorf("featured %d, gallery %v; want the others", featured, gallery)
	}
	h.clock.Step(30 * time.Second)
	if got := h.quiet("not yet"); got.RequeueAfter != 30*time.Second {
		t.Errorf("looks again after %s, want the rest of the minute", got.RequeueAfter)
	}
	h.clock.Step(30 * time.Second)
	calls, reads := len(h.site.Calls()), images.count()
	if got := h.call(); got.RequeueAfter != 2*time.Minute || len(h.site.Calls()) != calls || images.count() != reads+1 {
		t.Errorf("looks again after %s, with %d calls and %d reads; want 2m, none and one", got.RequeueAfter, len(h.site.Calls())-calls, images.count()-reads)
	}
	h.connect(metav1.ConditionFalse, v1alpha1.ReasonTimeout)
	h.clock.Step(2 * time.Minute)
	h.quiet("a site that is not well does not make the post not Ready")
	h.connect(metav1.ConditionTrue, v1alpha1.ReasonConnected)
	images.fail("/f.png", 0)
	h.call()
	request = h.expect("Ready=True/Published", "MediaReady=True/Succeeded")
	if featured, _ := h.site.Images(request.Status.Post.ID); featured == 0 || h.site.CountCalls(http.MethodPut, fmt.Sprintf("publish/%d", request.Status.Post.ID)) != 1 {
		t.Errorf("featured %d, want it there after one update", featured)
	}
	h.checkHealth(status.CurrentStatus)
	h.quiet("all there")
}

func TestUploadRequiredPublishesNothingWithout(t *testing.T) {
	required := func(p *v1alpha1.PublishRequest, _ *imageServer) {
		p.Spec.ImagePolicy = v1alpha1.ImagePolicyUploadRequired
	}
	t.Run("WaitsThenGivesUp", func(t *testing.T) {
		h, images := newImageHarness(t, required)
		images.fail("/ttt.png", http.StatusNotFound)
		for _, step := range []time.Duration{time.Minute, 2 * time.Minute} {
			h.call()
			h.expect("Ready=False/SourceNotFound", "MediaReady=False/SourceNotFound", "Reconciling=True/ProgressingWithRetry")
			h.checkHealth(status.InProgressStatus)
			h.quiet("not yet")
			h.clock.Step(step)
		}
		h.call()
		h.expect("Ready=False/RetriesExhausted", "Stalled=True/RetriesExhausted", "MediaReady=False/SourceNotFound")
		h.clock.Step(24 * time.Hour)
		h.quiet("gave up")
		if len(h.site.Posts()) != 0 || h.uploadCalls() != 2 {
			t.Errorf("%d posts, %d uploads; want none, and the other two once", len(h.site.Posts()), h.uploadCalls())
		}
		images.fail("/ttt.png", 0)
		h.annotate(v1alpha1.AnnotationRetryRequestedAt, "now")
		h.call()
		h.expect("Ready=True/Published", "MediaReady=True/Succeeded")
		if h.uploadCalls() != 3 {
			t.Errorf("%d uploads, want one more", h.uploadCalls())
		}
	})
	t.Run("StallsAtOnce", func(t *testing.T) {
		h, images := newImageHarness(t, required)
		images.serve("/f.png", "<svg/>")
		h.call()
		h.expect("Ready=False/ImageUnsupported", "Stalled=True/ImageUnsupported", "MediaReady=False/ImageUnsupported")
		h.checkHealth(status.FailedStatus)
		h.quiet("a person has to help")
	})
}

func TestReferenceLeavesImagesWhereTheyAre(t *testing.T) {
	h, images := newImageHarness(t, func(p *v1alpha1.PublishRequest, _ *imageServer) { p.Spec.ImagePolicy = v1alpha1.ImagePolicyReference })
	h.call()
	request := h.expect("Ready=True/Published", "MediaReady=False/ImageNotUploaded")
	if content := h.site.Content(request.Status.Post.ID); content != request.Spec.Content.Inline || images.count() != 0 || h.uploadCalls() != 0 {
		t.Errorf("content %q after %d reads and %d uploads, want it as it was", content, images.count(), h.uploadCalls())
	}
	h.quiet("nothing can be done")
	h.change(func(p *v1alpha1.PublishRequest) { p.Spec.FeaturedImage, p.Spec.Gallery = v1alpha1.FeaturedImage{}, nil })
	h.call()
	if request := h.expect("Ready=True/Published"); has(request.Status.Conditions, "MediaReady=False/ImageNotUploaded") {
		t.Error("MediaReady is still there, and there are no images to upload")
	}
	h.checkHealth(status.CurrentStatus)
}

// TestACrashBetweenUploadAndPost: the image is there already, and is the same one.
func TestACrashBetweenUploadAndPost(t *testing.T) {
	h, _ := newImageHarness(t, bare)
	h.site.SetHook(func(r *http.Request) wordpresstest.Fault {
		if strings.HasSuffix(r.URL.Path, "/publish") {
			return wordpresstest.Fault{Drop: true}
		}
		return wordpresstest.Fault{}
	})
	h.crash()
	if len(h.site.Media()) != 1 || len(h.site.Posts()) != 0 {
		t.Fatalf("%d images, %d posts; want the crash between them", len(h.site.Media()), len(h.site.Posts()))
	}
	h.site.SetHook(nil)
	h.call()
	request := h.expect("Ready=True/Published", "MediaReady=True/Succeeded")
	if featured, _ := h.site.Images(request.Status.Post.ID); len(h.site.Media()) != 1 || featured != h.site.Media()[0].ID {
		t.Errorf("featured %d of %+v, want the one that was there", featured, h.site.Media())
	}
}

// TestACrashBehindAPostWithoutItsImage: the next call has the image, and finds the
// post of the one before, which lacks it.
func TestACrashBehindAPostWithoutItsImage(t *testing.T) {
	h, images := newImageHarness(t, bare)
	images.fail("/f.png", http.StatusServiceUnavailable)
	h.crash()
	images.fail("/f.png", 0)
	h.call()
	h.converge()
	request := h.expect("Ready=True/Published", "MediaReady=True/Succeeded")
	if featured, _ := h.site.Images(request.Status.Post.ID); featured == 0 || len(h.site.Posts()) != 1 {
		t.Errorf("featured %d, %d posts; want it in the one post", featured, len(h.site.Posts()))
	}
}

func TestImagesAreKeptOverAFailedPublish(t *testing.T) {
	h, images := newImageHarness(t, nil)
	h.site.SetHook(func(r *http.Request) wordpresstest.Fault {
		if strings.HasSuffix(r.URL.Path, "/publish") {
			return wordpresstest.Fault{Answer: &wordpresstest.Answer{Status: http.StatusBadGateway}}
		}
		return wordpresstest.Fault{}
	})
	h.call()
	if request := h.expect("Ready=False/ServerError"); len(request.Status.Media) != 4 {
		t.Errorf("status.media %+v, want what is at the site", request.Status.Media)
	}
	h.site.SetHook(nil)
	h.clock.Step(time.Minute)
	h.call()
	h.expect("Ready=True/Published", "MediaReady=True/Succeeded")
	if h.uploadCalls() != 3 || images.count() != 3 {
		t.Errorf("%d uploads, %d reads; want each image once", h.uploadCalls(), images.count())
	}
}

func TestASiteThatFailsWhileUploadingFailsTheCall(t *testing.T) {
	cases := map[string]struct {
		fault wordpresstest.Fault
		want  []string
	}{
		"Unauthorised": {wordpresstest.Fault{Answer: wordpresstest.Problem(http.StatusUnauthorized, "key-unknown", "x")}, []string{"Ready=False/CredentialsRefused"}},
		"Overloaded":   {wordpresstest.Fault{Answer: &wordpresstest.Answer{Status: http.StatusServiceUnavailable}}, []string{"Ready=False/ServerError"}},
		"GoneAway":     {wordpresstest.Fault{Drop: true}, []string{"Ready=False/ConnectionFailed"}},
		"InProgress":   {wordpresstest.Fault{Answer: wordpresstest.Problem(http.StatusConflict, "in-progress", "x")}, []string{"Ready=False/InProgress"}},
		"MayNot":       {wordpresstest.Fault{Answer: wordpresstest.Problem(http.StatusForbidden, "forbidden", "x")}, []string{"Ready=True/Published", "MediaReady=False/Forbidden"}},
		"FarTooLarge":  {wordpresstest.Fault{Answer: &wordpresstest.Answer{Status: http.StatusRequestEntityTooLarge, Body: "nginx"}}, []string{"Ready=True/Published", "MediaReady=False/ImageRejected"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			h, _ := newImageHarness(t, nil)
			h.site.SetHook(func(r *http.Request) wordpresstest.Fault {
				if strings.HasSuffix(r.URL.Path, "/media") {
					return tc.fault
				}
				return wordpresstest.Fault{}
			})
			h.call()
			h.expect(tc.want...)
			h.site.SetHook(nil)
			h.Release("uid-blog") // as the integration does when it finds the site well
			h.annotate(v1alpha1.AnnotationRetryRequestedAt, "now")
			h.call()
			h.expect("Ready=True/Published", "MediaReady=True/Succeeded")
			if len(h.site.Media()) != 3 || len(h.site.Posts()) != 1 {
				t.Errorf("%d images, %d posts; want 3, 1", len(h.site.Media()), len(h.site.Posts()))
			}
		})
	}
}

// TestALostAttachmentIsUploadedAgain: somebody has emptied the media library.
func TestALostAttachmentIsUploadedAgain(t *testing.T) {
	h, _ := newImageHarness(t, bare)
	h.call()
	lost := h.get().Status.Media[0].AttachmentID
	h.site.DeleteMedia(lost)
	h.retitle("Other")
	h.call()
	h.converge()
	request := h.expect("Ready=True/Published", "MediaReady=True/Succeeded")
	if featured, _ := h.site.Images(request.Status.Post.ID); featured == lost || featured != request.Status.Media[0].AttachmentID {
		t.Errorf("featured %d, want another than %d", featured, lost)
	}
}

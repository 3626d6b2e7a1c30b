// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/fetch"
)

func pictures(data []byte) *corev1.ConfigMap {
	return &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: "team", Name: "pictures"}, BinaryData: map[string][]byte{"hero.png": data}}
}

// fromConfigMap is a request with its featured image in a ConfigMap.
func fromConfigMap(change func(*v1alpha1.PublishRequest)) *v1alpha1.PublishRequest {
	return published(func(p *v1alpha1.PublishRequest) {
		p.Spec.FeaturedImage.Source = v1alpha1.ImageSource{
			Type: v1alpha1.ImageSourceConfigMap, ConfigMap: v1alpha1.ConfigMapKeyReference{Name: "pictures", Key: "hero.png"},
		}
		if change != nil {
			change(p)
		}
	})
}

func (h *harness) put(change func(*corev1.ConfigMap)) {
	h.t.Helper()
	configMap := &corev1.ConfigMap{}
	if err := h.client.Get(h.t.Context(), client.ObjectKey{Namespace: "team", Name: "pictures"}, configMap); err != nil {
		h.t.Fatal(err)
	}
	change(configMap)
	if err := h.client.Update(h.t.Context(), configMap); err != nil {
		h.t.Fatal(err)
	}
}

func TestAnImageOfAConfigMap(t *testing.T) {
	h := newHarness(t, fromConfigMap(nil), pictures(picture(3)))
	h.call()
	request := h.expect("Ready=True/Published", "MediaReady=True/Succeeded")
	if requests := h.requestsOfConfigMap(t.Context(), pictures(nil)); len(requests) != 1 || request.Status.Source.ImagesVersion == "" {
		t.Errorf("the ConfigMap wakes %v, status.source %+v", requests, request.Status.Source)
	}
	h.quiet("all there")
	t.Run("ALabelIsNoOtherImage", func(t *testing.T) {
		h.put(func(c *corev1.ConfigMap) { c.Labels = map[string]string{"a": "b"} })
		calls := len(h.site.Calls())
		h.call()
		if len(h.site.Calls()) != calls {
			t.Errorf("%d calls, want none", len(h.site.Calls())-calls)
		}
		h.quiet("noted")
	})
	t.Run("OtherBytesAre", func(t *testing.T) {
		h.put(func(c *corev1.ConfigMap) { c.BinaryData["hero.png"] = picture(4) })
		h.call()
		h.expect("Ready=True/Published", "MediaReady=True/Succeeded")
		if h.uploadCalls() != 2 || len(h.site.Media()) != 2 {
			t.Errorf("%d uploads, %d images; want 2 of each", h.uploadCalls(), len(h.site.Media()))
		}
	})
	t.Run("WhatWasPublishedStays", func(t *testing.T) {
		if err := h.client.Delete(t.Context(), pictures(nil)); err != nil {
			t.Fatal(err)
		}
		h.quiet("the image is at the site")
		h.retitle("Other")
		h.call()
		request := h.expect("Ready=True/Published", "MediaReady=True/Succeeded")
		if featured, _ := h.site.Images(request.Status.Post.ID); featured != h.site.Media()[1].ID {
			t.Errorf("featured %d, want the one uploaded", featured)
		}
		h.quiet("nothing to do")
	})
}

func TestAnImageOfAConfigMapThatIsYetToCome(t *testing.T) {
	t.Run("Upload", func(t *testing.T) {
		h := newHarness(t, fromConfigMap(nil))
		h.call()
		h.expect("Ready=True/Published", "MediaReady=False/ConfigMapNotFound")
		h.quiet("its creation wakes the request")
		if err := h.client.Create(t.Context(), pictures(picture(3))); err != nil {
			t.Fatal(err)
		}
		h.call()
		request := h.expect("Ready=True/Published", "MediaReady=True/Succeeded")
		if featured, _ := h.site.Images(request.Status.Post.ID); featured == 0 {
			t.Error("the image is not shown")
		}
		h.quiet("all there")
	})
	t.Run("UploadRequired", func(t *testing.T) {
		h := newHarness(t, fromConfigMap(func(p *v1alpha1.PublishRequest) { p.Spec.ImagePolicy = v1alpha1.ImagePolicyUploadRequired }))
		h.call()
		h.expect("Ready=False/ConfigMapNotFound", "MediaReady=False/ConfigMapNotFound", "Reconciling=True/ProgressingWithRetry")
		h.quiet("its creation wakes the request")
		if err := h.client.Create(t.Context(), pictures(picture(3))); err != nil {
			t.Fatal(err)
		}
		h.call()
		h.expect("Ready=True/Published", "MediaReady=True/Succeeded")
		if got := h.site.CountCalls(http.MethodPost, "publish"); got != 1 {
			t.Errorf("%d publishes, want one", got)
		}
	})
}

// TestAnImageThatChangesBeforeItIsRead: the call was prepared for other bytes, and
// what it would write says so of the site.
func TestAnImageThatChangesBeforeItIsRead(t *testing.T) {
	h := newHarness(t, fromConfigMap(func(p *v1alpha1.PublishRequest) {
		p.Spec.Gallery = []v1alpha1.GalleryImage{{Name: "second", ImageDetails: v1alpha1.ImageDetails{Source: v1alpha1.ImageSource{
			Type: v1alpha1.ImageSourceConfigMap, ConfigMap: v1alpha1.ConfigMapKeyReference{Name: "pictures", Key: "second.png"},
		}}}}
	}), &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{Namespace: "team", Name: "pictures"},
		BinaryData: map[string][]byte{"hero.png": picture(3), "second.png": picture(4)},
	})
	h.duringUpload(1, func() { h.put(func(c *corev1.ConfigMap) { c.BinaryData["second.png"] = picture(5) }) })
	h.reconcile()
	h.awaitCall()
	if len(h.site.Posts()) != 0 || h.uploadCalls() != 1 {
		t.Errorf("%d posts, %d uploads; want none, and the first image", len(h.site.Posts()), h.uploadCalls())
	}
	h.call()
	request := h.expect("Ready=True/Published", "MediaReady=True/Succeeded")
	want := (&fetch.Bytes{Data: picture(5)}).Digest()
	if got := request.Status.Media[1].SourceDigest; got != want || len(h.site.Media()) != 2 {
		t.Errorf("second image %s of %d, want %s of 2", got, len(h.site.Media()), want)
	}
	h.quiet("all there")
}

// TestImagesOfConfigMapsAreNotKept: what identifies an image is its digest.
func TestImagesOfConfigMapsAreNotKept(t *testing.T) {
	h := newIdleHarness(t, fromConfigMap(nil), pictures(picture(3)))
	request := h.get()
	wanted, err := h.wantImages(t.Context(), request, h.integration(), "")
	if err != nil {
		t.Fatal(err)
	}
	source := request.Spec.FeaturedImage.Source
	want := []wantedImage{{name: "featured", source: source, digest: (&fetch.Bytes{Data: picture(3)}).Digest(), reference: refDigest(&source)}}
	if diff := cmp.Diff(want, wanted, cmp.AllowUnexported(wantedImage{})); diff != "" {
		t.Errorf("wanted images (-want +got):\n%s", diff)
	}
}

// TestAChangedReferenceIsAnotherImage: what was uploaded from one ConfigMap says
// nothing about another one that does not exist.
func TestAChangedReferenceIsAnotherImage(t *testing.T) {
	refer := func(name, key string) func(*v1alpha1.PublishRequest) {
		return func(p *v1alpha1.PublishRequest) {
			p.Spec.FeaturedImage.Source.ConfigMap = v1alpha1.ConfigMapKeyReference{Name: name, Key: key}
		}
	}
	retitle := func(p *v1alpha1.PublishRequest) { p.Spec.Title = "Other" }
	forget := func(p *v1alpha1.PublishRequest) { p.Status.Media[0].RefDigest = "" }
	cases := map[string]struct {
		reason string
		change func(*v1alpha1.PublishRequest)
		status func(*v1alpha1.PublishRequest)
		want   string
	}{
		"OtherConfigMap": {"it has never been there", refer("others", "hero.png"), nil, "MediaReady=False/ConfigMapNotFound"},
		"OtherKey":       {"nor has the key", refer("pictures", "other.png"), nil, "MediaReady=False/ConfigMapNotFound"},
		"Same":           {"what was published stays", retitle, nil, "MediaReady=True/Succeeded"},
		"Renamed":        {"it is the same image by another name", func(p *v1alpha1.PublishRequest) { p.Spec.FeaturedImage.Name = "lead" }, nil, "MediaReady=True/Succeeded"},
		"OlderStatus":    {"an older operator has not noted where it is from", retitle, forget, "MediaReady=True/Succeeded"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, fromConfigMap(nil), pictures(picture(3)))
			h.call()
			if tc.status != nil {
				h.changeStatus(tc.status)
			}
			h.remove(pictures(nil))
			h.change(tc.change)
			h.call()
			request := h.expect("Ready=True/Published", tc.want)
			featured, _ := h.site.Images(request.Status.Post.ID)
			if is := len(request.Status.Media) == 1 && featured != 0; is != has(request.Status.Conditions, "MediaReady=True/Succeeded") || h.uploadCalls() != 1 {
				t.Errorf("featured %d, status.media %+v, %d uploads: %s", featured, request.Status.Media, h.uploadCalls(), tc.reason)
			}
			h.quiet("nothing to do")
		})
	}
}

// TestAStatusOfAnOlderVersionGoesOn: what it has noted of images is good, and is
// completed when the post is next written.
func TestAStatusOfAnOlderVersionGoesOn(t *testing.T) {
	h := newHarness(t, fromConfigMap(nil), pictures(picture(3)))
	h.call()
	noted := h.get().Status.Media[0].RefDigest
	h.changeStatus(func(p *v1alpha1.PublishRequest) { p.Status.Media[0].RefDigest = "" })
	h.quiet("nothing has changed")
	h.retitle("Other")
	h.call()
	if got := h.get().Status.Media[0].RefDigest; h.uploadCalls() != 1 || got == "" || got != noted {
		t.Errorf("%d uploads, reference %q; want one, %q", h.uploadCalls(), got, noted)
	}
}

// TestTwoImagesOfOneNameAreNotMistaken: each is known by where it is from.
func TestTwoImagesOfOneNameAreNotMistaken(t *testing.T) {
	h := newHarness(t, fromConfigMap(func(p *v1alpha1.PublishRequest) {
		p.Spec.FeaturedImage.Name = "team"
		p.Spec.Gallery = []v1alpha1.GalleryImage{{Name: "team", ImageDetails: v1alpha1.ImageDetails{Source: v1alpha1.ImageSource{
			Type: v1alpha1.ImageSourceConfigMap, ConfigMap: v1alpha1.ConfigMapKeyReference{Name: "pictures", Key: "second.png"},
		}}}}
	}), &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{Namespace: "team", Name: "pictures"},
		BinaryData: map[string][]byte{"hero.png": picture(3), "second.png": picture(4)},
	})
	h.call()
	h.remove(pictures(nil))
	h.retitle("Other")
	h.call()
	request := h.expect("Ready=True/Published", "MediaReady=True/Succeeded")
	if featured, gallery := h.site.Images(request.Status.Post.ID); featured != h.site.Media()[0].ID || !cmp.Equal(gallery, []int64{h.site.Media()[1].ID}) {
		t.Errorf("featured %d, gallery %v; want those of %+v", featured, gallery, h.site.Media())
	}
}

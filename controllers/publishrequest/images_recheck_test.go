// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"fmt"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// edit changes the spec of the integration, as a person does.
func (h *harness) edit(change func(*v1alpha1.WordPressIntegration)) {
	h.t.Helper()
	integration := &v1alpha1.WordPressIntegration{}
	if err := h.client.Get(h.t.Context(), types.NamespacedName{Namespace: "team", Name: "blog"}, integration); err != nil {
		h.t.Fatal(err)
	}
	change(integration)
	integration.Generation++
	if err := h.client.Update(h.t.Context(), integration); err != nil {
		h.t.Fatal(err)
	}
}

// TestWhatChangesWhileImagesAreUploaded: that takes minutes, and a person who
// takes something back meanwhile finds nothing published.
func TestWhatChangesWhileImagesAreUploaded(t *testing.T) {
	suspend := func(suspend bool) func(*harness) {
		return func(h *harness) {
			h.edit(func(i *v1alpha1.WordPressIntegration) { i.Spec.Suspend = suspend })
			h.connect(metav1.ConditionTrue, v1alpha1.ReasonConnected)
		}
	}
	approve := func(generation string) func(*harness) {
		return func(h *harness) { h.annotate(v1alpha1.AnnotationApprovedGeneration, generation) }
	}
	disconnect := func(h *harness) { h.connect(metav1.ConditionFalse, v1alpha1.ReasonDNSFailed) }
	connect := func(h *harness) { h.connect(metav1.ConditionTrue, v1alpha1.ReasonConnected) }
	cases := map[string]struct {
		why     string
		during  int32
		change  func(*harness)
		uploads int
		goOn    func(*harness)
	}{
		"Changed":         {"the new text is published", 3, func(h *harness) { h.retitle("Other") }, 3, approve("2")},
		"ApprovalRevoked": {"nobody approves it any more", 3, approve("0"), 3, approve("1")},
		"Suspended":       {"nothing is to be written", 3, suspend(true), 3, suspend(false)},
		"SuspendedEarly":  {"no image either", 1, suspend(true), 1, suspend(false)},
		"Disconnected":    {"the site was found down", 2, disconnect, 2, connect},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			h, images := newImageHarness(t, func(p *v1alpha1.PublishRequest, _ *imageServer) {
				all(approvalRequired, annotated(v1alpha1.AnnotationApprovedGeneration, "1"))(p)
			})
			h.duringUpload(tc.during, func() { tc.change(h) })
			h.reconcile()
			h.awaitCall()
			if len(h.site.Posts()) != 0 || h.uploadCalls() != tc.uploads {
				t.Errorf("%s: %d posts, %d uploads; want none, %d", tc.why, len(h.site.Posts()), h.uploadCalls(), tc.uploads)
			}
			h.reconcile()
			tc.goOn(h)
			h.call()
			h.expect("Ready=True/Published", "MediaReady=True/Succeeded")
			if h.uploadCalls() != 3 || images.count() > 4 {
				t.Errorf("%d uploads, %d reads; want each image uploaded once, and none read that was", h.uploadCalls(), images.count())
			}
		})
	}
}

// TestAnUpdateIsCheckedAfterItsImages: what is checked of an update depends on
// what is published.
func TestAnUpdateIsCheckedAfterItsImages(t *testing.T) {
	h, images := newImageHarness(t, bare)
	h.call()
	h.change(func(p *v1alpha1.PublishRequest) {
		all(approvalRequired, annotated(v1alpha1.AnnotationApprovedGeneration, "2"))(p)
		p.Spec.FeaturedImage = images.featured("/other.png")
	})
	h.duringUpload(1, func() { h.annotate(v1alpha1.AnnotationApprovedGeneration, "0") })
	calls := len(h.site.Calls())
	h.call()
	h.expect("Ready=True/AwaitingApproval", "Synced=False/AwaitingApproval")
	if got := len(h.site.Calls()) - calls; got != 1 {
		t.Errorf("%d calls, want the upload alone", got)
	}
	h.annotate(v1alpha1.AnnotationApprovedGeneration, "2")
	h.call()
	h.expect("Ready=True/Published", "Synced=True/Succeeded", "MediaReady=True/Succeeded")
	if got := h.uploadCalls(); got != 2 {
		t.Errorf("%d uploads, want each image once", got)
	}
}

// TestACallLeavesImagesToTheNext: others wait for the site, too.
func TestACallLeavesImagesToTheNext(t *testing.T) {
	h, images := newImageHarness(t, nil)
	h.duringUpload(2, func() { h.clock.Step(uploadsTimeout + 1) })
	if got := h.call(); got.RequeueAfter != busyDelay {
		t.Errorf("looks again after %s, want %s", got.RequeueAfter, busyDelay)
	}
	if media := h.get().Status.Media; len(h.site.Posts()) != 0 || len(media) != 2 {
		t.Errorf("%d posts, status.media %+v; want none, two", len(h.site.Posts()), media)
	}
	h.call()
	h.expect("Ready=True/Published", "MediaReady=True/Succeeded")
	if h.uploadCalls() != 3 || images.count() != 3 {
		t.Errorf("%d uploads, %d reads; want each image once", h.uploadCalls(), images.count())
	}
}

// TestImagesOfTheTextAfterAnUpgrade: a version that uploaded none has left the post
// as Reference does. They come with the next look at the request, and not before.
func TestImagesOfTheTextAfterAnUpgrade(t *testing.T) {
	looks := map[string]func(*harness){
		"Retry":    func(h *harness) { h.annotate(v1alpha1.AnnotationRetryRequestedAt, "now") },
		"Change":   func(h *harness) { h.retitle("Other") },
		"Mappings": func(h *harness) { h.changeIntegration(addMapping) },
	}
	for name, look := range looks {
		t.Run(name, func(t *testing.T) {
			h, images := newImageHarness(t, bare)
			h.changeIntegration(func(i *v1alpha1.WordPressIntegration) { i.Spec.Publishing.ImagePolicy = v1alpha1.ImagePolicyReference })
			h.change(func(p *v1alpha1.PublishRequest) {
				p.Spec.FeaturedImage = v1alpha1.FeaturedImage{}
				p.Spec.Content.Inline = fmt.Sprintf(`<p><img src="%s/t.png"></p>`, images.URL)
			})
			h.call()
			h.changeIntegration(func(i *v1alpha1.WordPressIntegration) { i.Spec.Publishing.ImagePolicy = "" })
			h.quiet("an upgrade sends nothing")
			look(h)
			h.call()
			request := h.expect("Ready=True/Published", "MediaReady=True/Succeeded")
			if text := h.site.Content(request.Status.Post.ID); h.uploadCalls() != 1 || strings.Contains(text, images.URL) {
				t.Errorf("%d uploads, text %s; want the image of the library", h.uploadCalls(), text)
			}
			h.quiet("all there")
		})
	}
}

func addMapping(i *v1alpha1.WordPressIntegration) {
	i.Spec.FieldMappings = []v1alpha1.FieldMapping{{
		Name: "subtitle", MetaKey: "subtitle", From: v1alpha1.FieldMappingSource{Type: v1alpha1.FieldMappingSourceField, Field: "title"},
	}}
}

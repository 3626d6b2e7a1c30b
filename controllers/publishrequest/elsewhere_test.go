// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

const otherUUID = "7d0f5a52-0c7e-4f55-8a45-3d8a1f0c6e02"

// lead has the integration belong to a site, as after it was deleted and made
// anew with another siteURL, or after a person has confirmed the site.
func (h *harness) lead(site *wordpresstest.Fake, uuid string) {
	h.t.Helper()
	h.changeIntegration(func(i *v1alpha1.WordPressIntegration) {
		i.Spec.SiteURL, i.Status.Site.RESTURL, i.Status.Site.UUID = site.URL(), site.RESTURL(), uuid
	})
}

// movedTo is a published request whose integration leads to another site.
func movedTo(t *testing.T, uuid string, change func(*v1alpha1.PublishRequest)) (*harness, *wordpresstest.Fake) {
	t.Helper()
	h := newHarness(t, published(change))
	h.call()
	if got := h.expect("Ready=True/Published").Status.Post.SiteUUID; got != siteUUID {
		t.Errorf("the post is noted at the site %q, want %q", got, siteUUID)
	}
	<-h.recorder.Events
	other := wordpresstest.New(t)
	h.lead(other, uuid)
	return h, other
}

// clientOf calls a site past the operator.
func clientOf(t *testing.T, site *wordpresstest.Fake) *wordpress.Client {
	t.Helper()
	client, err := wordpress.NewClient(wordpress.Config{SiteURL: site.URL(), RESTURL: site.RESTURL(), Key: wordpress.NewKey(site.Key())}, wordpresstest.LoopbackTransports(t))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// stranger is another cluster's post of the same key, which has the id that ours
// has at its site.
func stranger(t *testing.T, site *wordpresstest.Fake) {
	t.Helper()
	post := &wordpress.Post{ContentKey: "team/hello", Title: "Theirs", ContentHTML: byHand, Status: "publish", Owner: "other/blog", Claim: "uid-other"}
	if _, err := clientOf(t, site).Publish(t.Context(), post); err != nil {
		t.Fatal(err)
	}
}

func TestAPostIsMadeAnewAtAnotherSite(t *testing.T) {
	h, other := movedTo(t, otherUUID, nil)
	url := h.site.Posts()[0].URL
	h.quiet("nothing is asked for that is not there")
	h.retitle("Other")
	h.reconcile()
	h.expect("Ready=False/SiteChanged")
	h.checkHealth(status.InProgressStatus)
	want := `Warning PostOrphaned post 1 (` + url + `) stays at the site with the UUID "` + siteUUID + `": `
	if event := <-h.recorder.Events; !strings.HasPrefix(event, want) {
		t.Errorf("event\n%q, want\n%q", event, want)
	}
	h.call()
	request := h.expect("Ready=True/Published", "Published=True/Published", "Synced=True/Succeeded")
	if posts := other.Posts(); len(posts) != 1 || posts[0].Title != "Other" || request.Status.Post.SiteUUID != otherUUID || request.Status.Post.URL != posts[0].URL {
		t.Errorf("the other site has %+v, the status %+v", posts, request.Status.Post)
	}
	if posts := h.site.Posts(); len(posts) != 1 || posts[0].Title != "Hello" {
		t.Errorf("the former site has %+v, want the post as it was", posts)
	}
	h.checkHealth(status.CurrentStatus)
	h.quiet("it is there")
}

func TestAStrangersPostIsNotWrittenTo(t *testing.T) {
	h, other := movedTo(t, otherUUID, nil)
	stranger(t, other)
	h.retitle("Other")
	h.reconcile()
	h.call()
	h.expect("Ready=False/OwnedByOther", "Stalled=True/OwnedByOther")
	if n := other.CountCalls(http.MethodPut, "publish/1"); n != 0 || other.Posts()[0].Title != "Theirs" {
		t.Errorf("%d updates of a stranger's post, which is %+v", n, other.Posts())
	}
}

func TestASiteThatMovedKeepsItsPosts(t *testing.T) {
	h, moved := movedTo(t, siteUUID, nil)
	h.retitle("Other")
	h.call()
	if n := moved.CountCalls(http.MethodPut, "publish/1"); n != 1 {
		t.Errorf("%d updates at the new address, want 1: it is the same site", n)
	}
}

func TestAnOlderStatusGetsItsSiteWithAWriteThatHappensAnyway(t *testing.T) {
	for name, change := range map[string]func(*harness){
		"an update":  func(h *harness) { h.retitle("Other") },
		"a conflict": func(h *harness) { edit(h); h.retitle("Other") },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, published(func(p *v1alpha1.PublishRequest) { p.Spec.ConflictPolicy = v1alpha1.ConflictPolicyManual }))
			h.call()
			request := h.get()
			request.Status.Post.SiteUUID = ""
			if err := h.client.Status().Update(t.Context(), request); err != nil {
				t.Fatal(err)
			}
			h.quiet("nothing has changed")
			change(h)
			h.call()
			if got := h.get().Status.Post.SiteUUID; got != siteUUID {
				t.Errorf("the post is noted at the site %q, want %q", got, siteUUID)
			}
		})
	}
}

// TestImagesOfAnotherSiteAreNone: the id of an attachment is another picture's
// there.
func TestImagesOfAnotherSiteAreNone(t *testing.T) {
	images := newImageServer(t)
	h, other := movedTo(t, otherUUID, func(p *v1alpha1.PublishRequest) { p.Spec.FeaturedImage = images.featured("/f.png") })
	h.retitle("Other")
	h.reconcile()
	h.call()
	h.expect("Ready=True/Published", "MediaReady=True/Succeeded")
	if media := other.Media(); len(media) != 1 {
		t.Errorf("the other site has %d images, want the one of the post", len(media))
	}
}

// TestHoldsAreAskedAgainForAnotherSite: who let a post go to one site has not let
// it go to another.
func TestHoldsAreAskedAgainForAnotherSite(t *testing.T) {
	cases := map[string]struct {
		request func(*v1alpha1.PublishRequest)
		held    string
		let     func(*harness)
	}{
		"Release": {
			all(releaseManual, annotated(v1alpha1.AnnotationReleaseRequestedAt, "first")), "Ready=True/AwaitingRelease",
			func(h *harness) { h.annotate(v1alpha1.AnnotationReleaseRequestedAt, "second") },
		},
		"Approval": {
			all(approvalRequired, annotated(v1alpha1.AnnotationApprovedGeneration, "1")), "Ready=True/AwaitingApproval",
			func(h *harness) { h.annotate(v1alpha1.AnnotationApprovedGeneration, "1:"+otherUUID[:8]) },
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			h, other := movedTo(t, otherUUID, tc.request)
			request := h.get()
			request.Annotations[v1alpha1.AnnotationRetryRequestedAt] = "now"
			if err := h.client.Update(t.Context(), request); err != nil {
				t.Fatal(err)
			}
			h.reconcile()
			h.reconcile()
			h.expect(tc.held)
			h.quiet("held")
			tc.let(h)
			h.call()
			h.expect("Ready=True/Published")
			if n := len(other.Posts()); n != 1 {
				t.Errorf("%d posts at the other site, want 1", n)
			}
		})
	}
}

// TestATicketForAnotherSiteIsNotUsed: a person may confirm another site while a
// ticket waits, which changes no spec.
func TestATicketForAnotherSiteIsNotUsed(t *testing.T) {
	h := newIdleHarness(t, published(nil))
	h.reconcile()
	h.lead(wordpresstest.New(t), otherUUID)
	h.runCalls()
	h.awaitCall()
	if n := len(h.site.Posts()); n != 0 {
		t.Errorf("%d posts at the site that the integration has left, want none", n)
	}
}

// TestADeletionKnowsAPostThatWasMadeAnew: what was gone at one site is removed by
// its key at the other, where the next one may have been begun.
func TestADeletionKnowsAPostThatWasMadeAnew(t *testing.T) {
	h := newHarness(t, withPolicy(v1alpha1.DeletionPolicyTrash))
	h.call()
	h.site.Delete(1)
	h.retitle("Other")
	h.call()
	h.expect("Published=False/PostDeleted")
	h.lead(wordpresstest.New(t), otherUUID)
	h.delete()
	h.call()
	h.expectGone("Normal PostRemoved ")
}

func TestAnOrphanIsToldWithItsSite(t *testing.T) {
	h := toBeTrashed(t)
	h.lead(wordpresstest.New(t), otherUUID)
	h.reconcile()
	h.clock.Step(time.Hour)
	h.reconcile()
	if event := <-h.recorder.Events; !strings.Contains(event, `stays at the site with the UUID "`+siteUUID+`": `) {
		t.Errorf("event %q, want the site that the post is at", event)
	}
}

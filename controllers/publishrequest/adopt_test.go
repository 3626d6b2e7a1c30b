// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"cmp"
	"net/http"
	"strings"
	"testing"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// TestAdoption: what is taken over is updated once, so that the claim is this
// request's, and what a person changed since is a conflict.
func TestAdoption(t *testing.T) {
	cases := map[string]struct {
		reason  string
		owner   string
		title   string
		request func(*v1alpha1.PublishRequest)
		before  func(*harness)
		want    []string
		content string
	}{
		"SameContent":  {reason: "the request was deleted and applied again", title: "Hello", want: []string{"Ready=True/Adopted", "Synced=True/Succeeded"}},
		"OtherContent": {reason: "taking it over is an update", title: "Old", want: []string{"Ready=True/Adopted", "Synced=True/Succeeded"}},
		"OtherOwner": {reason: "Always takes what somebody else made", owner: "somebody", title: "Hello", want: []string{"Ready=True/Adopted"},
			request: func(p *v1alpha1.PublishRequest) { p.Spec.AdoptionPolicy = v1alpha1.AdoptionPolicyAlways }},
		"EditedSameContent": {reason: "nothing a person did is taken for the last write", title: "Hello",
			before: edit, want: []string{"Ready=False/Conflict", "Conflict=True/Conflict"}, content: byHand},
		"EditedOtherContent": {reason: "an adoption overwrites no edit unseen", title: "Old", before: edit,
			want: []string{"Ready=False/Conflict", "Conflict=True/Conflict"}, content: byHand},
		"Trashed": {reason: "missingPolicy is about adopted posts, too", title: "Hello", before: func(h *harness) { h.site.Trash(1) },
			want: []string{"Ready=True/Adopted", "Published=True/Published"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, published(tc.request))
			h.publishAs(cmp.Or(tc.owner, "team/blog"), "uid-gone", tc.title)
			if tc.before != nil {
				tc.before(h)
			}
			h.call()
			h.expect("Ready=False/Progressing")
			h.checkHealth(status.InProgressStatus)
			if len(h.recorder.Events) != 0 {
				t.Error("an Event before anything is adopted")
			}
			h.call()
			h.expect(tc.want...)
			if posts := h.site.Posts(); len(posts) != 1 || tc.content == "" && posts[0].Claim != "uid-1" {
				t.Errorf("%s: the site has %+v, want one post with our claim", tc.reason, posts)
			}
			if tc.content != "" {
				if got := h.site.Content(1); got != tc.content {
					t.Errorf("%s: the site has %q, want %q", tc.reason, got, tc.content)
				}
				return
			}
			h.checkHealth(status.CurrentStatus)
			h.quiet("adopted")
			if event := <-h.recorder.Events; !strings.HasPrefix(event, "Normal Adopted adopted post 1: ") {
				t.Errorf("event %q", event)
			}
			if got := h.site.CountCalls(http.MethodPut, "publish/1"); tc.before == nil && got != 1 {
				t.Errorf("%d updates, want the one that writes the claim", got)
			}
		})
	}
}

func TestAPostOfALivingRequestIsLeft(t *testing.T) {
	living := published(func(p *v1alpha1.PublishRequest) { p.Name, p.UID = "other", "uid-other" })
	h := newHarness(t, published(nil), living)
	h.publishAs("team/blog", "uid-other", "Hello")
	h.call()
	h.expect("Stalled=True/ClaimedByOther")
	h.checkHealth(status.FailedStatus)
	h.quiet("settled")
}

// TestAPostThatAnotherRequestHasTakenOver: what that one wrote is no edit of a
// person, and no policy overwrites it.
func TestAPostThatAnotherRequestHasTakenOver(t *testing.T) {
	other := published(func(p *v1alpha1.PublishRequest) { p.Name, p.UID = "other", "uid-other" })
	h := newHarness(t, published(nil), other)
	h.call()
	post := h.site.Posts()[0]
	site, _, err := h.Access.Open(t.Context(), h.integration(), h.site.RESTURL())
	if err != nil {
		t.Fatal(err)
	}
	theirs := payload(published(func(p *v1alpha1.PublishRequest) { p.Spec.Title, p.UID = "Theirs", "uid-other" }), h.integration(), byHand, nil)
	if _, err := site.Update(t.Context(), post.ID, theirs, post.ContentHash); err != nil {
		t.Fatal(err)
	}
	h.retitle("Ours")
	h.call()
	h.expect("Stalled=True/ClaimedByOther", "Synced=False/ClaimedByOther", "Published=True/Published")
	if got := h.site.Posts()[0].Title; got != "Theirs" {
		t.Errorf("title %q, want Theirs", got)
	}
	h.checkHealth(status.FailedStatus)
	h.quiet("settled")
}

// TestALaterUpdateOfAnAdoptedPost: adopted is what happens once; whose the post
// was is remembered.
func TestALaterUpdateOfAnAdoptedPost(t *testing.T) {
	h := newHarness(t, published(nil))
	h.publishAs("team/blog", "uid-gone", "Hello")
	h.call()
	h.call()
	h.retitle("Other")
	h.call()
	request := h.expect("Ready=True/Published")
	if request.Status.Post.Origin != v1alpha1.PostOriginAdopted || h.site.Posts()[0].Title != "Other" {
		t.Errorf("origin %s, title %q; want Adopted, Other", request.Status.Post.Origin, h.site.Posts()[0].Title)
	}
	h.checkHealth(status.CurrentStatus)
	h.quiet("updated")
}

// publishAs makes the site have the post of "hello" by another request.
func (h *harness) publishAs(owner, claim, title string) {
	h.t.Helper()
	other := published(func(p *v1alpha1.PublishRequest) { p.Spec.Title = title; p.UID = "x" })
	post := payload(other, h.integration(), "<p>Body.</p>", nil)
	post.Owner, post.Claim = owner, claim
	site, _, err := h.Access.Open(h.t.Context(), h.integration(), h.site.RESTURL())
	if err != nil {
		h.t.Fatal(err)
	}
	if _, err := site.Publish(h.t.Context(), post); err != nil {
		h.t.Fatal(err)
	}
}

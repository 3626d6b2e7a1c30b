// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"strings"
	"testing"
	"time"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

// TestADeletionThatWasUndone: a cluster restored from a backup has requests that
// their sites were told are deleted.
func TestADeletionThatWasUndone(t *testing.T) {
	h := newHarness(t, published(nil))
	site := wordpresstest.New(t, wordpresstest.WithClock(h.clock.Now))
	h.lead(site, siteUUID)
	target := wordpress.Target{ContentKey: "team/hello", Claim: string(h.get().UID), Force: true}
	if _, err := clientOf(t, site).Delete(t.Context(), target); err != nil {
		t.Fatal(err)
	}
	h.call()
	request := h.expect("Ready=False/ClaimEnded", "Reconciling=True/ProgressingWithRetry")
	if message := h.condition(v1alpha1.ConditionReady).Message; !strings.Contains(message, "deleted and applied again") {
		t.Errorf("message %q, want what a person can do", message)
	}
	if wait := request.Status.Attempts.NextTime.Sub(h.clock.Now()); wait != time.Hour || request.Status.Attempts.Count != 0 {
		t.Errorf("looks again in %s, %d attempts; want an hour, and none", wait, request.Status.Attempts.Count)
	}
	h.checkHealth(status.InProgressStatus)
	h.clock.Step(24 * time.Hour)
	h.call()
	h.expect("Ready=True/Published")
	if n := len(site.Posts()); n != 1 {
		t.Errorf("%d posts, want 1", n)
	}
}

// TestARequestThatIsAppliedAgainGetsItsPostBack: its policies are about what
// others do to posts, and not about what its own deletion did.
func TestARequestThatIsAppliedAgainGetsItsPostBack(t *testing.T) {
	for name, change := range map[string]func(*v1alpha1.PublishRequest){
		"the same":    func(*v1alpha1.PublishRequest) {},
		"Leave":       missingPolicyOf(v1alpha1.MissingPolicyLeave),
		"Never":       func(p *v1alpha1.PublishRequest) { p.Spec.AdoptionPolicy = v1alpha1.AdoptionPolicyNever },
		"anotherType": func(p *v1alpha1.PublishRequest) { p.Spec.PostType = "page" },
	} {
		t.Run(name, func(t *testing.T) {
			h := toBeTrashed(t)
			h.call()
			h.expectGone("Normal PostRemoved ")
			h.expectTrashed()
			again := withPolicy(v1alpha1.DeletionPolicyTrash)
			again.UID = "uid-2"
			change(again)
			h.create(again)
			h.call()
			request := h.expect("Ready=True/Published", "Published=True/Published")
			posts := h.site.Posts()
			if last := posts[len(posts)-1]; last.ID != request.Status.Post.ID || last.Status != "publish" || last.Claim != "uid-2" {
				t.Errorf("the site has %+v, the status %+v", posts, request.Status.Post)
			}
			h.quiet("it is there")
		})
	}
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"net/http"
	"strings"
	"testing"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

func missingPolicyOf(policy v1alpha1.MissingPolicy) func(*v1alpha1.PublishRequest) {
	return func(p *v1alpha1.PublishRequest) { p.Spec.MissingPolicy = policy }
}

// lost is a published request whose post a person did something to, and which
// was changed then.
func lost(t *testing.T, request func(*v1alpha1.PublishRequest), lose func(*harness)) *harness {
	t.Helper()
	h := newHarness(t, published(request))
	h.call()
	lose(h)
	h.retitle("Other")
	<-h.recorder.Events
	h.call()
	return h
}

func deleteForGood(h *harness) { h.site.Delete(1) }
func putInTrash(h *harness)    { h.site.Trash(1) }

func TestADeletedPostIsMadeAnew(t *testing.T) {
	h := lost(t, all(releaseManual, annotated(v1alpha1.AnnotationReleaseRequestedAt, "now")), deleteForGood)
	request := h.expect("Published=False/PostDeleted", "Synced=False/PostDeleted", "Ready=False/PostDeleted")
	if len(h.site.Posts()) != 0 || request.Status.ContentStatus != v1alpha1.ContentStatusDraft {
		t.Errorf("%d posts before it is noted that one is gone; content status %s", len(h.site.Posts()), request.Status.ContentStatus)
	}
	if event := <-h.recorder.Events; event != "Warning PostDeleted post 1 was deleted at the site" {
		t.Errorf("event %q", event)
	}
	h.checkHealth(status.InProgressStatus)
	h.call() // it was released once, and is not held again
	request = h.expect("Ready=True/Published", "Published=True/Published", "Synced=True/Succeeded")
	if posts := h.site.Posts(); len(posts) != 1 || posts[0].ID != request.Status.Post.ID || posts[0].Title != "Other" || request.Status.Post.Origin != v1alpha1.PostOriginCreated {
		t.Errorf("the site has %+v, the status %+v", posts, request.Status.Post)
	}
	if event := <-h.recorder.Events; !strings.HasPrefix(event, "Normal Published published post 2: ") {
		t.Errorf("event %q", event)
	}
	h.checkHealth(status.CurrentStatus)
	h.quiet("made anew")
}

func TestAPostInTheTrashComesBack(t *testing.T) {
	for _, policy := range []v1alpha1.MissingPolicy{"", v1alpha1.MissingPolicyRecreate, v1alpha1.MissingPolicyRestore} {
		t.Run(string(policy), func(t *testing.T) {
			h := lost(t, missingPolicyOf(policy), putInTrash)
			h.expect("Ready=True/Published", "Published=True/Published", "Synced=True/Succeeded")
			if posts := h.site.Posts(); len(posts) != 1 || posts[0].Status != "publish" || posts[0].Title != "Other" {
				t.Errorf("the site has %+v", posts)
			}
			if event := <-h.recorder.Events; !strings.HasPrefix(event, "Normal Published restored post 1: ") {
				t.Errorf("event %q", event)
			}
			h.checkHealth(status.CurrentStatus)
			h.quiet("restored")
		})
	}
}

// TestAnEditInTheTrashIsAConflict: restoring the post would overwrite what a
// person wrote before it was put there.
func TestAnEditInTheTrashIsAConflict(t *testing.T) {
	editThenTrash := func(h *harness) { edit(h); putInTrash(h) }
	policy := func(p v1alpha1.ConflictPolicy) func(*v1alpha1.PublishRequest) {
		return func(r *v1alpha1.PublishRequest) { r.Spec.ConflictPolicy = p }
	}
	unseen := func(t *testing.T, h *harness) {
		t.Helper()
		h.expect("Conflict=True/Conflict", "Synced=False/Conflict")
		if posts := h.site.Posts(); len(posts) != 1 || posts[0].Status != trashed || h.site.Content(1) != byHand {
			t.Errorf("the site has %+v", posts)
		}
	}
	restored := func(t *testing.T, h *harness) {
		t.Helper()
		h.call()
		h.expect("Ready=True/Published", "Synced=True/Succeeded")
		if posts := h.site.Posts(); len(posts) != 1 || posts[0].Status != "publish" || posts[0].Title != "Other" {
			t.Errorf("the site has %+v", posts)
		}
		h.quiet("restored")
	}
	t.Run("PreferSource", func(t *testing.T) {
		h := lost(t, policy(v1alpha1.ConflictPolicyPreferSource), editThenTrash)
		unseen(t, h)
		restored(t, h)
	})
	t.Run("PreferSite", func(t *testing.T) {
		h := lost(t, policy(v1alpha1.ConflictPolicyPreferSite), editThenTrash)
		unseen(t, h)
		h.expect("Ready=True/Published")
		h.quiet("it stays")
	})
	t.Run("Manual", func(t *testing.T) {
		h := lost(t, policy(v1alpha1.ConflictPolicyManual), editThenTrash)
		unseen(t, h)
		h.expect("Stalled=True/Conflict")
		h.quiet("nobody has decided")
		h.annotate(v1alpha1.AnnotationResolveConflict, "source")
		restored(t, h)
	})
}

func TestWhatIsGoneIsLeft(t *testing.T) {
	cases := map[string]struct {
		reason string
		lose   func(*harness)
		says   string
	}{
		"Deleted": {"another post is made", deleteForGood, "post 1 was deleted at the site; it is left so"},
		"Trashed": {"the post is restored", putInTrash, "post 1 is in the trash of the site; it is left so"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			h := lost(t, missingPolicyOf(v1alpha1.MissingPolicyLeave), tc.lose)
			left := func() {
				t.Helper()
				request := h.expect("Ready=True/PostDeleted", "Published=False/PostDeleted", "Synced=False/PostDeleted")
				if got := readyOf(request).Message; !strings.HasPrefix(got, tc.says) || request.Status.ContentStatus != v1alpha1.ContentStatusDraft {
					t.Errorf("content status %s: %s", request.Status.ContentStatus, got)
				}
				h.checkHealth(status.CurrentStatus)
				h.quiet("left")
			}
			left()
			h.retitle("Third")
			h.call()
			left()
			h.change(missingPolicyOf(v1alpha1.MissingPolicyRecreate))
			h.call()
			h.expect("Ready=True/Published", "Published=True/Published", "Synced=True/Succeeded")
			if posts := h.site.Posts(); len(posts) != 1 || posts[0].Status != "publish" || posts[0].Title != "Third" {
				t.Errorf("%s: the site has %+v", tc.reason, posts)
			}
			h.checkHealth(status.CurrentStatus)
			h.quiet("back")
		})
	}
}

func TestADeletedPostCannotBeRestored(t *testing.T) {
	h := lost(t, missingPolicyOf(v1alpha1.MissingPolicyRestore), deleteForGood)
	request := h.expect("Stalled=True/PostDeleted", "Published=False/PostDeleted", "Synced=False/PostDeleted")
	if got := readyOf(request).Message; !strings.Contains(got, "set missingPolicy Recreate") {
		t.Errorf("message %q does not say what to do", got)
	}
	h.checkHealth(status.FailedStatus)
	h.quiet("a person has to decide")
	h.change(missingPolicyOf(v1alpha1.MissingPolicyRecreate))
	h.call()
	h.expect("Ready=True/Published", "Published=True/Published")
	h.checkHealth(status.CurrentStatus)
	h.quiet("made anew")
}

// TestAnotherIDForTheKey: the database was restored, and the post of the key has
// another id there.
func TestAnotherIDForTheKey(t *testing.T) {
	h := newHarness(t, published(nil))
	h.call()
	h.moved()
	h.retitle("Other")
	h.call()
	h.expect("Ready=False/Progressing")
	h.checkHealth(status.InProgressStatus)
	h.call()
	request := h.expect("Ready=True/Published", "Synced=True/Succeeded")
	if posts := h.site.Posts(); len(posts) != 1 || posts[0].Title != "Other" || request.Status.Post.ID != posts[0].ID || request.Status.Post.Origin != v1alpha1.PostOriginCreated {
		t.Errorf("the site has %+v, the status %+v", posts, request.Status.Post)
	}
	h.checkHealth(status.CurrentStatus)
	h.quiet("found again")
}

// moved gives the post of "hello" another id.
func (h *harness) moved() {
	h.site.Delete(1)
	h.publishAs("team/blog", "uid-1", "Hello")
}

// TestAnIDThatIsAnothers: the post of the id is another's, and the key has none.
func TestAnIDThatIsAnothers(t *testing.T) {
	h := newHarness(t, published(nil))
	h.call()
	h.retitle("Other")
	h.site.SetHook(func(r *http.Request) wordpresstest.Fault {
		if r.Method != http.MethodPut {
			return wordpresstest.Fault{}
		}
		h.site.Delete(1)
		return wordpresstest.Fault{Answer: wordpresstest.Problem(http.StatusConflict, "content-key-mismatch", "")}
	})
	h.call()
	h.expect("Ready=False/PostDeleted", "Published=False/PostDeleted")
	h.call()
	h.expect("Ready=True/Published")
	h.checkHealth(status.CurrentStatus)
}

func TestCrashesAroundAMissingPost(t *testing.T) {
	cases := map[string]func(*harness){
		"AfterMakingItAnew": (*harness).crash,
		"AfterTheNote":      func(h *harness) { h.calls.Forget(helloName) },
	}
	for name, crash := range cases {
		t.Run(name, func(t *testing.T) {
			h := lost(t, nil, deleteForGood)
			crash(h)
			h.converge()
			h.expect("Ready=True/Published", "Published=True/Published")
			if got := h.site.Created("team/hello"); got != 2 || len(h.site.Posts()) != 1 {
				t.Errorf("%d posts were made, %d are there; want the first and its successor", got, len(h.site.Posts()))
			}
			h.checkHealth(status.CurrentStatus)
			h.quiet("made anew")
		})
	}
}

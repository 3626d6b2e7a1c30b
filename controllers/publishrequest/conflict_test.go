// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

func conflictPolicyOf(policy v1alpha1.ConflictPolicy) func(*v1alpha1.PublishRequest) {
	return func(p *v1alpha1.PublishRequest) { p.Spec.ConflictPolicy = policy }
}

// conflicted is a request whose update has found the post edited by a person.
func conflicted(t *testing.T, request func(*v1alpha1.PublishRequest), ofSite v1alpha1.ConflictPolicy) *harness {
	t.Helper()
	h := newHarness(t, published(request))
	h.replaceIntegration(func(i *v1alpha1.WordPressIntegration) { i.Spec.Publishing.ConflictPolicy = ofSite })
	h.call()
	edit(h)
	h.retitle("Other")
	<-h.recorder.Events
	h.call()
	return h
}

// expectOurs checks that the update won and the conflict is over.
func (h *harness) expectOurs(title string) {
	h.t.Helper()
	request := h.expect("Ready=True/Published", "Synced=True/Succeeded", "Published=True/Published")
	if h.site.Content(1) == byHand || h.site.Posts()[0].Title != title {
		h.t.Errorf("the site has %q, %+v", h.site.Content(1), h.site.Posts()[0])
	}
	h.expectNoConflict(request)
}

// expectTheirs checks that the person's edit is still there.
func (h *harness) expectTheirs() {
	h.t.Helper()
	if got := h.site.Content(1); got != byHand {
		h.t.Errorf("the site has %q, want what the person wrote", got)
	}
}

func (h *harness) expectNoConflict(request *v1alpha1.PublishRequest) {
	h.t.Helper()
	if request.Status.Conflict != (v1alpha1.PostConflict{}) || (&scope{request: request}).condition(v1alpha1.ConditionConflict) != nil {
		h.t.Errorf("a conflict is left: %+v, %s", request.Status.Conflict, show(request.Status.Conditions))
	}
	h.checkHealth(status.CurrentStatus)
	h.quiet("settled")
}

func TestAConflictIsNotedBeforeAnythingIsOverwritten(t *testing.T) {
	h := conflicted(t, nil, "")
	h.expectTheirs()
	request := h.expect("Conflict=True/Conflict", "Ready=False/Conflict", "Synced=False/Conflict", "Reconciling=True/ProgressingWithRetry", "Published=True/Published")
	post := h.site.Posts()[0]
	if got := request.Status.Conflict; got.ContentHash != post.ContentHash || got.ModifiedBy != "Jane Doe (jane)" || !got.ModifiedTime.Time.Equal(post.ModifiedGMT) {
		t.Errorf("conflict %+v, want who and when", got)
	}
	if event := <-h.recorder.Events; !strings.HasPrefix(event, "Warning Conflict post 1 was changed at the site by Jane Doe (jane) at 20") {
		t.Errorf("event %q", event)
	}
	if event := request.Status.History[0]; event.Success || event.Action != actionContentUpdate || event.ErrorMessage == "" {
		t.Errorf("sync event %+v", event)
	}
	h.checkHealth(status.InProgressStatus)
	h.call()
	h.expectOurs("Other")
	if event := <-h.recorder.Events; !strings.HasPrefix(event, "Normal Published updated post 1, over the change made at the site by Jane Doe (jane) at 20") {
		t.Errorf("event %q", event)
	}
	if event := h.get().Status.History[0]; !event.Success || !strings.Contains(event.Description, "over the change made at the site by Jane Doe") {
		t.Errorf("sync event %+v", event)
	}
}

func TestConflictPolicies(t *testing.T) {
	kept := []string{"Ready=True/Published", "Synced=False/Conflict", "Conflict=True/Conflict", "Published=True/Published"}
	asked := []string{"Ready=False/Conflict", "Stalled=True/Conflict", "Synced=False/Conflict", "Conflict=True/Conflict"}
	cases := map[string]struct {
		request v1alpha1.ConflictPolicy
		ofSite  v1alpha1.ConflictPolicy
		want    []string
		health  status.Status
	}{
		"PreferSite":       {request: v1alpha1.ConflictPolicyPreferSite, want: kept, health: status.CurrentStatus},
		"PreferSiteOfSite": {ofSite: v1alpha1.ConflictPolicyPreferSite, want: kept, health: status.CurrentStatus},
		"Manual":           {request: v1alpha1.ConflictPolicyManual, want: asked, health: status.FailedStatus},
		"ManualOfSite":     {ofSite: v1alpha1.ConflictPolicyManual, want: asked, health: status.FailedStatus},
		"RequestGoesFirst": {request: v1alpha1.ConflictPolicyPreferSite, ofSite: v1alpha1.ConflictPolicyManual, want: kept, health: status.CurrentStatus},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			h := conflicted(t, conflictPolicyOf(tc.request), tc.ofSite)
			base := h.get().Status.Post.ContentHash
			h.expect(tc.want...)
			h.expectTheirs()
			h.checkHealth(tc.health)
			h.quiet("until something changes")
			if got := len(h.recorder.Events); got != 1 {
				t.Errorf("%d Events, want 1", got)
			}
			// Another text finds the same change, against the same base.
			h.retitle("Third")
			h.call()
			if got := h.expect(tc.want...).Status.Post.ContentHash; got != base {
				t.Errorf("the base is %s, want that of our last write, %s", got, base)
			}
			h.expectTheirs()
			h.checkHealth(tc.health)
			h.quiet("until something changes")
		})
	}
}

// TestAnEditAfterTheNoteIsAnotherConflict: what is overwritten is what was noted.
func TestAnEditAfterTheNoteIsAnotherConflict(t *testing.T) {
	h := conflicted(t, nil, "")
	noted := h.get().Status.Conflict
	h.site.Edit(1, "<p>Again.</p>")
	h.call()
	if got := h.expect("Conflict=True/Conflict", "Ready=False/Conflict").Status.Conflict; got.ContentHash == noted.ContentHash || h.site.Content(1) != "<p>Again.</p>" {
		t.Errorf("conflict %+v, the site has %q", got, h.site.Content(1))
	}
	h.checkHealth(status.InProgressStatus)
	h.call()
	h.expect("Ready=True/Published")
	h.expectNoConflict(h.get())
}

// TestASiteThatChangesAPostAllTheTime is left to a person after as many
// attempts as any failure.
func TestASiteThatChangesAPostAllTheTime(t *testing.T) {
	h := newHarness(t, published(nil))
	h.call()
	h.retitle("Other")
	edits := 0
	h.site.SetHook(func(*http.Request) wordpresstest.Fault {
		edits++
		h.site.Edit(1, strings.Repeat("x", edits))
		return wordpresstest.Fault{}
	})
	calls := len(h.site.Calls())
	for range 2 {
		if got := h.call(); got.RequeueAfter != soon {
			t.Errorf("again after %s, want at once", got.RequeueAfter)
		}
	}
	again := h.call()
	h.checkHealth(status.InProgressStatus)
	h.quiet("later, as a retry")
	h.clock.Step(again.RequeueAfter)
	h.call()
	h.expect("Stalled=True/Conflict", "Synced=False/Conflict")
	if got := len(h.site.Calls()) - calls; got != 4 {
		t.Errorf("%d calls, want 4", got)
	}
	h.checkHealth(status.FailedStatus)
	h.quiet("a person has to decide")
	h.site.SetHook(nil)
	h.annotate(v1alpha1.AnnotationResolveConflict, "source")
	h.call()
	h.expectOurs("Other")
}

func TestCrashesAroundAConflict(t *testing.T) {
	cases := map[string]struct {
		reason string
		crash  func(*harness)
		calls  int // from the note on
	}{
		"AfterOverwriting":      {"the same update is sent again, and nothing is written", (*harness).crash, 2},
		"StatusWriteRefused":    {"the outcome is kept", func(h *harness) { h.failStatusWrite(func() { h.annotate("x", "y") }) }, 1},
		"StatusWriteUnanswered": {"it is in the status", func(h *harness) { h.failStatusWrite(func() { h.failWrite = errors.New("reset") }) }, 1},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			h := conflicted(t, nil, "")
			calls := len(h.site.Calls())
			tc.crash(h)
			h.converge()
			h.expectOurs("Other")
			if got := len(h.site.Calls()) - calls; got != tc.calls || len(h.get().Status.History) != 3 {
				t.Errorf("%s: %d calls, %d in the history; want %d, 3", tc.reason, got, len(h.get().Status.History), tc.calls)
			}
		})
	}
	t.Run("BeforeTheNote", func(t *testing.T) {
		h := newHarness(t, published(nil))
		h.call()
		edit(h)
		h.retitle("Other")
		h.crash()
		h.call()
		h.expect("Conflict=True/Conflict")
		h.expectTheirs()
		h.call()
		h.expectOurs("Other")
	})
}

// TestAConflictIsOfTheLastOutcome: what happened since it was noted has to be
// ended first, or the status would tell of something that nobody has looked at.
func TestAConflictIsOfTheLastOutcome(t *testing.T) {
	t.Run("AFailureSince", func(t *testing.T) {
		h := conflicted(t, nil, v1alpha1.ConflictPolicyManual)
		h.site.SetHook(func(*http.Request) wordpresstest.Fault { return wordpresstest.Fault{Drop: true} })
		h.annotate(v1alpha1.AnnotationResolveConflict, "source")
		again := h.call()
		h.expect("Ready=False/ConnectionFailed", "Synced=False/ConnectionFailed", "Conflict=True/Conflict")
		h.site.SetHook(nil)
		h.annotate("x", "y") // the answer is taken back
		h.replaceIntegration(func(i *v1alpha1.WordPressIntegration) {
			i.Spec.Publishing.ConflictPolicy = v1alpha1.ConflictPolicyPreferSite
		})
		h.quiet("the call may have reached the site")
		h.clock.Step(again.RequeueAfter)
		h.call()
		h.expect("Ready=True/Published", "Synced=False/Conflict")
		h.expectTheirs()
		h.checkHealth(status.CurrentStatus)
		h.quiet("kept")
	})
	t.Run("AnotherSpecSince", func(t *testing.T) {
		h := conflicted(t, nil, v1alpha1.ConflictPolicyManual)
		h.connect(metav1.ConditionFalse, v1alpha1.ReasonTimeout)
		h.retitle("Third")
		h.reconcile()
		h.expect("Ready=False/IntegrationNotReady", "Conflict=True/Conflict")
		h.quiet("the site is down")
		h.connect(metav1.ConditionTrue, v1alpha1.ReasonConnected)
		h.call()
		h.expect("Stalled=True/Conflict")
		h.checkHealth(status.FailedStatus)
		h.quiet("a person has to decide")
	})
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"strings"
	"testing"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

func TestAnAnswerEndsAConflict(t *testing.T) {
	handled := func(h *harness, want string) {
		h.t.Helper()
		if got := v1alpha1.LookUp(h.get().Status.LastHandled, v1alpha1.AnnotationResolveConflict); got != want {
			h.t.Errorf("handled %q, want %q", got, want)
		}
	}
	for _, policy := range []v1alpha1.ConflictPolicy{v1alpha1.ConflictPolicyManual, v1alpha1.ConflictPolicyPreferSite} {
		t.Run("SourceUnder"+string(policy), func(t *testing.T) {
			h := conflicted(t, conflictPolicyOf(policy), "")
			h.annotate(v1alpha1.AnnotationResolveConflict, "source")
			h.call()
			h.expectOurs("Other")
			handled(h, "source")
		})
		t.Run("SiteUnder"+string(policy), func(t *testing.T) {
			h := conflicted(t, conflictPolicyOf(policy), "")
			<-h.recorder.Events
			calls, writes := len(h.site.Calls()), h.writes
			h.annotate(v1alpha1.AnnotationResolveConflict, "site:because")
			h.reconcile()
			request := h.expect("Ready=True/Published", "Synced=True/Succeeded")
			if len(h.site.Calls()) != calls || h.writes != writes+1 {
				t.Errorf("%d calls, %d writes; want none, one", len(h.site.Calls())-calls, h.writes-writes)
			}
			if event := <-h.recorder.Events; event != "Normal Published kept the site's version of post 1, changed by Jane Doe (jane)" {
				t.Errorf("event %q", event)
			}
			handled(h, "site:because")
			h.expectTheirs()
			h.expectNoConflict(request)
			// What was accepted is what the next update starts from.
			h.retitle("Third")
			h.call()
			h.expectOurs("Third")
		})
	}
	t.Run("Nonsense", func(t *testing.T) {
		h := conflicted(t, conflictPolicyOf(v1alpha1.ConflictPolicyManual), "")
		h.annotate(v1alpha1.AnnotationResolveConflict, "yes")
		h.quiet("that is no answer")
		h.checkHealth(status.FailedStatus)
	})
	t.Run("TheNextConflictNeedsAnother", func(t *testing.T) {
		h := conflicted(t, conflictPolicyOf(v1alpha1.ConflictPolicyManual), "")
		h.annotate(v1alpha1.AnnotationResolveConflict, "source")
		h.call()
		edit(h)
		h.retitle("Third")
		h.call()
		h.expect("Stalled=True/Conflict")
		h.quiet("the answer was about another change")
		h.annotate(v1alpha1.AnnotationResolveConflict, "source:2")
		h.call()
		h.expectOurs("Third")
		handled(h, "source:2")
		h.annotate("x", "y") // which removes the answer
		edit(h)
		h.retitle("Fourth")
		h.call()
		h.expect("Stalled=True/Conflict")
		handled(h, "")
		h.annotate(v1alpha1.AnnotationResolveConflict, "source")
		h.call()
		h.expectOurs("Fourth")
	})
	t.Run("AnotherEditMeantime", func(t *testing.T) {
		h := conflicted(t, conflictPolicyOf(v1alpha1.ConflictPolicyManual), "")
		h.site.Edit(1, "<p>Before.</p>")
		edit(h)
		h.site.Edit(1, "<p>By somebody else.</p>")
		h.annotate(v1alpha1.AnnotationResolveConflict, "source")
		h.call()
		h.expect("Stalled=True/Conflict")
		if got := h.site.Content(1); got != "<p>By somebody else.</p>" {
			t.Errorf("the site has %q: what nobody had seen was overwritten", got)
		}
		handled(h, "source")
		h.checkHealth(status.FailedStatus)
		h.quiet("the answer was about another change")
	})
}

func TestAPolicyThatChangesDecidesAnew(t *testing.T) {
	t.Run("OfTheIntegration", func(t *testing.T) {
		h := conflicted(t, nil, v1alpha1.ConflictPolicyManual)
		h.replaceIntegration(func(i *v1alpha1.WordPressIntegration) {
			i.Spec.Publishing.ConflictPolicy = v1alpha1.ConflictPolicyPreferSite
		})
		h.reconcile()
		h.expect("Ready=True/Published", "Synced=False/Conflict", "Conflict=True/Conflict")
		h.expectTheirs()
		h.checkHealth(status.CurrentStatus)
		h.quiet("kept")
		h.replaceIntegration(func(*v1alpha1.WordPressIntegration) {})
		h.call()
		h.expectOurs("Other")
	})
	t.Run("OfTheRequest", func(t *testing.T) {
		h := conflicted(t, conflictPolicyOf(v1alpha1.ConflictPolicyManual), "")
		h.change(conflictPolicyOf(v1alpha1.ConflictPolicyPreferSource))
		h.call()
		h.expectOurs("Other")
	})
	t.Run("WhenTheEditIsTakenBack", func(t *testing.T) {
		h := conflicted(t, conflictPolicyOf(v1alpha1.ConflictPolicyManual), "")
		h.site.Edit(1, "<p>Body.</p>")
		h.annotate(v1alpha1.AnnotationRetryRequestedAt, "now")
		h.call()
		h.expectOurs("Other")
		if events := h.get().Status.History; strings.Contains(events[0].Description, "over the change") {
			t.Errorf("nobody's change was overwritten: %s", events[0].Description)
		}
	})
	t.Run("WhenTheSourceIsTakenBack", func(t *testing.T) {
		h := conflicted(t, conflictPolicyOf(v1alpha1.ConflictPolicyPreferSite), "")
		h.retitle("Hello")
		h.call()
		h.expect("Ready=True/Published", "Synced=False/Conflict", "Conflict=True/Conflict")
		h.expectTheirs()
		h.checkHealth(status.CurrentStatus)
		h.quiet("the site still has the person's version")
	})
}

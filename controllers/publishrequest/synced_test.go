// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"slices"
	"strings"
	"testing"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	corev1 "k8s.io/api/core/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

func syncedOf(p *v1alpha1.PublishRequest) string {
	return (&scope{request: p}).condition(v1alpha1.ConditionSynced).Message
}

// TestWhatTheSiteTakesOutIsSaid: the post is there, and one Event warns. A later
// look that writes nothing says the same still.
func TestWhatTheSiteTakesOutIsSaid(t *testing.T) {
	h := newHarness(t, published(func(p *v1alpha1.PublishRequest) {
		p.Spec.Content.Inline = "<p>Body.</p><script>x()</script><form>y</form>"
	}))
	h.site.Filter("script", "form")
	h.call()
	request := h.expect("Ready=True/Published", "Published=True/Published", "Synced=True/ContentStripped")
	if message := syncedOf(request); !strings.Contains(message, "form, script") || !slices.Equal(request.Status.Post.Stripped, []string{"form", "script"}) {
		t.Errorf("message %q, status %v; want form and script", message, request.Status.Post.Stripped)
	}
	if event := <-h.recorder.Events; !strings.HasPrefix(event, corev1.EventTypeWarning+" ContentStripped published post 1: ") || !strings.Contains(event, "form, script") {
		t.Errorf("event %q", event)
	}
	if len(h.recorder.Events) != 0 {
		t.Error("a second Event for one write")
	}
	h.checkHealth(status.CurrentStatus)
	h.quiet("said once")
	message := syncedOf(request)
	h.change(func(p *v1alpha1.PublishRequest) { p.Spec.SiteID = 5 })
	h.call()
	if got := syncedOf(h.expect("Synced=True/ContentStripped")); got != message {
		t.Errorf("without a write the message became %q", got)
	}
	h.change(func(p *v1alpha1.PublishRequest) { p.Spec.Content.Inline = "<p>Body.</p>" })
	h.call()
	if request := h.expect("Synced=True/Succeeded"); len(request.Status.Post.Stripped) != 0 {
		t.Errorf("the status still has %v", request.Status.Post.Stripped)
	}
}

func TestWhatAPersonSetForSearchEnginesIsSaid(t *testing.T) {
	s := newScope(newRequest(func(p *v1alpha1.PublishRequest) { p.Status.Post.SEOKept = []string{"yoast/title"} }), start)
	s.setSynced(callResult{})
	if message := syncedOf(s.request); !has(s.request.Status.Conditions, "Synced=True/Succeeded") || !strings.Contains(message, "yoast/title") {
		t.Errorf("conditions %s", show(s.request.Status.Conditions))
	}
}

func TestAListIsBounded(t *testing.T) {
	if got := list(strings.Split(strings.Repeat("x ", 30), " ")); len(got) != len("x, ")*maxListed+len("...") {
		t.Errorf("list is %q", got)
	}
}

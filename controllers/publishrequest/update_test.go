// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	fluxcheck "github.com/fluxcd/pkg/runtime/conditions/check"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	fluxconditions "github.com/fluxcd/pkg/runtime/conditions"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/sitegate"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

const byHand = "<p>By hand.</p>"

// edit changes the only post, as a person would.
func edit(h *harness) { h.site.Edit(1, byHand) }

func (h *harness) retitle(title string) {
	h.t.Helper()
	h.change(func(p *v1alpha1.PublishRequest) { p.Spec.Title = title })
}

// checkHealth holds the request against kstatus and Flux's checker of conditions.
func (h *harness) checkHealth(want status.Status) {
	h.t.Helper()
	request := h.get()
	object, err := runtime.DefaultUnstructuredConverter.ToUnstructured(request)
	if err != nil {
		h.t.Fatal(err)
	}
	u := &unstructured.Unstructured{Object: object}
	u.SetGroupVersionKind(v1alpha1.GroupVersion.WithKind("PublishRequest"))
	if result, err := status.Compute(u); err != nil || result.Status != want {
		h.t.Errorf("kstatus says %+v (%v), want %s", result, err, want)
	}
	checker := fluxcheck.NewChecker(h.client, &fluxcheck.Conditions{NegativePolarity: []string{v1alpha1.ConditionStalled, v1alpha1.ConditionReconciling}})
	checker.DisableFetch = true
	if fail, warn := checker.Check(h.t.Context(), fluxconditions.UnstructuredGetter(u)); fail != nil || warn != nil {
		h.t.Errorf("Flux's checker: fail %v, warn %v; conditions %s", fail, warn, show(request.Status.Conditions))
	}
}

func TestAChangeThatSendsNothingCostsNoCall(t *testing.T) {
	h := newHarness(t, published(nil))
	h.call()
	h.change(func(p *v1alpha1.PublishRequest) { p.Spec.SiteID = 5 })
	calls, writes := len(h.site.Calls()), h.writes
	h.call()
	request := h.expect("Ready=True/Published")
	if request.Status.ObservedGeneration != 2 || len(h.site.Calls()) != calls || h.writes != writes+1 {
		t.Errorf("observed generation %d, %d more calls, %d writes; want 2, none, 1", request.Status.ObservedGeneration, len(h.site.Calls())-calls, h.writes-writes)
	}
	h.checkHealth(status.CurrentStatus)
	h.quiet("the same content")
}

func TestAnUpdateIsOneCallOneWriteOneEvent(t *testing.T) {
	h := newHarness(t, published(nil))
	h.call()
	<-h.recorder.Events
	h.retitle("Other")
	calls, writes := len(h.site.Calls()), h.writes
	h.call()
	request := h.expect("Ready=True/Published", "Published=True/Published", "Synced=True/Succeeded")
	if len(h.site.Calls()) != calls+1 || h.writes != writes+1 || len(h.recorder.Events) != 1 {
		t.Errorf("%d calls, %d writes, %d events; want one of each", len(h.site.Calls())-calls, h.writes-writes, len(h.recorder.Events))
	}
	if event := <-h.recorder.Events; !strings.HasPrefix(event, "Normal Published updated post 1: http") {
		t.Errorf("event %q", event)
	}
	post := h.site.Posts()[0]
	if post.Title != "Other" || request.Status.Post.ContentHash != post.ContentHash || request.Status.Post.SourceDigest != post.SourceDigest {
		t.Errorf("status has %+v, the site %+v", request.Status.Post, post)
	}
	if event := request.Status.History[0]; event.Action != actionContentUpdate || !event.Success || event.ExternalID != "1" {
		t.Errorf("sync event %+v", event)
	}
	h.checkHealth(status.CurrentStatus)
	h.quiet("updated")
}

// TestWhatAnOlderVersionLeftIsUpdated: it stalled over updates.
func TestWhatAnOlderVersionLeftIsUpdated(t *testing.T) {
	h := newHarness(t, published(nil))
	h.call()
	h.retitle("Other")
	request := h.get()
	for _, c := range []metav1.Condition{{Type: v1alpha1.ConditionReady, Status: metav1.ConditionFalse}, {Type: v1alpha1.ConditionStalled, Status: metav1.ConditionTrue}} {
		s := newScope(request, start)
		s.health().Set(c.Type, c.Status, v1alpha1.ReasonNotYetSupported, "this version does not update posts")
	}
	request.Status.Attempts.Generation, request.Status.ObservedGeneration = 2, 2
	if err := h.client.Status().Update(t.Context(), request); err != nil {
		t.Fatal(err)
	}
	h.call()
	h.expect("Ready=True/Published", "Synced=True/Succeeded")
	h.checkHealth(status.CurrentStatus)
	h.quiet("updated")
}

func TestAFailedUpdateIsTriedAgain(t *testing.T) {
	cases := map[string]struct {
		reason string
		fault  wordpresstest.Fault
		want   string
		health status.Status
	}{
		"Effect":   {"the answer got lost", wordpresstest.Fault{Stage: wordpresstest.AfterEffect, Drop: true}, v1alpha1.ReasonConnectionFailed, status.InProgressStatus},
		"NoEffect": {"the call got lost", wordpresstest.Fault{Drop: true}, v1alpha1.ReasonConnectionFailed, status.InProgressStatus},
		"Refused": {"only a person can help", wordpresstest.Fault{Answer: wordpresstest.Problem(http.StatusForbidden, "forbidden", "no")},
			v1alpha1.ReasonForbidden, status.FailedStatus},
		"ForeignAnswer": {"a proxy's 412 has no post", wordpresstest.Fault{Answer: &wordpresstest.Answer{Status: http.StatusPreconditionFailed}},
			v1alpha1.ReasonConflict, status.FailedStatus},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, published(nil))
			h.call()
			h.retitle("Other")
			h.site.SetHook(func(*http.Request) wordpresstest.Fault { return tc.fault })
			h.call()
			h.expect("Ready=False/"+tc.want, "Synced=False/"+tc.want, "Published=True/Published")
			h.checkHealth(tc.health)
			h.quiet("not yet, or not without a person")
			h.site.SetHook(nil)
			h.annotate(v1alpha1.AnnotationRetryRequestedAt, "now")
			h.call()
			h.expect("Ready=True/Published", "Synced=True/Succeeded")
			if got := h.site.Posts()[0].Title; got != "Other" {
				t.Errorf("%s: title %q, want Other", tc.reason, got)
			}
			h.checkHealth(status.CurrentStatus)
		})
	}
}

func TestAPostThatIsOpenIsWaitedFor(t *testing.T) {
	h := newHarness(t, published(nil))
	h.call()
	h.site.Open(1, true)
	h.retitle("Other")
	result := h.call()
	request := h.expect("Ready=False/InProgress", "Synced=False/InProgress", "Published=True/Published")
	if message := readyOf(request).Message; !strings.Contains(message, wordpresstest.Editor.Name) || result.RequeueAfter.Seconds() != 150 || request.Status.Attempts.Count != 0 {
		t.Errorf("again after %s, %d attempts: %s", result.RequeueAfter, request.Status.Attempts.Count, message)
	}
	h.checkHealth(status.InProgressStatus)
	h.site.Open(1, false)
	h.clock.Step(result.RequeueAfter)
	h.call()
	h.expect("Ready=True/Published", "Synced=True/Succeeded")
	h.checkHealth(status.CurrentStatus)
}

// TestAnUpdateNeedsApproval: what would be written is what is approved; what
// changes nothing at the site needs none.
func TestAnUpdateNeedsApproval(t *testing.T) {
	h := newHarness(t, published(all(approvalRequired, annotated(v1alpha1.AnnotationApprovedGeneration, "1"))))
	h.call()
	h.change(func(p *v1alpha1.PublishRequest) { p.Spec.SiteID = 5 })
	h.call()
	h.expect("Ready=True/Published")
	h.retitle("Other")
	calls := len(h.site.Calls())
	h.call()
	h.expect("Ready=True/AwaitingApproval", "Synced=False/AwaitingApproval", "Published=True/Published")
	if len(h.site.Calls()) != calls {
		t.Error("the site was called without approval")
	}
	h.checkHealth(status.CurrentStatus)
	h.quiet("nobody has approved")
	h.annotate(v1alpha1.AnnotationApprovedGeneration, "3")
	h.call()
	h.expect("Ready=True/Published", "Synced=True/Succeeded")
	h.checkHealth(status.CurrentStatus)
	h.quiet("updated")
}

// TestAnApprovalIsOfOneContent: the generation does not change with the
// ConfigMap, and what was approved is not what is in it now.
func TestAnApprovalIsOfOneContent(t *testing.T) {
	text := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: "team", Name: "text"}, Data: map[string]string{"body": "<p>Approved.</p>"}}
	h := newHarness(t, text, published(all(approvalRequired, annotated(v1alpha1.AnnotationApprovedGeneration, "1"), func(p *v1alpha1.PublishRequest) {
		p.Spec.Content = v1alpha1.Content{Type: v1alpha1.ContentTypeConfigMap, Format: v1alpha1.ContentFormatHTML, ConfigMap: v1alpha1.ConfigMapKeyReference{Name: "text", Key: "body"}}
	})))
	h.call()
	h.expect("Ready=True/Published")
	h.quiet("the approval is used")
	writeText := func(body string) {
		if err := h.client.Get(t.Context(), client.ObjectKeyFromObject(text), text); err != nil {
			t.Fatal(err)
		}
		text.Data["body"] = body
		if err := h.client.Update(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
	writeText("<p>Not seen by anybody.</p>")
	calls := len(h.site.Calls())
	h.call()
	ready := readyOf(h.expect("Ready=True/AwaitingApproval", "Synced=False/AwaitingApproval", "Published=True/Published"))
	if len(h.site.Calls()) != calls {
		t.Error("the site was called for a content that nobody approved")
	}
	h.checkHealth(status.CurrentStatus)
	h.quiet("nobody has approved")
	_, value, _ := strings.Cut(ready.Message, `to "`)
	value, _, _ = strings.Cut(value, `"`)
	h.annotate(v1alpha1.AnnotationApprovedGeneration, value)
	h.call()
	h.expect("Ready=True/Published", "Synced=True/Succeeded")
	if got := h.site.Content(1); !strings.Contains(got, "Not seen") {
		t.Errorf("with the approval %q the site has %q", value, got)
	}
	h.quiet("updated")
	writeText("<p>Another.</p>")
	h.call()
	h.expect("Ready=True/AwaitingApproval")
	writeText("<p>Not seen by anybody.</p>")
	h.call()
	h.expect("Ready=True/Published", "Synced=True/Succeeded")
}

// TestAnApprovalThatHadNothingToWriteIsUsed: it was given for what is there.
func TestAnApprovalThatHadNothingToWriteIsUsed(t *testing.T) {
	text := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: "team", Name: "text"}, Data: map[string]string{"body": "<p>Approved.</p>"}}
	h := newHarness(t, text, published(all(approvalRequired, annotated(v1alpha1.AnnotationApprovedGeneration, "1"), func(p *v1alpha1.PublishRequest) {
		p.Spec.Content = v1alpha1.Content{Type: v1alpha1.ContentTypeConfigMap, Format: v1alpha1.ContentFormatHTML, ConfigMap: v1alpha1.ConfigMapKeyReference{Name: "text", Key: "body"}}
	})))
	h.call()
	h.change(func(p *v1alpha1.PublishRequest) { p.Spec.SiteID = 5 })
	h.call()
	h.expect("Ready=True/Published")
	h.annotate(v1alpha1.AnnotationApprovedGeneration, "2")
	h.reconcile()
	h.quiet("nothing was to be written")
	if err := h.client.Get(t.Context(), client.ObjectKeyFromObject(text), text); err != nil {
		t.Fatal(err)
	}
	text.Data["body"] = "<p>Not seen by anybody.</p>"
	if err := h.client.Update(t.Context(), text); err != nil {
		t.Fatal(err)
	}
	calls := len(h.site.Calls())
	h.call()
	h.expect("Ready=True/AwaitingApproval", "Synced=False/AwaitingApproval")
	if len(h.site.Calls()) != calls {
		t.Error("the site was called for a content that nobody approved")
	}
}

// TestAPostIsNotMadeAnewUnapproved: the post is gone, and what would come in its
// place is another text than the one that was approved.
func TestAPostIsNotMadeAnewUnapproved(t *testing.T) {
	h := newHarness(t, published(all(approvalRequired, annotated(v1alpha1.AnnotationApprovedGeneration, "1"))))
	h.call()
	h.site.Delete(1)
	h.retitle("Second")
	h.annotate(v1alpha1.AnnotationApprovedGeneration, "2")
	h.call()
	h.expect("Ready=False/PostDeleted")
	h.retitle("Third")
	calls := len(h.site.Calls())
	h.call()
	h.expect("Ready=True/AwaitingApproval")
	if len(h.site.Calls()) != calls || len(h.site.Posts()) != 0 {
		t.Errorf("%d posts, %d calls; want nothing that nobody approved", len(h.site.Posts()), len(h.site.Calls())-calls)
	}
	h.annotate(v1alpha1.AnnotationApprovedGeneration, "3")
	h.call()
	h.expect("Ready=True/Published")
}

// TestACallFromALateCacheIsNotMade: a ticket that was left by a reconcile which
// had not seen the newest status ends before the site is called.
func TestACallFromALateCacheIsNotMade(t *testing.T) {
	h := newHarness(t, published(nil))
	h.call()
	h.retitle("Other")
	late := newScope(h.get(), start)
	late.integration = h.integration()
	j := job{request: helloName, uid: "uid-1", generation: 2, integration: late.integration, basis: "of an older status"}
	calls := len(h.site.Calls())
	call := h.Reconciler.call(t.Context(), j)
	if !errors.Is(call.err, errBehind) || len(h.site.Calls()) != calls {
		t.Errorf("%v, %d calls; want errBehind, none", call.err, len(h.site.Calls())-calls)
	}
	h.calls.Leave(sitegate.Ticket[callResult]{
		Site: "uid-blog", Object: helloName, Revision: late.revision(),
		Do: func(context.Context) callResult { return call },
	})
	h.awaitCall()
	if got := h.quiet("the cache is late"); got.RequeueAfter != time.Second {
		t.Errorf("again after %s, want 1s", got.RequeueAfter)
	}
	h.call()
	h.expect("Ready=True/Published", "Synced=True/Succeeded")
	h.checkHealth(status.CurrentStatus)
}

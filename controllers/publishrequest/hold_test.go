// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/client-go/util/workqueue"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

func annotated(name, value string) func(*v1alpha1.PublishRequest) {
	return func(p *v1alpha1.PublishRequest) { p.Annotations = map[string]string{name: value} }
}

func all(changes ...func(*v1alpha1.PublishRequest)) func(*v1alpha1.PublishRequest) {
	return func(p *v1alpha1.PublishRequest) {
		for _, change := range changes {
			change(p)
		}
	}
}

func approvalRequired(p *v1alpha1.PublishRequest) { p.Spec.Approval = v1alpha1.ApprovalRequired }
func releaseManual(p *v1alpha1.PublishRequest)    { p.Spec.Release = v1alpha1.ReleaseManual }
func releaseAuto(p *v1alpha1.PublishRequest)      { p.Spec.Release = v1alpha1.ReleaseAuto }
func future(p *v1alpha1.PublishRequest)           { p.Spec.Status = v1alpha1.PostStatusFuture }
func inAnHour(p *v1alpha1.PublishRequest) {
	p.Spec.PublishTime = metav1.NewTime(start.Add(time.Hour))
}

// TestHolds: the site is down in each case, and none of those that are held says so.
func TestHolds(t *testing.T) {
	released := func(i *v1alpha1.WordPressIntegration) {
		i.Status.AutoPublish.CurrentRun.Released = []string{"x", "uid-1"}
	}
	cases := map[string]struct {
		reason      string
		request     func(*v1alpha1.PublishRequest)
		integration func(*v1alpha1.WordPressIntegration)
		want        string // the reason of Ready
		message     string // a part of it
		again       time.Duration
	}{
		"Nothing":         {reason: "without a hold it is the site that is waited for", want: v1alpha1.ReasonIntegrationNotReady},
		"Approval":        {reason: "nobody approved", request: approvalRequired, want: v1alpha1.ReasonAwaitingApproval, message: `approved-generation to "1"`},
		"ApprovedOther":   {reason: "another generation is another text", request: all(approvalRequired, annotated(v1alpha1.AnnotationApprovedGeneration, "2")), want: v1alpha1.ReasonAwaitingApproval},
		"ApprovedRoughly": {reason: "exactly means exactly", request: all(approvalRequired, annotated(v1alpha1.AnnotationApprovedGeneration, "01")), want: v1alpha1.ReasonAwaitingApproval},
		"Approved":        {reason: "this generation is approved", request: all(approvalRequired, annotated(v1alpha1.AnnotationApprovedGeneration, "1")), want: v1alpha1.ReasonIntegrationNotReady},
		"Time":            {reason: "its time is to come", request: inAnHour, want: v1alpha1.ReasonScheduled, message: "publishTime", again: time.Hour},
		"TimeFarAhead": {reason: "the clock may be wrong, and be set before that", want: v1alpha1.ReasonScheduled, again: time.Hour, request: func(p *v1alpha1.PublishRequest) {
			p.Spec.PublishTime = metav1.NewTime(start.AddDate(9, 0, 0))
		}},
		"TimeAfterApproval": {reason: "the approval comes first, and its time is not waited for twice", request: all(approvalRequired, inAnHour), want: v1alpha1.ReasonAwaitingApproval},
		"TimePast":          {reason: "its time is past", request: func(p *v1alpha1.PublishRequest) { p.Spec.PublishTime = metav1.NewTime(start) }, want: v1alpha1.ReasonIntegrationNotReady},
		"TimeFuture":        {reason: "its time is the site's affair", request: all(inAnHour, future), want: v1alpha1.ReasonIntegrationNotReady},
		"TimeFutureByDefault": {reason: "so it is if the integration says so", request: inAnHour, want: v1alpha1.ReasonIntegrationNotReady,
			integration: func(i *v1alpha1.WordPressIntegration) {
				i.Spec.Publishing.Defaults.Status = v1alpha1.PostStatusFuture
			}},
		"TimeFutureUnapproved": {reason: "what nobody approved is not handed over", request: all(inAnHour, future, approvalRequired), want: v1alpha1.ReasonAwaitingApproval},
		"Manual":               {reason: "nobody released it", request: releaseManual, want: v1alpha1.ReasonAwaitingRelease, message: "release-requested-at"},
		"ManualAfterTime":      {reason: "the time comes before the release", request: all(releaseManual, inAnHour), want: v1alpha1.ReasonScheduled, again: time.Hour},
		"ManualReleased":       {reason: "somebody did", request: all(releaseManual, annotated(v1alpha1.AnnotationReleaseRequestedAt, "now")), want: v1alpha1.ReasonIntegrationNotReady},
		"ManualHandled": {
			reason: "a value that led to a post once leads to no other", want: v1alpha1.ReasonAwaitingRelease,
			request: all(releaseManual, annotated(v1alpha1.AnnotationReleaseRequestedAt, "now"), func(p *v1alpha1.PublishRequest) {
				p.Status.LastHandled = []v1alpha1.NamedValue{{Name: v1alpha1.AnnotationReleaseRequestedAt, Value: "now"}}
			}),
		},
		"AutoDisabled": {reason: "nothing will release it, and it says what would", request: releaseAuto, want: v1alpha1.ReasonAwaitingRelease,
			message: `auto-publish of WordPressIntegration "blog" is Disabled; set publishing.autoPublish.mode`},
		"Auto": {reason: "a run will", request: releaseAuto, want: v1alpha1.ReasonAwaitingRelease, message: "waits for a run",
			integration: func(i *v1alpha1.WordPressIntegration) {
				i.Spec.Publishing.AutoPublish.Mode = v1alpha1.AutoPublishScheduled
			}},
		"AutoReleased": {reason: "a run did, whatever the mode is now", request: releaseAuto, integration: released, want: v1alpha1.ReasonIntegrationNotReady},
		"AutoOutstanding": {reason: "an earlier run did", request: releaseAuto, want: v1alpha1.ReasonIntegrationNotReady,
			integration: func(i *v1alpha1.WordPressIntegration) { i.Status.AutoPublish.Outstanding = []string{"uid-1"} }},
		"AutoReleasedUnapproved": {reason: "a release is no approval", request: all(releaseAuto, approvalRequired), integration: released, want: v1alpha1.ReasonAwaitingApproval},
		"AutoWithoutIntegration": {reason: "without an integration nothing can release it", want: v1alpha1.ReasonIntegrationNotFound,
			request: all(releaseAuto, func(p *v1alpha1.PublishRequest) { p.Spec.IntegrationRef.Name = "nope" })},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, published(tc.request))
			h.replaceIntegration(func(i *v1alpha1.WordPressIntegration) {
				connect(i, metav1.ConditionFalse, v1alpha1.ReasonTimeout, start)
				if tc.integration != nil {
					tc.integration(i)
				}
			})
			result := h.reconcile()
			request := h.get()
			ready := readyOf(request)
			if ready.Reason != tc.want || !strings.Contains(ready.Message, tc.message) || result.RequeueAfter != tc.again {
				t.Errorf("%s: Ready is %s: %s, again after %s; want %s, %s, %s", tc.reason, ready.Reason, ready.Message, result.RequeueAfter, tc.want, tc.message, tc.again)
			}
			if isHold(ready) {
				checkHeld(t, request)
			}
			h.quiet("a hold costs one write")
			if len(h.recorder.Events) != 0 {
				t.Error("an Event although nothing happened")
			}
		})
	}
}

func readyOf(p *v1alpha1.PublishRequest) *metav1.Condition {
	return (&scope{request: p}).condition(v1alpha1.ConditionReady)
}

// checkHeld holds the status against the table of health: nothing is wrong.
func checkHeld(t *testing.T, request *v1alpha1.PublishRequest) {
	t.Helper()
	ready := readyOf(request)
	if !has(request.Status.Conditions, "Published=False/"+ready.Reason) || ready.Status != metav1.ConditionTrue || len(request.Status.Conditions) != 2 {
		t.Errorf("conditions %s", show(request.Status.Conditions))
	}
	object, err := runtime.DefaultUnstructuredConverter.ToUnstructured(request)
	if err != nil {
		t.Fatal(err)
	}
	if result, err := status.Compute(&unstructured.Unstructured{Object: object}); err != nil || result.Status != status.CurrentStatus {
		t.Errorf("kstatus says %v (%v), want Current", result, err)
	}
}

func TestAHoldEndsAndThePostIsMade(t *testing.T) {
	annotate := func(name, value string) func(*harness) {
		return func(h *harness) { h.annotate(name, value) }
	}
	cases := map[string]struct {
		request func(*v1alpha1.PublishRequest)
		end     func(*harness)
	}{
		"Approval": {approvalRequired, annotate(v1alpha1.AnnotationApprovedGeneration, "1")},
		"Time":     {inAnHour, func(h *harness) { h.clock.Step(time.Hour) }},
		"Manual":   {releaseManual, annotate(v1alpha1.AnnotationReleaseRequestedAt, "now")},
		"Auto":     {releaseAuto, func(h *harness) { h.autoRelease("uid-1") }},
		"NotNeeded": {releaseManual, func(h *harness) {
			h.change(func(p *v1alpha1.PublishRequest) { p.Spec.Release = v1alpha1.ReleaseImmediate })
		}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, published(tc.request))
			h.reconcile()
			checkHeld(t, h.get())
			tc.end(h)
			writes := h.writes
			h.call()
			h.expect("Ready=True/Published", "Published=True/Published")
			if h.writes != writes+1 || len(h.site.Posts()) != 1 {
				t.Errorf("%d writes, %d posts; want one of each", h.writes-writes, len(h.site.Posts()))
			}
			h.quiet("published")
		})
	}
}

// annotate sets an annotation, which leaves the generation as it is.
func (h *harness) annotate(name, value string) {
	h.t.Helper()
	request := h.get()
	request.Annotations = map[string]string{name: value}
	if err := h.client.Update(h.t.Context(), request); err != nil {
		h.t.Fatal(err)
	}
}

func (h *harness) autoRelease(uids ...string) {
	h.t.Helper()
	integration := &v1alpha1.WordPressIntegration{}
	if err := h.client.Get(h.t.Context(), client.ObjectKey{Namespace: "team", Name: "blog"}, integration); err != nil {
		h.t.Fatal(err)
	}
	integration.Status.AutoPublish.CurrentRun = v1alpha1.AutoPublishRun{StartTime: metav1.NewTime(h.clock.Now()), Released: uids}
	if err := h.client.Status().Update(h.t.Context(), integration); err != nil {
		h.t.Fatal(err)
	}
}

// TestAReleaseIsHandledWithThePost: through failures and restarts the request
// stays released, and then the value is used up.
func TestAReleaseIsHandledWithThePost(t *testing.T) {
	h := newHarness(t, published(all(releaseManual, annotated(v1alpha1.AnnotationReleaseRequestedAt, "monday"))))
	h.site.SetHook(func(*http.Request) wordpresstest.Fault { return wordpresstest.Fault{Drop: true} })
	h.call()
	request := h.expect("Ready=False/ConnectionFailed")
	if len(request.Status.LastHandled) != 0 {
		t.Errorf("handled %v before there is a post", request.Status.LastHandled)
	}
	h.site.SetHook(nil)
	h.clock.Step(2 * time.Minute)
	h.call()
	request = h.expect("Ready=True/Published")
	want := []v1alpha1.NamedValue{{Name: v1alpha1.AnnotationReleaseRequestedAt, Value: "monday"}}
	if diff := cmp.Diff(want, request.Status.LastHandled); diff != "" {
		t.Errorf("lastHandled (-want +got):\n%s", diff)
	}
}

func TestAFailureAfterAHoldDoesNotSpeakOfIt(t *testing.T) {
	h := newHarness(t, published(releaseManual))
	h.reconcile()
	h.site.SetHook(func(*http.Request) wordpresstest.Fault { return wordpresstest.Fault{Drop: true} })
	h.annotate(v1alpha1.AnnotationReleaseRequestedAt, "now")
	h.call()
	if request := h.expect("Ready=False/ConnectionFailed"); (&scope{request: request}).condition(v1alpha1.ConditionPublished) != nil {
		t.Errorf("Published still tells of the hold: %s", show(request.Status.Conditions))
	}
}

func TestAHoldTakesBackWhatWasPlanned(t *testing.T) {
	t.Run("Retry", func(t *testing.T) {
		h := newHarness(t, published(nil))
		h.site.SetHook(func(*http.Request) wordpresstest.Fault { return wordpresstest.Fault{Drop: true} })
		h.call()
		h.change(approvalRequired)
		h.reconcile()
		checkHeld(t, h.get())
		h.site.SetHook(nil)
		h.annotate(v1alpha1.AnnotationApprovedGeneration, "2")
		h.call() // at once, not when the retry was planned
		h.expect("Ready=True/Published")
	})
	t.Run("Ticket", func(t *testing.T) {
		h := newHarness(t, published(all(approvalRequired, annotated(v1alpha1.AnnotationApprovedGeneration, "1"))))
		h.annotate(v1alpha1.AnnotationApprovedGeneration, "2")
		call := h.Reconciler.call(t.Context(), job{request: helloName, uid: "uid-1", generation: 1, integration: h.integration()})
		if !errors.Is(call.err, errStale) || len(h.site.Posts()) != 0 {
			t.Errorf("a call whose approval was taken back meanwhile: %v, %d posts", call.err, len(h.site.Posts()))
		}
	})
}

func TestAChangedSpecIsHeldAnew(t *testing.T) {
	h := newHarness(t, published(all(approvalRequired, inAnHour, annotated(v1alpha1.AnnotationApprovedGeneration, "1"))))
	h.reconcile()
	h.expect("Ready=True/Scheduled")
	h.change(func(p *v1alpha1.PublishRequest) { p.Spec.Title = "Another" })
	h.reconcile()
	if request := h.expect("Ready=True/AwaitingApproval"); request.Status.ObservedGeneration != 2 {
		t.Errorf("observed generation %d, want 2", request.Status.ObservedGeneration)
	}
}

func TestPostsAreNotHeldAfterwards(t *testing.T) {
	h := newHarness(t, published(nil))
	h.call()
	h.change(all(approvalRequired, releaseAuto))
	h.call()
	h.expect("Ready=True/Published", "Published=True/Published")
}

func TestOnlyThoseThatARunReleasesAreWoken(t *testing.T) {
	other := published(func(p *v1alpha1.PublishRequest) { p.Name, p.UID = "other", "uid-2" })
	third := published(func(p *v1alpha1.PublishRequest) { p.Name, p.UID = "third", "uid-3" })
	cases := map[string]struct {
		reason        string
		before, after v1alpha1.AutoPublishStatus
		want          []string
	}{
		"FirstRun":  {"a run wakes whom it releases", run(nil), run([]string{"uid-1", "uid-2"}), []string{"hello", "other"}},
		"NextRun":   {"who is carried over was woken before", run([]string{"uid-1"}), run([]string{"uid-2"}, "uid-1"), []string{"other"}},
		"NoRun":     {"a write of anything else wakes nobody", run([]string{"uid-1"}, "uid-2"), run([]string{"uid-1"}, "uid-2"), nil},
		"GoneSince": {"a UID without a request wakes nobody", run(nil), run([]string{"uid-9", "uid-3"}), []string{"third"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, published(nil), other.DeepCopy(), third.DeepCopy())
			before, after := h.integration(), h.integration()
			before.Status.AutoPublish, after.Status.AutoPublish = tc.before, tc.after
			queue := workqueue.NewTypedRateLimitingQueue(workqueue.DefaultTypedControllerRateLimiter[reconcile.Request]())
			defer queue.ShutDown()
			h.enqueueReleased(t.Context(), event.UpdateEvent{ObjectOld: before, ObjectNew: after}, queue)
			got := sets.New[string]()
			for range queue.Len() {
				item, _ := queue.Get()
				got.Insert(item.Name)
			}
			if diff := cmp.Diff(sets.New(tc.want...), got); diff != "" {
				t.Errorf("%s: woken (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func run(released []string, outstanding ...string) v1alpha1.AutoPublishStatus {
	return v1alpha1.AutoPublishStatus{CurrentRun: v1alpha1.AutoPublishRun{Released: released}, Outstanding: outstanding}
}

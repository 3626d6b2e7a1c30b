// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

func TestDeletionPolicies(t *testing.T) {
	cases := map[string]struct {
		reason                string
		request, integration  v1alpha1.DeletionPolicy
		patches, calls, posts int
		event                 string
	}{
		"Default":             {"the post stays, and nothing is written", "", "", 0, 0, 1, ""},
		"Retain":              {"the same", "Retain", "Delete", 0, 0, 1, ""},
		"Trash":               {"one write before the post, one after it", "Trash", "", 2, 1, 1, "Normal PostRemoved post 1 (" /* url */},
		"Delete":              {"the same", "Delete", "Trash", 2, 1, 0, "Normal PostRemoved post 1 ("},
		"TrashOfIntegration":  {"its default counts", "", "Trash", 2, 1, 1, "Normal PostRemoved post 1 ("},
		"DeleteOfIntegration": {"its default counts", "", "Delete", 2, 1, 0, "Normal PostRemoved post 1 ("},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, withPolicy(tc.request))
			h.changeIntegration(func(i *v1alpha1.WordPressIntegration) { i.Spec.Publishing.DeletionPolicy = tc.integration })
			guarded := false
			h.site.SetHook(func(*http.Request) wordpresstest.Fault {
				guarded = guarded || len(h.get().Finalizers) > 0
				return wordpresstest.Fault{}
			})
			h.call()
			h.quiet("published")
			<-h.recorder.Events
			if want := tc.patches > 0; guarded != want {
				t.Errorf("%s: finalizer %t when the site was called, want %t", tc.reason, guarded, want)
			}
			h.site.SetHook(nil)
			writes := h.writes
			h.delete()
			if tc.calls > 0 {
				h.call()
			}
			h.expectGone(tc.event)
			if h.patches != tc.patches || h.removals() != tc.calls || len(h.site.Posts()) != tc.posts || h.writes != writes {
				t.Errorf("%s: %d patches, %d calls, %d posts, %d status writes; want %d, %d, %d, 0",
					tc.reason, h.patches, h.removals(), len(h.site.Posts()), h.writes-writes, tc.patches, tc.calls, tc.posts)
			}
			if tc.event == "" {
				h.expectKept()
			}
		})
	}
}

func TestTheFinalizerFollowsThePolicy(t *testing.T) {
	cases := map[string]func(*harness, v1alpha1.DeletionPolicy){
		"OfTheRequest": func(h *harness, policy v1alpha1.DeletionPolicy) {
			h.change(func(p *v1alpha1.PublishRequest) { p.Spec.DeletionPolicy = policy })
		},
		"OfTheIntegration": func(h *harness, policy v1alpha1.DeletionPolicy) {
			h.changeIntegration(func(i *v1alpha1.WordPressIntegration) { i.Spec.Publishing.DeletionPolicy = policy })
		},
		"OfASuspendedRequest": func(h *harness, policy v1alpha1.DeletionPolicy) {
			h.change(func(p *v1alpha1.PublishRequest) { p.Spec.DeletionPolicy, p.Spec.Suspend = policy, true })
		},
	}
	for name, set := range cases {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, published(nil))
			h.call()
			for i, policy := range []v1alpha1.DeletionPolicy{"Trash", "Delete", "Retain", "Trash"} {
				set(h, policy)
				h.reconcile()
				want := policy != v1alpha1.DeletionPolicyRetain
				if got := slices.Contains(h.get().Finalizers, v1alpha1.FinalizerPost); got != want {
					t.Errorf("step %d: finalizer %t under %s, want %t", i, got, policy, want)
				}
			}
			for h.calls.Stats().Waiting+h.calls.Stats().InFlight > 0 {
				h.awaitCall()
			}
			if h.patches != 3 || len(h.site.Posts()) != 1 {
				t.Errorf("%d patches, %d posts; want 3: one for each change", h.patches, len(h.site.Posts()))
			}
		})
	}
	t.Run("OthersStay", func(t *testing.T) {
		h := newHarness(t, published(func(p *v1alpha1.PublishRequest) {
			p.Finalizers, p.Spec.DeletionPolicy = []string{"example.com/other"}, v1alpha1.DeletionPolicyTrash
		}))
		h.call()
		h.delete()
		h.call()
		if got := h.get().Finalizers; len(got) != 1 || got[0] != "example.com/other" {
			t.Errorf("finalizers %v, want the other one", got)
		}
		h.expectTrashed()
		h.quiet("it is somebody else's to let go")
	})
	t.Run("NoCallWithoutIt", func(t *testing.T) {
		h := newHarness(t, withPolicy(v1alpha1.DeletionPolicyTrash))
		h.failPatch, h.noEffect = errors.New("conflict"), true
		h.expectError()
		if stats := h.Stats(); stats.Waiting+stats.InFlight+len(h.site.Calls()) != 0 {
			t.Errorf("%+v, %d calls; want none before the finalizer is on", stats, len(h.site.Calls()))
		}
		h.call()
		h.expect("Ready=True/Published")
	})
	t.Run("AHeldRequestHasNone", func(t *testing.T) {
		h := newHarness(t, published(func(p *v1alpha1.PublishRequest) {
			p.Spec.Release, p.Spec.DeletionPolicy = v1alpha1.ReleaseManual, v1alpha1.DeletionPolicyTrash
		}))
		h.reconcile()
		h.expect("Ready=True/AwaitingRelease")
		h.delete()
		h.expectGone("")
	})
}

// TestCrashesAroundARemoval: the process dies, or a write fails, and the post is
// removed once.
func TestCrashesAroundARemoval(t *testing.T) {
	died := func(h *harness) { h.calls.Forget(helloName); h.told.Clear() }
	cases := map[string]struct {
		reason string
		crash  func(*harness)
		calls  int
	}{
		"BeforeTheCall": {"nothing has happened yet", func(h *harness) { died(h) }, 1},
		"AfterTheCall":  {"the site says what is so", func(h *harness) { h.reconcile(); h.awaitCall(); died(h) }, 2},
		"PatchRefused": {"the outcome is kept, and told once", func(h *harness) {
			h.reconcile()
			h.awaitCall()
			h.failPatch, h.noEffect = errors.New("conflict"), true
			h.expectError()
		}, 1},
		"PatchUnanswered": {"the request is gone", func(h *harness) {
			h.reconcile()
			h.awaitCall()
			h.failPatch = errors.New("reset")
			h.expectError()
		}, 1},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			h := toBeTrashed(t)
			tc.crash(h)
			for i := 0; i < 3 && !h.isGone(); i++ {
				if h.reconcile(); !h.isGone() {
					h.awaitCall()
				}
			}
			if n := len(h.recorder.Events); n != 1 {
				t.Errorf("%s: %d events, want 1", tc.reason, n)
			}
			h.expectGone("Normal PostRemoved post 1 (")
			h.expectTrashed()
			if got := h.removals(); got != tc.calls {
				t.Errorf("%s: %d calls, want %d", tc.reason, got, tc.calls)
			}
		})
	}
}

func (h *harness) expectError() {
	h.t.Helper()
	if _, err := h.Reconcile(h.t.Context(), ctrl.Request{NamespacedName: helloName}); err == nil {
		h.t.Error("the failed write is not reported")
	}
}

func TestAPostWhoseAnswerWasLostGoesByItsKey(t *testing.T) {
	h := newHarness(t, withPolicy(v1alpha1.DeletionPolicyDelete))
	h.crash()
	if len(h.site.Posts()) != 1 || h.get().Status.Post.ID != 0 {
		t.Fatal("want a post that the status does not know of")
	}
	h.delete()
	h.call()
	h.expectGone(`Normal PostRemoved the post of content key "team/hello"`)
	if len(h.site.Posts()) != 0 || h.site.CountCalls(http.MethodDelete, "publish") != 1 {
		t.Errorf("%d posts are left after %d calls by key", len(h.site.Posts()), h.site.CountCalls(http.MethodDelete, "publish"))
	}
}

func TestAPostWithAnotherIDGoesByItsKey(t *testing.T) {
	h := newHarness(t, withPolicy(v1alpha1.DeletionPolicyDelete))
	h.call()
	h.moved()
	<-h.recorder.Events
	h.delete()
	h.call()
	h.expectGone("Normal PostRemoved post 1 (")
	if len(h.site.Posts()) != 0 {
		t.Errorf("the site has %+v", h.site.Posts())
	}
}

func TestARemovalIsRetriedUntilTheSiteConfirms(t *testing.T) {
	answer := func(status int, problem string) *wordpresstest.Answer {
		if problem == "" {
			return &wordpresstest.Answer{Status: status}
		}
		return wordpresstest.Problem(status, problem, "Because.")
	}
	cases := map[string]struct {
		reason  string
		answer  *wordpresstest.Answer
		want    string
		waits   []time.Duration
		retests int
		history int
	}{
		"ServerError": {"as a publish, without an end of its own", answer(502, ""), "ServerError",
			[]time.Duration{time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute}, 4, 4},
		"Forbidden": {"a person may give the user the right meanwhile", answer(403, "forbidden"), "Forbidden",
			[]time.Duration{time.Minute, 2 * time.Minute}, 0, 2},
		"Refused": {"the integration looks into it", answer(401, "key-unknown"), "CredentialsRefused",
			[]time.Duration{time.Minute, time.Minute}, 2, 1},
		"Locked": {"the editor is closed some time", answer(423, "post-locked"), "InProgress",
			[]time.Duration{5 * time.Second, 10 * time.Second, 20 * time.Second}, 0, 0},
		"InProgress": {"the post is being made at this moment", answer(409, "in-progress"), "InProgress",
			[]time.Duration{5 * time.Second, 10 * time.Second}, 0, 0},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			h := toBeTrashed(t)
			before := len(h.get().Status.History)
			h.site.SetHook(func(*http.Request) wordpresstest.Fault { return wordpresstest.Fault{Answer: tc.answer} })
			for i, want := range tc.waits {
				if got := h.call(); got.RequeueAfter != want {
					t.Errorf("%s: wait %d is %s, want %s", tc.reason, i, got.RequeueAfter, want)
				}
				request := h.expect("Ready=False/"+tc.want, "Reconciling=True/ProgressingWithRetry")
				if got := request.Status.Attempts.Count; got != int32(i+1) {
					t.Errorf("%d attempts, want %d", got, i+1)
				}
				h.quiet("not due yet")
				h.checkHealth(status.TerminatingStatus)
				h.clock.Step(want)
			}
			if got := len(h.get().Status.History) - before; got != tc.history || h.retests != tc.retests {
				t.Errorf("%s: %d in the history, %d tests of the connection; want %d, %d", tc.reason, got, h.retests, tc.history, tc.retests)
			}
			h.site.SetHook(nil)
			h.call()
			h.expectGone("Normal PostRemoved post 1 (")
			h.expectTrashed()
		})
	}
}

func TestAPostThatIsGoneCountsAsRemoved(t *testing.T) {
	cases := map[string]func(*harness){
		"Deleted": func(h *harness) { h.site.Delete(1) },
		"Trashed": func(h *harness) { h.site.Trash(1) },
		"NotFound": func(h *harness) {
			h.site.SetHook(func(*http.Request) wordpresstest.Fault {
				return wordpresstest.Fault{Answer: wordpresstest.Problem(http.StatusNotFound, "post-not-found", "")}
			})
		},
	}
	for name, lose := range cases {
		t.Run(name, func(t *testing.T) {
			h := toBeTrashed(t)
			lose(h)
			h.call()
			h.expectGone("Normal PostRemoved post 1 (")
		})
	}
}

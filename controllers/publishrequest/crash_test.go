// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"errors"
	"net/http"
	"testing"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

// crash ends the process that made a call, before it wrote what came of it.
func (h *harness) crash() {
	h.t.Helper()
	h.reconcile()
	h.awaitCall()
	h.calls.Forget(helloName)
}

func TestCrashesAroundAnUpdate(t *testing.T) {
	cases := map[string]struct {
		reason string
		crash  func(*harness)
		calls  int // until the update is recorded
	}{
		"AfterTheUpdate":        {"the same update is sent again, and nothing is written", (*harness).crash, 2},
		"AnotherChangeMeantime": {"our own write, whose answer was lost, is no conflict", func(h *harness) { h.crash(); h.retitle("Third") }, 3},
		"StatusWriteRefused":    {"the outcome is kept", func(h *harness) { h.failStatusWrite(func() { h.annotate("x", "y") }) }, 1},
		"StatusWriteUnanswered": {"it is in the status", func(h *harness) { h.failStatusWrite(func() { h.failWrite = errors.New("reset") }) }, 1},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, published(nil))
			h.call()
			h.retitle("Other")
			calls := len(h.site.Calls())
			tc.crash(h)
			h.converge()
			request := h.expect("Ready=True/Published", "Synced=True/Succeeded")
			if got := h.site.Posts()[0]; got.Title != request.Spec.Title || request.Status.Post.ContentHash != got.ContentHash || len(h.site.Posts()) != 1 {
				t.Errorf("%s: the site has %+v", tc.reason, got)
			}
			if got := len(h.site.Calls()) - calls; got != tc.calls || len(request.Status.History) != 2 {
				t.Errorf("%s: %d calls, %d in the history; want %d, 2", tc.reason, got, len(request.Status.History), tc.calls)
			}
			h.checkHealth(status.CurrentStatus)
			h.quiet("updated")
		})
	}
}

// converge reconciles until what is wanted is the case.
func (h *harness) converge() {
	h.t.Helper()
	const most = 5
	for range most {
		h.reconcile()
		request := h.get()
		if ready := readyOf(request); ready.Status == metav1.ConditionTrue && ready.ObservedGeneration == request.Generation {
			return
		}
		h.call()
	}
	h.t.Fatalf("not Ready after %d calls: %s", most, show(h.get().Status.Conditions))
}

// failStatusWrite has the write of a call's outcome fail.
func (h *harness) failStatusWrite(how func()) {
	h.t.Helper()
	h.reconcile()
	h.awaitCall()
	h.beforeWrite = how
	if _, err := h.Reconcile(h.t.Context(), ctrl.Request{NamespacedName: helloName}); err == nil {
		h.t.Error("the failed write is not reported")
	}
}

// TestAFailureIsRecordedOnce: the answer to the status write gets lost, and what
// is in the status is not taken for news.
func TestAFailureIsRecordedOnce(t *testing.T) {
	h := newHarness(t, published(nil))
	h.site.SetHook(func(*http.Request) wordpresstest.Fault { return wordpresstest.Fault{Drop: true} })
	h.failStatusWrite(func() { h.failWrite = errors.New("reset") })
	h.quiet("it is in the status")
	request := h.expect("Ready=False/ConnectionFailed")
	if len(request.Status.History) != 1 || request.Status.Attempts.Count != 1 {
		t.Errorf("%d in the history, %d attempts; want one of each", len(request.Status.History), request.Status.Attempts.Count)
	}
	h.checkHealth(status.InProgressStatus)
}

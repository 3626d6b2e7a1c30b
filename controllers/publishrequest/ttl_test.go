// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"errors"
	"strings"
	"testing"
	"time"

	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

func expiring(seconds int32, change func(*v1alpha1.PublishRequest)) *v1alpha1.PublishRequest {
	return published(func(p *v1alpha1.PublishRequest) {
		p.Spec.TTLSecondsAfterPublished = &seconds
		if change != nil {
			change(p)
		}
	})
}

// expectExpired checks that the request is gone, and its post is not.
func (h *harness) expectExpired() {
	h.t.Helper()
	if !h.isGone() {
		h.t.Fatal("the request is still there")
	}
	last := ""
	for n := len(h.recorder.Events); n > 0; n-- {
		last = <-h.recorder.Events
	}
	if !strings.HasPrefix(last, "Normal Expired deleted after ttlSecondsAfterPublished; post 1 stays: ") {
		h.t.Errorf("the last event is %q", last)
	}
	h.expectKept()
	if n := h.removals(); n != 0 {
		h.t.Errorf("%d calls to remove the post", n)
	}
}

func TestAFinishedRequestIsDeletedInTime(t *testing.T) {
	for _, policy := range []v1alpha1.DeletionPolicy{"", "Retain", "Trash", "Delete"} {
		t.Run("Policy"+string(policy), func(t *testing.T) {
			h := newHarness(t, expiring(5400, func(p *v1alpha1.PublishRequest) { p.Spec.DeletionPolicy = policy }))
			if got := h.call(); got.RequeueAfter != time.Hour {
				t.Errorf("looks again after %s, want 1h, as at any time of the calendar", got.RequeueAfter)
			}
			h.clock.Step(time.Hour)
			if got := h.quiet("not yet"); got.RequeueAfter != 30*time.Minute {
				t.Errorf("looks again after %s, want 30m", got.RequeueAfter)
			}
			h.clock.Step(30*time.Minute - time.Second)
			h.quiet("not yet")
			writes := h.writes
			h.clock.Step(time.Second)
			h.reconcile()
			h.expectExpired()
			if h.writes != writes {
				t.Errorf("%d status writes, want none", h.writes-writes)
			}
		})
	}
	t.Run("AtOnce", func(t *testing.T) {
		h := newHarness(t, expiring(0, nil))
		if got := h.call(); got.RequeueAfter != time.Second {
			t.Errorf("looks again after %s, want 1s: the outcome is written first", got.RequeueAfter)
		}
		h.reconcile()
		h.expectExpired()
	})
	t.Run("SetLater", func(t *testing.T) {
		h := newHarness(t, published(nil))
		h.call()
		h.clock.Step(time.Hour)
		h.quiet("no time is set")
		ttl := int32(60)
		h.change(func(p *v1alpha1.PublishRequest) { p.Spec.TTLSecondsAfterPublished = &ttl })
		h.call() // to find that nothing of the post changes
		h.reconcile()
		h.expectExpired()
	})
}

// TestAnUnfinishedRequestStays: it is deleted only when nothing is left to do.
func TestAnUnfinishedRequestStays(t *testing.T) {
	cases := map[string]func(*harness){
		"Draft": func(h *harness) {
			h.change(func(p *v1alpha1.PublishRequest) { p.Spec.Status = v1alpha1.PostStatusDraft })
		},
		"Suspended": func(h *harness) { h.change(func(p *v1alpha1.PublishRequest) { p.Spec.Suspend = true }) },
		"Changed":   func(h *harness) { h.change(func(p *v1alpha1.PublishRequest) { p.Spec.Title = "Other" }) },
		"Retry":     func(h *harness) { h.annotate(v1alpha1.AnnotationRetryRequestedAt, "now") },
		"Gone": func(h *harness) {
			h.site.Delete(1)
			h.change(func(p *v1alpha1.PublishRequest) {
				p.Spec.Title, p.Spec.MissingPolicy = "Other", v1alpha1.MissingPolicyLeave
			})
			h.call()
		},
	}
	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, expiring(60, nil))
			h.call()
			change(h)
			h.clock.Step(time.Minute)
			h.reconcile()
			if h.isGone() {
				t.Error("the request is gone")
			}
		})
	}
}

// TestCrashesAroundAnExpiry: the finalizer is off, or not, and the post stays.
func TestCrashesAroundAnExpiry(t *testing.T) {
	cases := map[string]func(*harness){
		"PatchRefused":    func(h *harness) { h.failPatch, h.noEffect = errors.New("conflict"), true },
		"PatchUnanswered": func(h *harness) { h.failPatch = errors.New("reset") },
	}
	for name, fail := range cases {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, expiring(60, func(p *v1alpha1.PublishRequest) { p.Spec.DeletionPolicy = v1alpha1.DeletionPolicyDelete }))
			h.call()
			h.clock.Step(time.Minute)
			fail(h)
			if _, err := h.Reconcile(t.Context(), ctrl.Request{NamespacedName: helloName}); err == nil {
				t.Error("the failed write is not reported")
			}
			h.reconcile()
			h.expectExpired()
		})
	}
}

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

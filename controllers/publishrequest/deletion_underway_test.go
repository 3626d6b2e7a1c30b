// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"net/http"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

// TestTheRemovalUnderWayDecides: what comes in the way while the site takes the
// post away does not have it told that the post stays.
func TestTheRemovalUnderWayDecides(t *testing.T) {
	disconnect := func(h *harness) { h.connect(metav1.ConditionFalse, v1alpha1.ReasonDNSFailed) }
	cases := map[string]struct {
		reason string
		during func(*harness)
		fails  bool
		event  string
	}{
		"IntegrationGone":       {"the site has done it", (*harness).removeIntegration, false, `Normal PostRemoved PublishRequest "hello": post 1 (`},
		"IntegrationGoneFailed": {"nobody will", (*harness).removeIntegration, true, `Warning PostOrphaned PublishRequest "hello": post 1 (`},
		"IntegrationDown":       {"the site has done it", disconnect, false, `Normal PostRemoved PublishRequest "hello": post 1 (`},
		"DeadlineOver":          {"the site has done it", func(h *harness) { h.clock.Step(2 * time.Hour) }, false, `Normal PostRemoved PublishRequest "hello": post 1 (`},
		"DeadlineOverFailed":    {"there is no time left", func(h *harness) { h.clock.Step(2 * time.Hour) }, true, `Warning PostOrphaned PublishRequest "hello": post 1 (`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			h := toBeTrashed(t)
			h.terminateNamespace()
			release, arrived := make(chan struct{}), make(chan struct{})
			h.site.SetHook(func(*http.Request) wordpresstest.Fault {
				close(arrived)
				return wordpresstest.Fault{Hold: release, Drop: tc.fails}
			})
			h.reconcile()
			<-arrived
			h.site.SetHook(nil)
			tc.during(h)
			h.reconcile()
			if h.isGone() {
				t.Fatal("the request is gone before the call has ended")
			}
			close(release)
			h.awaitCall()
			h.reconcile()
			if tc.fails && !h.isGone() {
				h.reconcile() // which looks at the time after the outcome
			}
			h.expectGone(tc.event)
			if h.removals() != 1 {
				t.Errorf("%s: %d removals, want one", tc.reason, h.removals())
			}
			if tc.fails {
				h.expectKept()
				return
			}
			h.expectTrashed()
		})
	}
}

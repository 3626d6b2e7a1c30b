// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package faults

import (
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

// workloads are what the tests go through, the same ones for all of them.
var workloads = sync.OnceValue(func() []*workload {
	return []*workload{
		{
			name:  "create",
			steps: []step{connect(), publish("hello"), published("hello"), connected()},
		},
		{
			name:    "update",
			prepare: []step{connect(), connected(), publish("hello"), published("hello")},
			steps:   []step{change("hello", retitle), published("hello")},
		},
		conflictWorkload(),
		scheduleWorkload(),
		retryWorkload(),
		adoptWorkload(),
		rotateWorkload(),
		batchWorkload(),
		deleteWorkload(),
		imagesWorkload(),
	}
})

// conflictWorkload: posts were edited at the site when their requests change,
// and each policy, and each answer of a person, ends it.
func conflictWorkload() *workload {
	policies := []struct {
		name   string
		policy v1alpha1.ConflictPolicy
	}{
		{"source", v1alpha1.ConflictPolicyPreferSource},
		{"site", v1alpha1.ConflictPolicyPreferSite},
		{"overwritten", v1alpha1.ConflictPolicyManual},
		{"kept", v1alpha1.ConflictPolicyManual},
	}
	w := &workload{name: "conflict", prepare: []step{connect(), connected()}}
	for _, p := range policies {
		w.prepare = append(w.prepare, publish(p.name, func(r *v1alpha1.PublishRequest) { r.Spec.ConflictPolicy = p.policy }), published(p.name))
		w.steps = append(w.steps, edit(p.name), change(p.name, retitle))
	}
	answered := func(side string) func(*v1alpha1.PublishRequest) {
		return annotated[*v1alpha1.PublishRequest](v1alpha1.AnnotationResolveConflict, side)
	}
	w.steps = append(w.steps,
		awaitRequest("source", "Ready=True/Published", "Synced=True/Succeeded"),
		awaitRequest("site", "Ready=True/Published", "Synced=False/Conflict", "Conflict=True/Conflict"),
		awaitRequest("overwritten", "Stalled=True/Conflict"), change("overwritten", answered("source")),
		awaitRequest("kept", "Stalled=True/Conflict"), change("kept", answered("site")),
		awaitRequest("overwritten", "Ready=True/Published", "Synced=True/Succeeded"),
		awaitRequest("kept", "Ready=True/Published", "Synced=True/Succeeded"),
	)
	return w
}

// scheduleWorkload: requests wait for their time, for a run of auto-publish, for
// an approval and for a person.
func scheduleWorkload() *workload {
	held := func(mode v1alpha1.ReleaseMode) func(*v1alpha1.PublishRequest) {
		return func(r *v1alpha1.PublishRequest) { r.Spec.Release = mode }
	}
	return &workload{
		name: "schedule",
		prepare: []step{connect(func(i *v1alpha1.WordPressIntegration) {
			i.Spec.Publishing.AutoPublish.Mode = v1alpha1.AutoPublishImmediate
		}), connected()},
		steps: []step{
			publish("timed", inSeconds(4)),
			publish("auto", held(v1alpha1.ReleaseAuto)),
			publish("manual", held(v1alpha1.ReleaseManual)),
			publish("approved", func(r *v1alpha1.PublishRequest) { r.Spec.Approval = v1alpha1.ApprovalRequired }),
			awaitRequest("manual", "Ready=True/AwaitingRelease"),
			awaitRequest("approved", "Ready=True/AwaitingApproval"),
			change("manual", annotated[*v1alpha1.PublishRequest](v1alpha1.AnnotationReleaseRequestedAt, "now")),
			change("approved", approve),
			published("manual"), published("approved"), published("auto"), published("timed"),
		},
	}
}

// retryWorkload: the site is overloaded until the request has given up; then it
// is well, and a person asks for a retry. A crash costs one attempt at most: that
// of which nothing was written down.
func retryWorkload() *workload {
	return &workload{
		name: "retry",
		site: func(s *space) {
			s.site.SetHook(func(r *http.Request) wordpresstest.Fault {
				if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/publish") {
					return wordpresstest.Fault{Answer: wordpresstest.Problem(http.StatusServiceUnavailable, "unavailable", "Too much to do.")}
				}
				return wordpresstest.Fault{}
			})
		},
		prepare: []step{connect(), connected()},
		steps: []step{
			publish("hello"), awaitRequest("hello", "Stalled=True/RetriesExhausted"),
			func(s *space) error { s.site.SetHook(nil); return nil },
			change("hello", annotated[*v1alpha1.PublishRequest](v1alpha1.AnnotationRetryRequestedAt, "now")),
			published("hello"),
			atMostCalls(http.MethodPost, "publish", 3+1+1),
		},
	}
}

// atMostCalls bounds the calls of a route.
func atMostCalls(method, route string, most int) step {
	return func(s *space) error {
		if n := s.site.CountCalls(method, route); n > most {
			return fmt.Errorf("%d calls of %s %s, want at most %d", n, method, route, most)
		}
		return nil
	}
}

// adoptWorkload: the posts of requests that are gone are taken over, with the
// same text and with another one.
func adoptWorkload() *workload {
	sameKey := func(r *v1alpha1.PublishRequest) { r.Spec.ContentKey = "key-of-same" }
	otherKey := func(r *v1alpha1.PublishRequest) { r.Spec.ContentKey = "key-of-other" }
	return &workload{
		name: "adopt",
		prepare: []step{
			connect(), connected(), publish("same"), publish("other"), published("same"), published("other"), remove("same"), remove("other"),
		},
		steps: []step{
			publish("heir-of-same", sameKey, func(r *v1alpha1.PublishRequest) {
				r.Spec.Title, r.Spec.Content.Inline = "Title of same", "Text of *same*."
			}),
			publish("heir-of-other", otherKey),
			awaitRequest("heir-of-same", "Ready=True/Adopted", "Synced=True/Succeeded"),
			awaitRequest("heir-of-other", "Ready=True/Adopted", "Synced=True/Succeeded"),
		},
	}
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package faults

import (
	"fmt"
	"net/http"
	"time"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

const (
	// batchPosts wait for the one slot of a site that takes its time, and so
	// share a call.
	batchPosts = 7
	batchDelay = 400 * time.Millisecond
)

// batchWorkload: more requests at once than the site takes calls.
func batchWorkload() *workload {
	w := &workload{
		name: "batch",
		site: func(s *space) {
			s.site.SetHook(func(r *http.Request) wordpresstest.Fault {
				if r.Method == http.MethodPost {
					return wordpresstest.Fault{Delay: batchDelay}
				}
				return wordpresstest.Fault{}
			})
		},
		prepare: []step{connect(func(i *v1alpha1.WordPressIntegration) { i.Spec.Publishing.MaxConcurrent = 1 }), connected()},
	}
	for i := range batchPosts {
		w.steps = append(w.steps, publish(fmt.Sprintf("post-%d", i)))
	}
	for i := range batchPosts {
		w.steps = append(w.steps, published(fmt.Sprintf("post-%d", i)))
	}
	return w
}

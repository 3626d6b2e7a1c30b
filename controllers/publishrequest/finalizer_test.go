// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"testing"

	"sigs.k8s.io/controller-runtime/pkg/event"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

func TestALostFinalizerWakes(t *testing.T) {
	with := func(finalizers ...string) *v1alpha1.PublishRequest {
		return published(func(p *v1alpha1.PublishRequest) { p.Finalizers = finalizers })
	}
	cases := map[string]struct {
		reason        string
		before, after *v1alpha1.PublishRequest
		want          bool
	}{
		"Lost":   {"the object was replaced by one without", with(v1alpha1.FinalizerPost), with(), true},
		"Others": {"somebody else's is no matter of ours", with("example.com/x", v1alpha1.FinalizerPost), with(v1alpha1.FinalizerPost), false},
		"Added":  {"it was put on", with(), with(v1alpha1.FinalizerPost), false},
		"Never":  {"there is none", with(), with(), false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := lostFinalizer(event.UpdateEvent{ObjectOld: tc.before, ObjectNew: tc.after}); got != tc.want {
				t.Errorf("%s: %t, want %t", tc.reason, got, tc.want)
			}
		})
	}
}

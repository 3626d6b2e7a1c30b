// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/phase"
)

// checkSupported stalls a request that asks for something this version does not
// do: nothing is silently ignored.
func (r *Reconciler) checkSupported(_ context.Context, s *scope) (phase.Result, error) {
	if s.recorded {
		return phase.Proceed, nil
	}
	fields := unsupported(&s.request.Spec)
	if len(fields) == 0 {
		return phase.Proceed, nil
	}
	r.calls.Forget(s.name())
	return s.stall(&problem{v1alpha1.ReasonNotYetSupported,
		fmt.Sprintf("this version does not support %s; remove it, or set the default", strings.Join(fields, ", "))})
}

// checkPostType stalls a request for a post type that the integration does not
// allow. What is published already stays what it is.
func (r *Reconciler) checkPostType(_ context.Context, s *scope) (phase.Result, error) {
	if s.recorded || s.integration == nil || s.request.Status.Post.ID != 0 {
		return phase.Proceed, nil
	}
	allowed, wanted := s.integration.Spec.Publishing.AllowedPostTypes, postType(s.request, s.integration)
	if len(allowed) == 0 || slices.Contains(allowed, wanted) {
		return phase.Proceed, nil
	}
	r.calls.Forget(s.name())
	return s.stall(&problem{v1alpha1.ReasonPostTypeNotAllowed,
		fmt.Sprintf("WordPressIntegration %q does not allow the post type %q; change postType, or add it to publishing.allowedPostTypes", s.integration.Name, wanted)})
}

// unsupported names the fields of a spec that have no effect yet.
func unsupported(spec *v1alpha1.PublishRequestSpec) []string {
	var fields []string
	add := func(set bool, field string) {
		if set {
			fields = append(fields, field)
		}
	}
	add(spec.ConflictPolicy == v1alpha1.ConflictPolicyMerge, "conflictPolicy Merge")
	add(spec.Origin == v1alpha1.OriginSite, "origin")
	return fields
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"context"
	"fmt"
	"strings"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// checkSupported stalls a request that asks for something this version does not
// do: nothing is silently ignored.
func (r *Reconciler) checkSupported(_ context.Context, s *scope) (result, error) {
	fields := unsupported(&s.request.Spec)
	if len(fields) == 0 {
		return proceed, nil
	}
	r.calls.Forget(s.name())
	return s.stall(&problem{v1alpha1.ReasonNotYetSupported,
		fmt.Sprintf("this version does not support %s; remove it, or set the default", strings.Join(fields, ", "))})
}

// unsupported names the fields of a spec that have no effect yet.
func unsupported(spec *v1alpha1.PublishRequestSpec) []string {
	var fields []string
	add := func(set bool, field string) {
		if set {
			fields = append(fields, field)
		}
	}
	add(spec.Content.Type == v1alpha1.ContentTypeObject, "content.type Object")
	add(spec.Status == v1alpha1.PostStatusFuture, "status Future")
	add(!spec.PublishTime.IsZero(), "publishTime")
	add(spec.Release != "" && spec.Release != v1alpha1.ReleaseImmediate, "release")
	add(spec.Approval == v1alpha1.ApprovalRequired, "approval")
	add(len(spec.Taxonomies) > 0, "taxonomies")
	add(spec.SEO.CanonicalURL != "", "seo.canonicalURL")
	add(spec.SEO.Index != "", "seo.index")
	add(spec.FeaturedImage.Source.Type != "", "featuredImage")
	add(len(spec.Gallery) > 0, "gallery")
	add(len(spec.CustomFields) > 0, "customFields")
	add(spec.ConflictPolicy != "", "conflictPolicy")
	add(spec.DeletionPolicy != "" && spec.DeletionPolicy != v1alpha1.DeletionPolicyRetain, "deletionPolicy")
	add(spec.MissingPolicy != "" && spec.MissingPolicy != v1alpha1.MissingPolicyRecreate, "missingPolicy")
	add(spec.Origin == v1alpha1.OriginSite, "origin")
	add(spec.TTLSecondsAfterPublished != nil, "ttlSecondsAfterPublished")
	return fields
}

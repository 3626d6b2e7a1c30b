// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"errors"
	"fmt"
	"maps"

	apimeta "k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/fieldmapping"
)

// customFields are the entries of post meta: those of the integration's mappings,
// and the request's own, which are nearer. The site refuses those that it protects
// by name.
func customFields(spec *v1alpha1.PublishRequestSpec, mapped map[string]any) map[string]any {
	if len(spec.CustomFields)+len(mapped) == 0 {
		return nil
	}
	meta := map[string]any{}
	maps.Copy(meta, mapped)
	for _, field := range spec.CustomFields {
		meta[field.Name] = field.Value
	}
	return meta
}

// robots are the directives to search engines. Index asks for none: what keeps
// them away is taken back, and what the site says by default is its own affair.
func robots(index v1alpha1.SEOIndex) []string {
	if index == v1alpha1.SEOIndexNoIndex {
		return []string{"noindex"}
	}
	return nil
}

// mappedFields evaluates the mappings of the integration over a spec that its
// front matter has filled in.
func (r *Reconciler) mappedFields(request *v1alpha1.PublishRequest, integration *v1alpha1.WordPressIntegration) (map[string]any, error) {
	set, err := r.mappings.Get(integration)
	if err != nil {
		return nil, errHeld // the integration is about to say so
	}
	meta, err := set.Evaluate(request)
	var failed *fieldmapping.Error
	if errors.As(err, &failed) {
		return nil, &contentError{problem{v1alpha1.ReasonFieldMappingFailed,
			fmt.Sprintf("WordPressIntegration %q cannot map this request: %s", integration.Name, failed)}}
	}
	return meta, err
}

// mappingsDigest is of the mappings that what is wanted depends on. Those that
// cannot be used change nothing about the posts that are there.
func (s *scope) mappingsDigest() string {
	if s.integration == nil || hasUnusableMappings(s.integration) {
		return s.request.Status.Source.FieldMappingsDigest
	}
	return fieldmapping.Digest(s.integration.Spec.FieldMappings)
}

func hasUnusableMappings(integration *v1alpha1.WordPressIntegration) bool {
	stalled := apimeta.FindStatusCondition(integration.Status.Conditions, v1alpha1.ConditionStalled)
	return stalled != nil && stalled.Status == metav1.ConditionTrue && stalled.Reason == v1alpha1.ReasonFieldMappingInvalid
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import "github.com/igny8/wordpress-operator/api/v1alpha1"

// customFields are the request's own entries of post meta. The site refuses
// those that it protects by name.
func customFields(spec *v1alpha1.PublishRequestSpec) map[string]any {
	if len(spec.CustomFields) == 0 {
		return nil
	}
	meta := map[string]any{}
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

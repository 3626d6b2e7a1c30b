// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import "github.com/igny8/wordpress-operator/api/v1alpha1"

// StripContent is the cache transform of PublishRequests: it drops what only a
// call to the site needs, which reads the request live. An Update of a cached
// request would erase it; statuses are patched.
func StripContent(object any) (any, error) {
	if request, ok := object.(*v1alpha1.PublishRequest); ok {
		request.Spec.Content.Inline = ""
		request.ManagedFields = nil
	}
	return object, nil
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"context"
	"errors"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/fetch"
)

// maxBody is how many bytes a content may have that is read from elsewhere. With
// what JSON adds to it, and with the rest of a post, it fits into the 5 MiB of one
// call (docs/spec/rest-api.md).
const maxBody = 4 << 20

// body reads the content of a request from where it is kept. What cannot be read
// is a *fetch.Error.
func (r *Reconciler) body(ctx context.Context, request *v1alpha1.PublishRequest, result *callResult) (string, error) {
	var (
		got *fetch.Bytes
		err error
	)
	switch request.Spec.Content.Type {
	case v1alpha1.ContentTypeObject:
		got, err = r.Fetch.Object(ctx, request.Namespace, request.Spec.Content.Object, maxBody)
	case v1alpha1.ContentTypeConfigMap:
		got, err = r.Fetch.ConfigMap(ctx, request.Namespace, request.Spec.Content.ConfigMap, maxBody)
		result.sourceVersion = versionOf(got, err)
	default:
		result.read = true
		return request.Spec.Content.Inline, nil
	}
	if err != nil {
		return "", err
	}
	result.read, result.bodyDigest = true, got.Digest()
	return string(got.Data), nil
}

// versionOf is that of the ConfigMap that was looked at, also in vain: the next
// version of it wakes the request.
func versionOf(got *fetch.Bytes, err error) string {
	var unread *fetch.Error
	switch {
	case got != nil:
		return got.Version
	case errors.As(err, &unread):
		return unread.Version
	}
	return ""
}

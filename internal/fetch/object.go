// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package fetch

import (
	"context"
	"fmt"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// Object reads bytes outside of the cluster's store, up to limit bytes: at a URL,
// where they must have the digest, or in a bucket.
func (f *Fetcher) Object(ctx context.Context, namespace string, ref v1alpha1.ObjectReference, limit int64) (*Bytes, error) {
	if ref.BucketRef.Name != "" {
		return f.bucketObject(ctx, namespace, ref, limit)
	}
	got, err := f.URL(ctx, ref.URL, limit)
	if err != nil {
		return nil, err
	}
	if digest := got.Digest(); digest != ref.Digest {
		return nil, &Error{Reason: v1alpha1.ReasonDigestMismatch, Message: fmt.Sprintf(
			"the bytes at object.url have the digest %s, not the %s of object.digest: they are others than those meant; correct the digest, or put back the bytes", digest, ref.Digest)}
	}
	return got, nil
}

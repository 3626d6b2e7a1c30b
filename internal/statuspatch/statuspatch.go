// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package statuspatch writes the status of an object by one merge patch, and
// only when it changed: an empty patch costs the API server as much as a real
// one, and an update would erase what the cached object does not hold. The patch
// carries the version it was made from, so that what is said of one object never
// lands on another that took its name.
package statuspatch

import (
	"context"
	"fmt"

	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// Patcher remembers an object as it was read.
type Patcher struct {
	writer client.StatusClient
	before client.Object
}

// New returns a Patcher for changes that are made to the object from now on.
func New(writer client.StatusClient, object client.Object) *Patcher {
	return &Patcher{writer: writer, before: object.DeepCopyObject().(client.Object)}
}

// Patch writes what changed since New and says whether that was anything. The
// object is not changed by the answer: it stays what the caller made of it. An
// object that was written meanwhile is a conflict (apierrors.IsConflict).
func (p *Patcher) Patch(ctx context.Context, object client.Object) (bool, error) {
	if equality.Semantic.DeepEqual(p.before, object) {
		return false, nil // as nearly always; the patch would take both as JSON
	}
	data, err := client.MergeFromWithOptions(p.before, client.MergeFromWithOptimisticLock{}).Data(object)
	if err != nil {
		return false, fmt.Errorf("compute status patch: %w", err)
	}
	if string(data) == fmt.Sprintf(`{"metadata":{"resourceVersion":%q}}`, p.before.GetResourceVersion()) {
		return false, nil // what differs is not written, such as parts of a second
	}
	answer := object.DeepCopyObject().(client.Object)
	if err := p.writer.Status().Patch(ctx, answer, client.RawPatch(types.MergePatchType, data)); err != nil {
		return false, fmt.Errorf("patch status: %w", err)
	}
	return true, nil
}

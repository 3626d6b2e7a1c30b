// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package phase

import (
	"time"

	"k8s.io/client-go/util/workqueue"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
)

const (
	// minBackoff is the time until a reconcile that failed is tried again; it
	// doubles with each failure in a row.
	minBackoff = 5 * time.Millisecond
	// maxBackoff bounds it. What fails a reconcile is the API server, never a
	// site: by the queue's own bound of 1000 s, objects would be left alone for a
	// quarter of an hour after an outage of that length. Ten thousand objects that
	// fail are 300 tries a second.
	maxBackoff = 30 * time.Second
)

// NewBackoff returns the backoff of a controller's queue.
func NewBackoff() workqueue.TypedRateLimiter[reconcile.Request] {
	return workqueue.NewTypedItemExponentialFailureRateLimiter[reconcile.Request](minBackoff, maxBackoff)
}

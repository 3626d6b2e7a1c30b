// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package phase

import (
	"testing"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/reconcile"
)

// TestAnOutageIsOverSoonAfterIt: however long the API server has failed, objects
// are looked at within the bound once it is back.
func TestAnOutageIsOverSoonAfterIt(t *testing.T) {
	b, outage := NewBackoff(), time.Hour
	var request reconcile.Request
	if first := b.When(request); first != minBackoff {
		t.Errorf("the first try is after %s, want %s", first, minBackoff)
	}
	for waited := time.Duration(0); waited < outage; {
		delay := b.When(request)
		if delay > maxBackoff {
			t.Fatalf("after %s of failures, the next try is in %s, want at most %s", waited, delay, maxBackoff)
		}
		waited += delay
	}
	b.Forget(request)
	if next := b.When(request); next != minBackoff {
		t.Errorf("after a success, the next failure is tried again in %s, want %s", next, minBackoff)
	}
}

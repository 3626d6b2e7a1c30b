// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package pace

import (
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/types"
)

func TestWritesAreSpacedForEachObject(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	a, b := types.NamespacedName{Namespace: "n", Name: "a"}, types.NamespacedName{Namespace: "n", Name: "b"}
	p := New(10 * time.Second)
	expect := func(name types.NamespacedName, after, want time.Duration) {
		t.Helper()
		if got := p.Wait(name, start.Add(after)); got != want {
			t.Errorf("%s waits %s after %s, want %s", name.Name, got, after, want)
		}
	}
	expect(a, 0, 0)
	p.Wrote(a, start)
	expect(a, 0, 10*time.Second)
	expect(a, 4*time.Second, 6*time.Second)
	expect(a, time.Minute, 0)
	expect(b, 0, 0)
	p.Forget(a)
	expect(a, 0, 0)
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controlplane

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"
)

// shared is the control plane of a test binary. Starting one takes seconds, and tests keep
// apart by namespace.
var shared struct {
	sync.Mutex
	plane *ControlPlane
	err   error
}

// Shared returns the control plane that all tests of a binary share, started with default
// Options by the first one that asks. RunTests stops it.
func Shared(tb testing.TB) *ControlPlane {
	tb.Helper()
	shared.Lock()
	defer shared.Unlock()
	if shared.plane == nil && shared.err == nil {
		shared.plane, shared.err = Start(context.Background(), Options{})
	}
	if shared.err != nil {
		tb.Fatal(shared.err)
	}
	return shared.plane
}

// RunTests runs the tests of a package and stops the control plane they share, if any. It
// belongs into TestMain: os.Exit(controlplane.RunTests(m)).
func RunTests(m interface{ Run() int }) int {
	code := m.Run()
	shared.Lock()
	defer shared.Unlock()
	if shared.plane == nil {
		return code
	}
	if err := shared.plane.Stop(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = max(code, 1)
	}
	shared.plane = nil
	return code
}

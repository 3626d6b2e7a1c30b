// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controlplane_test

import (
	"os"
	"testing"

	"github.com/igny8/wordpress-operator/hack/controlplane"
)

func TestMain(m *testing.M) {
	os.Exit(controlplane.RunTests(m))
}

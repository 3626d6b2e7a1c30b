// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import (
	"testing"

	"github.com/igny8/wordpress-operator/internal/netguard"
)

func TestEveryFailureHasAKind(t *testing.T) {
	for _, failure := range netguard.Failures() {
		if failureKinds[failure] == "" {
			t.Errorf("failure %s has no kind", failure)
		}
	}
}

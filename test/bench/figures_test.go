// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"fmt"
	"testing"
)

// figure prints a line: name, value, goal, and whether it is reached. The goal is
// the highest value that is good.
func figure(name string, value, goal float64) bool {
	verdict := "ok"
	if value > goal {
		verdict = "short"
	}
	fmt.Printf("%-36s %12.5g %12s %s\n", name, value, fmt.Sprintf("<=%.5g", goal), verdict)
	return value <= goal
}

// count is a figure that can be counted exactly: missing its goal fails.
func count(t *testing.T, name string, value, goal float64) {
	t.Helper()
	if !figure(name, value, goal) {
		t.Errorf("%s is %.5g, want at most %.5g", name, value, goal)
	}
}

// atLeast is a count whose goal is the lowest value that is good.
func atLeast(t *testing.T, name string, value, goal float64) {
	t.Helper()
	verdict := "ok"
	if value < goal {
		verdict = "short"
		t.Errorf("%s is %.5g, want at least %.5g", name, value, goal)
	}
	fmt.Printf("%-36s %12.5g %12s %s\n", name, value, fmt.Sprintf(">=%.5g", goal), verdict)
}

// note prints a value that has no goal.
func note(name string, value float64) { fmt.Printf("%-36s %12.5g %12s\n", name, value, "-") }

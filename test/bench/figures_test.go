// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"fmt"
	"slices"
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
	if !lowFigure(name, value, goal) {
		t.Errorf("%s is %.5g, want at least %.5g", name, value, goal)
	}
}

// lowFigure is a figure whose goal is the lowest value that is good.
func lowFigure(name string, value, goal float64) bool {
	verdict := "ok"
	if value < goal {
		verdict = "short"
	}
	fmt.Printf("%-36s %12.5g %12s %s\n", name, value, fmt.Sprintf(">=%.5g", goal), verdict)
	return value >= goal
}

// fullFigure is a figure whose goal a short run says nothing about.
func fullFigure(name string, value, goal float64) {
	if *full {
		figure(name, value, goal)
		return
	}
	note(name, value)
}

// note prints a value that has no goal.
func note(name string, value float64) { fmt.Printf("%-36s %12.5g %12s\n", name, value, "-") }

// pairs is how many pairs of runs a ratio is made from.
const pairs = 9

// paired measures two ways in turn, A B, B A, A B and so on, so that a machine
// that gets slower or faster meanwhile does not favour either. It returns a/b of
// each pair.
func paired(n int, a, b func() float64) []float64 {
	ratios := make([]float64, n)
	for i := range ratios {
		var of [2]float64
		for _, way := range [][]int{{0, 1}, {1, 0}}[i%2] {
			of[way] = []func() float64{a, b}[way]()
		}
		ratios[i] = of[0] / of[1]
	}
	return ratios
}

func median(samples []float64) float64 {
	return slices.Sorted(slices.Values(samples))[len(samples)/2]
}

// atMost prints the median of ratios whose goal is the highest that is good, and
// how high it may be in truth.
func atMost(name string, ratios []float64, goal float64) {
	sorted := slices.Sorted(slices.Values(ratios))
	figure(name, median(ratios), goal)
	note(name+"_upper_bound", sorted[len(sorted)-rank(len(sorted))])
}

// noLess prints the median of ratios whose goal is the lowest that is good, and
// how low it may be in truth.
func noLess(name string, ratios []float64, goal float64) {
	sorted := slices.Sorted(slices.Values(ratios))
	lowFigure(name, median(ratios), goal)
	note(name+"_lower_bound", sorted[rank(len(sorted))-1])
}

// rank is that of the sample which the true median is below with a probability of
// at most 5 percent, whatever the distribution: the sign test. Of nine it is the
// second. Of less than five there is none, and the lowest stands for it.
func rank(n int) int {
	sum, term, all := 0.0, 1.0, 1.0
	for range n {
		all *= 2
	}
	for k := range n {
		if sum += term; sum/all > 0.05 {
			return max(1, k)
		}
		term = term * float64(n-k) / float64(k+1)
	}
	return 1
}

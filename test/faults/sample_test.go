// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package faults

import (
	"hash/fnv"
	"math/rand/v2"
)

// Shares of what there is that a short run goes through. They have no factor in
// common with the two moments of an effect and the six faults of a write, which
// take turns.
const (
	crashShare  = 7
	lateShare   = 3
	travelShare = 23
	faultShare  = 41
	watchShare  = 3
)

// sample chooses points by the seed: each of them is in the sample of some
// seed, and two points that are near each other rarely are in the same.
func sample[T any](name string, all []T, share int) []T {
	if *full {
		return all
	}
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(name)) // cannot fail
	offset := rand.New(rand.NewPCG(*seed, hash.Sum64())).IntN(share)
	var chosen []T
	for i := offset; i < len(all); i += share {
		chosen = append(chosen, all[i])
	}
	return chosen
}

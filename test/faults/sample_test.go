// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package faults

import (
	"hash/fnv"
	"math/rand/v2"
)

// sampleShare is which share of the crash points a short run goes through. It is
// odd: points before and after effects take turns.
const sampleShare = 9

// sample chooses crash points by the seed: each of them is in the sample of some
// seed, and two points that are near each other rarely are in the same.
func sample(name string, all []point) []point {
	if *full {
		return all
	}
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(name)) // cannot fail
	offset := rand.New(rand.NewPCG(*seed, hash.Sum64())).IntN(sampleShare)
	var chosen []point
	for i := offset; i < len(all); i += sampleShare {
		chosen = append(chosen, all[i])
	}
	return chosen
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package sitegate

import "time"

const (
	// firstBatch is how many tickets the first batch of a site has: nobody knows
	// yet how long the site takes over each.
	firstBatch = 5
	// leastBatch is what deserves the name.
	leastBatch = 2
	// mostBatch bounds the size that a site is known to be good for; tickets have
	// bounds of their own.
	mostBatch = 1024
	// batchRest is how long a site gets no batches after one that it was not up
	// to, or that it did not know.
	batchRest = 10 * time.Minute
)

// sizer finds how many tickets of a site may share a call. It grows as long as
// the calls end in their time, and halves with each that is not answered in
// full. The zero value knows nothing yet.
type sizer struct {
	size      int
	restUntil time.Time
}

// limit is how many tickets the next call may have.
func (z *sizer) limit(now time.Time) int {
	switch {
	case now.Before(z.restUntil):
		return 1
	case z.size == 0:
		return firstBatch
	}
	return z.size
}

// grow notes that n tickets were answered in a time; a call may take so long.
func (z *sizer) grow(n int, took, mayTake time.Duration, now time.Time) {
	size := min(2*max(n, z.size), mostBatch)
	if took > 0 && mayTake > 0 {
		size = min(size, int(time.Duration(n)*mayTake/took))
	}
	z.set(size, now)
}

// shrink notes that a call of n tickets was not answered in full.
func (z *sizer) shrink(n int, now time.Time) { z.set(n/2, now) }

// rest has the tickets go alone for a while.
func (z *sizer) rest(now time.Time) { z.set(0, now) }

func (z *sizer) set(size int, now time.Time) {
	z.size = max(size, leastBatch)
	if size < leastBatch {
		z.restUntil = now.Add(batchRest)
	}
}

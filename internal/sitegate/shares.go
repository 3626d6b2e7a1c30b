// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package sitegate

// headroom is how many times as many slots a namespace may hold as are free. A
// namespace on its own gets three quarters of all; two get as much each as leaves
// a seventh, and so on: whoever comes finds some free, however many calls of the
// others hang. (The dynamic thresholds of Choudhury and Hahne, 1998.)
const headroom = 3

// shares has the slots for calls to all sites together, and who holds them.
type shares struct {
	limit, inFlight int
	held            map[string]int // by namespace
}

func newShares(limit int) shares {
	return shares{limit: limit, held: map[string]int{}}
}

// allow says whether a namespace may have another slot. One that holds none may
// have any that is free.
func (s *shares) allow(namespace string) bool {
	free := s.limit - s.inFlight
	return free > 0 && (s.held[namespace] == 0 || s.held[namespace] < headroom*free)
}

func (s *shares) take(namespace string) {
	s.inFlight++
	s.held[namespace]++
}

func (s *shares) give(namespace string) {
	s.inFlight--
	if s.held[namespace]--; s.held[namespace] == 0 {
		delete(s.held, namespace)
	}
}

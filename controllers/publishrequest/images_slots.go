// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"context"
	"slices"
	"sync"
	"time"
)

const (
	// imagesInMemory is how many images are held at once, over all sites: twice
	// media.MaxBytes each while they are sent, of the 1 GiB that the manager's
	// container may have.
	imagesInMemory = 8
	// slotTimeout bounds the wait for a slot: meanwhile a call that publishes
	// something else could be made.
	slotTimeout = time.Minute
)

// imageSlots has the slots for images that are held in memory, and who holds
// them. A slot is held while an image is read and sent, as long as a slow site
// takes; so a namespace may take only as many as it leaves free, and one that
// holds none may have any. Those who may have one get it in the order they came.
type imageSlots struct {
	timeout time.Duration

	mu      sync.Mutex
	free    int
	held    map[string]int // by namespace
	waiting []*slotTurn
}

// slotTurn is one who waits for a slot.
type slotTurn struct {
	namespace string
	// granted is closed when the slot is taken for it.
	granted chan struct{}
}

func newImageSlots(slots int, timeout time.Duration) *imageSlots {
	return &imageSlots{timeout: timeout, free: slots, held: map[string]int{}}
}

// acquire waits for a slot. The error is errUnfinished if the wait is over
// without one, or that of the context.
func (s *imageSlots) acquire(ctx context.Context, namespace string) error {
	waiting, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	turn := s.enqueue(namespace)
	select {
	case <-turn.granted:
		return nil
	case <-waiting.Done():
	}
	s.withdraw(turn)
	if err := ctx.Err(); err != nil {
		return err
	}
	return errUnfinished
}

// release gives a slot back.
func (s *imageSlots) release(namespace string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.give(namespace)
	s.serve()
}

func (s *imageSlots) enqueue(namespace string) *slotTurn {
	s.mu.Lock()
	defer s.mu.Unlock()
	turn := &slotTurn{namespace, make(chan struct{})}
	s.waiting = append(s.waiting, turn)
	s.serve()
	return turn
}

// withdraw takes back a turn, or the slot that it was granted meanwhile.
func (s *imageSlots) withdraw(turn *slotTurn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.Index(s.waiting, turn); i >= 0 {
		s.waiting = slices.Delete(s.waiting, i, i+1)
		return
	}
	s.give(turn.namespace)
	s.serve()
}

// serve grants slots to those who may have one.
func (s *imageSlots) serve() {
	s.waiting = slices.DeleteFunc(s.waiting, func(turn *slotTurn) bool {
		if !s.allow(turn.namespace) {
			return false
		}
		s.free--
		s.held[turn.namespace]++
		close(turn.granted)
		return true
	})
}

func (s *imageSlots) allow(namespace string) bool {
	return s.free > 0 && (s.held[namespace] == 0 || s.held[namespace] < s.free)
}

func (s *imageSlots) give(namespace string) {
	s.free++
	if s.held[namespace]--; s.held[namespace] == 0 {
		delete(s.held, namespace)
	}
}

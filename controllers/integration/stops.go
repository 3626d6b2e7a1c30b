// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"context"
	"sync"

	"k8s.io/apimachinery/pkg/types"
)

// stops end work that takes many calls of a site. A dispatcher does not interrupt
// what runs, because a post may come of it; a reading has up to a hundred calls
// before it, and a site that is suspended is to be left alone.
type stops struct {
	mu   sync.Mutex
	ends map[types.NamespacedName]chan struct{}
}

func newStops() *stops { return &stops{ends: map[types.NamespacedName]chan struct{}{}} }

// signal returns what is closed when the work that is planned for the site now is
// to end, were it not begun yet.
func (s *stops) signal(name types.NamespacedName) <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	end, ok := s.ends[name]
	if !ok {
		end = make(chan struct{})
		s.ends[name] = end
	}
	return end
}

// stop ends what was planned for the site.
func (s *stops) stop(name types.NamespacedName) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if end, ok := s.ends[name]; ok {
		close(end)
		delete(s.ends, name)
	}
}

// until returns a context that ends with its parent or with the signal. The
// returned function has to be called when the work is done.
func until(parent context.Context, signal <-chan struct{}) (context.Context, func()) {
	ctx, cancel := context.WithCancel(parent)
	go func() {
		select {
		case <-signal:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

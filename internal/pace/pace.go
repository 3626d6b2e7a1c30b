// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package pace spaces the writes of a controller to each of its objects:
// hundreds of things may happen between two that are worth a write.
package pace

import (
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/types"
)

// Pace remembers when each object was last written. It is kept in memory: a
// restart costs one write more, if that has anything to say. It is safe for
// concurrent use.
type Pace struct {
	interval time.Duration

	mu     sync.Mutex
	writes map[types.NamespacedName]time.Time
}

// New returns a Pace with the least time between two writes to one object.
func New(interval time.Duration) *Pace {
	return &Pace{interval: interval, writes: map[types.NamespacedName]time.Time{}}
}

// Wrote notes a write.
func (p *Pace) Wrote(name types.NamespacedName, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.writes[name] = now
}

// Wait is how long the next write has to wait, 0 if it need not.
func (p *Pace) Wait(name types.NamespacedName, now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	last, ok := p.writes[name]
	if !ok {
		return 0
	}
	return max(0, last.Add(p.interval).Sub(now))
}

// Forget drops what is known of an object that is gone.
func (p *Pace) Forget(name types.NamespacedName) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.writes, name)
}

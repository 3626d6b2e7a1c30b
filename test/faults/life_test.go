// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package faults

import (
	"fmt"
	"io"
	"net"
	"slices"
	"sync"
	"syscall"
	"time"
)

// effect is what a process does to the world: a write to the API server, such as
// "patch publishrequests/status", or a call of the site, such as "POST publish".
type effect string

// isCall says that it is a call of the site, which has a method in place of a
// verb.
func (e effect) isCall() bool { return e[0] >= 'A' && e[0] <= 'Z' }

// moment is when a process dies: right before an effect, right after it, or right
// before one that happens all the same, later.
type moment string

const (
	before   moment = "before"
	after    moment = "after"
	outlived moment = "outlived by"
)

// point is a moment in the life of a process, at its n-th effect of a sort,
// counted from 1.
type point struct {
	effect effect
	nth    int
	moment moment
}

// String names the moment.
func (p point) String() string { return fmt.Sprintf("%s %s #%d", p.moment, p.effect, p.nth) }

// life is that of one process: what it has done, and when it dies. All its
// transports ask it before they do anything.
type life struct {
	mu sync.Mutex
	// end is where it dies, nil for never.
	end *point
	// armed says that effects are recorded, and that end counts.
	armed   bool
	effects []effect
	// lastTime is that of the last effect, armed or not.
	lastTime time.Time
	dead     chan struct{}
	streams  map[*stream]struct{}
}

func newLife() *life {
	return &life{dead: make(chan struct{}), streams: map[*stream]struct{}{}, lastTime: time.Now()}
}

// errDead is what a dead process is answered: nobody is there.
var errDead = &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}

// arm begins the record.
func (l *life) arm(end *point) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.armed, l.end = true, end
}

// fate is what becomes of an effect that a process is about to have.
type fate int

const (
	// refused: the process is dead.
	refused fate = iota
	happens
	// last: the process dies as soon as it has happened.
	last
	// late: the process is dead, and it happens all the same.
	late
)

// begin is asked before an effect.
func (l *life) begin(e effect) fate {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.isDead() {
		return refused
	}
	l.lastTime = time.Now()
	if !l.armed {
		return happens
	}
	l.effects = append(l.effects, e)
	if l.end == nil || l.end.effect != e || l.count(e) != l.end.nth {
		return happens
	}
	switch l.end.moment {
	case after:
		return last
	case outlived:
		l.kill()
		return late
	default:
		l.kill()
		return refused
	}
}

func (l *life) count(e effect) int {
	n := 0
	for _, done := range l.effects {
		if done == e {
			n++
		}
	}
	return n
}

// die ends the process: nothing of it works any more.
func (l *life) die() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.isDead() {
		l.kill()
	}
}

func (l *life) kill() {
	close(l.dead)
	for s := range l.streams {
		_ = s.ReadCloser.Close()
	}
}

// cut breaks off everything that is being read. The process lives on.
func (l *life) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for s := range l.streams {
		_ = s.ReadCloser.Close()
	}
}

func (l *life) isDead() bool {
	select {
	case <-l.dead:
		return true
	default:
		return false
	}
}

// isOver says whether the process is dead.
func (l *life) isOver() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.isDead()
}

// record returns what the process has done since it was armed.
func (l *life) record() []effect {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.effects)
}

// idleFor is how long the process has done nothing.
func (l *life) idleFor() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return time.Since(l.lastTime)
}

// stream is the body of an answer; it breaks off when the process dies.
type stream struct {
	io.ReadCloser
	life *life
}

func (l *life) stream(body io.ReadCloser) io.ReadCloser {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := &stream{ReadCloser: body, life: l}
	l.streams[s] = struct{}{}
	return s
}

// Read reads while the process lives.
func (s *stream) Read(p []byte) (int, error) {
	n, err := s.ReadCloser.Read(p)
	if s.life.isOver() {
		return 0, errDead
	}
	return n, err
}

// Close closes the body.
func (s *stream) Close() error {
	s.life.mu.Lock()
	delete(s.life.streams, s)
	s.life.mu.Unlock()
	return s.ReadCloser.Close()
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package faults

import (
	"errors"
	"sync"
	"time"
)

// keeper sees to it that an operator runs, as a Deployment does: when one has
// died, the next is started.
type keeper struct {
	space *space
	quit  chan struct{}
	done  chan struct{}

	mu      sync.Mutex
	current *process
	err     error
}

// keep starts the first operator and replaces those that die.
func (s *space) keep() (*keeper, error) {
	first, err := s.start(newLife())
	if err != nil {
		return nil, err
	}
	k := &keeper{space: s, quit: make(chan struct{}), done: make(chan struct{}), current: first}
	go k.run()
	return k, nil
}

func (k *keeper) run() {
	defer close(k.done)
	for {
		select {
		case <-k.quit:
			return
		case <-k.now().dead:
			if err := k.replace(); err != nil {
				k.mu.Lock()
				k.err = err
				k.mu.Unlock()
				return
			}
		}
	}
}

func (k *keeper) replace() error {
	k.space.log.addf("died")
	if err := k.now().stop(); err != nil {
		return err
	}
	next, err := k.space.start(newLife())
	if err != nil {
		return err
	}
	k.space.log.addf("started anew")
	k.mu.Lock()
	defer k.mu.Unlock()
	k.current = next
	return nil
}

// now is the operator of the moment.
func (k *keeper) now() *process {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.current
}

// awaitRestart waits until the successor of a life has begun.
func (k *keeper) awaitRestart(former *life) error {
	reach := time.NewTimer(reachPatience)
	defer reach.Stop()
	select {
	case <-former.dead:
	case <-reach.C:
		return errNotReached
	}
	return k.space.await(func() (bool, string) {
		return k.now().life != former, "the next operator has not started"
	})
}

// stop ends the keeper and the operator of the moment.
func (k *keeper) stop() error {
	close(k.quit)
	<-k.done
	return errors.Join(k.err, k.now().stop())
}

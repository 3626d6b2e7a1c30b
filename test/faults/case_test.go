// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package faults

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// workload is a part of the life of posts.
type workload struct {
	name string
	// prepare leads to where the record begins, and with it the crash points.
	prepare []step
	steps   []step
	// site sets the fake up.
	site func(*space)

	undisturbed sync.Once
	outcome     outcome
	err         error
}

// calm runs the workload undisturbed, once for all tests: to what it leaves all
// other runs are compared.
func (w *workload) calm(t *testing.T) (outcome, error) {
	w.undisturbed.Do(func() { w.outcome, w.err = w.run(t, sabotage{}, nil, nil) })
	return w.outcome, w.err
}

// errNotReached says that a run did not come to its crash point: the number of
// writes may differ by one where two changes met in one of them.
var errNotReached = errors.New("the crash point was not reached")

// reachPatience is how long after its steps a workload may still come to its
// crash point: what follows, such as an Event, is written within a moment.
const reachPatience = 3 * time.Second

// outcome is what came of a case.
type outcome struct {
	effects []effect
	ending  ending
}

// run goes through the workload, with a crash at end if that is not nil. What is
// left then is compared with want until it is the same.
func (w *workload) run(t *testing.T, sabotage sabotage, end *point, want *ending) (outcome, error) {
	s, err := newSpace(t, sabotage.site...)
	if err != nil {
		return outcome{}, err
	}
	s.obstruct = sabotage.obstruct
	if sabotage.patience > 0 {
		s.patience = sabotage.patience
	}
	o, err := w.runIn(s, end, want)
	if err != nil && !errors.Is(err, errNotReached) {
		err = fmt.Errorf("%w\n%s", err, s.log)
	}
	return o, err
}

func (w *workload) runIn(s *space, end *point, want *ending) (o outcome, err error) {
	if w.site != nil {
		w.site(s)
	}
	k, err := s.keep()
	if err != nil {
		return o, err
	}
	defer func() { err = errors.Join(err, k.stop()) }()
	if err := s.all(w.prepare); err != nil {
		return o, fmt.Errorf("prepare: %w", err)
	}
	if err := s.settle(); err != nil {
		return o, err
	}
	first := k.now()
	if err := s.noteVersion(); err != nil {
		return o, err
	}
	first.arm(end)
	s.log.addf("armed")
	if err := s.all(w.steps); err != nil {
		o.ending, _ = s.ending()
		return o, err
	}
	if end != nil {
		if err := k.awaitRestart(first.life); err != nil {
			return o, err
		}
	}
	o.ending, err = s.converge(want)
	o.effects = first.record()
	return o, err
}

// noteVersion notes how far the API server has come.
func (s *space) noteVersion() error {
	var list v1alpha1.PublishRequestList
	if err := s.client.List(context.Background(), &list, client.InNamespace(s.name)); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.armedVersion = list.ResourceVersion
	return nil
}

// settle waits until no operator has done anything for a time.
func (s *space) settle() error {
	return s.await(func() (bool, string) {
		return s.late.Load() == 0 && s.idle() >= quiet, "something is done all the time"
	})
}

// idle is how long no operator has done anything.
func (s *space) idle() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	shortest := time.Duration(1<<63 - 1)
	for _, l := range s.lives {
		shortest = min(shortest, l.idleFor())
	}
	return shortest
}

// converge waits until all is as it is wanted, and stays so. Without want, it
// waits until nothing happens any more.
func (s *space) converge(want *ending) (got ending, err error) {
	if want != nil {
		err = s.await(func() (bool, string) {
			if got, err = s.ending(); err != nil {
				return false, err.Error()
			}
			diff := s.diff(*want, got)
			return diff == "", "another ending than undisturbed (-want +got):\n" + diff
		})
		if err != nil {
			return got, err
		}
	}
	if err := s.settle(); err != nil {
		return got, err
	}
	got, err = s.ending()
	if err == nil && want != nil && s.diff(*want, got) != "" {
		err = fmt.Errorf("it did not stay so (-want +got):\n%s", s.diff(*want, got))
	}
	return got, err
}

func (s *space) diff(want, got ending) string { return cmp.Diff(want, got, cmpopts.EquateEmpty()) }

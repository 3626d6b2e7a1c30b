// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package phase runs a reconcile as a series of phases: each decides one thing,
// and either ends the reconcile or lets the next one have its say.
package phase

import (
	"context"
	"time"
)

// Result is what a phase returns.
type Result struct {
	// Done says that no further phase runs.
	Done bool
	// After is when to look at the object again; 0 means when something changes.
	After time.Duration
}

// Proceed lets the next phase have its say.
var Proceed = Result{}

// Done ends the reconcile until something changes.
func Done() Result { return Result{Done: true} }

// LongestWait is the longest time for which an object is left alone until a time
// of the calendar. A timer counts seconds: it does not notice that a clock which
// was wrong is set, or that the machine was asleep.
const LongestWait = time.Hour

// DoneFor ends the reconcile for a time, and at the most for [LongestWait].
func DoneFor(after time.Duration) Result {
	return Result{Done: true, After: min(after, LongestWait)}
}

// Func is one phase of a reconcile whose state is S.
type Func[S any] func(ctx context.Context, state S) (Result, error)

// Run runs phases in order until one of them ends the reconcile or fails.
func Run[S any](ctx context.Context, state S, phases ...Func[S]) (Result, error) {
	for _, phase := range phases {
		if result, err := phase(ctx, state); err != nil || result.Done {
			return result, err
		}
	}
	return Proceed, nil
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpresstest

import (
	"net/http"
	"time"
)

// Stage is a moment in a call.
type Stage int

const (
	// BeforeEffect is before anything is read or stored.
	BeforeEffect Stage = iota
	// DuringEffect is between the reservation of a content key and the post:
	// other calls with the key get in-progress. Reads have no such moment.
	DuringEffect
	// AfterEffect is when all is stored and nothing is answered.
	AfterEffect
)

// Fault is what goes wrong in one call; the zero value is nothing. Delay and
// Hold come first, then Drop or Answer ends the call; without those it goes on.
// A caller that gives up does not end the call: PHP goes on as well.
type Fault struct {
	Stage Stage
	// Delay holds the call for a time.
	Delay time.Duration
	// Hold holds the call until the channel is closed.
	Hold <-chan struct{}
	// Drop closes the connection without an answer.
	Drop bool
	// Answer is given instead of the plugin's.
	Answer *Answer
}

// Answer is an HTTP answer.
type Answer struct {
	Status int
	Header http.Header
	Body   string
}

// Hook decides what goes wrong with a call. It sees every request, the home
// page's too, and must not read the body.
type Hook func(r *http.Request) Fault

// SetHook replaces the hook; nil = nothing goes wrong.
func (f *Fake) SetHook(hook Hook) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.hook = hook
}

// Problem returns an answer in the form of the plugin's problems.
func Problem(status int, name, detail string) *Answer {
	return &Answer{
		Status: status,
		Header: http.Header{"Content-Type": {"application/problem+json"}},
		Body:   string(problemBody(status, name, detail, nil)),
	}
}

// faultFor asks the hook once per call.
func (f *Fake) faultFor(r *http.Request) Fault {
	f.mu.Lock()
	hook := f.hook
	f.mu.Unlock()
	if hook == nil {
		return Fault{}
	}
	return hook(r)
}

// strike lets a fault happen if this is its stage. It returns true when the
// call is over.
func (f *Fake) strike(w http.ResponseWriter, fault Fault, stage Stage) bool {
	if fault.Stage != stage {
		return false
	}
	f.pause(fault)
	switch {
	case fault.Drop:
		panic(http.ErrAbortHandler)
	case fault.Answer != nil:
		for name, values := range fault.Answer.Header {
			w.Header()[name] = values
		}
		w.WriteHeader(fault.Answer.Status)
		_, _ = w.Write([]byte(fault.Answer.Body))
		return true
	default:
		return false
	}
}

func (f *Fake) pause(fault Fault) {
	if fault.Delay > 0 {
		timer := time.NewTimer(fault.Delay)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-f.done:
		}
	}
	if fault.Hold != nil {
		select {
		case <-fault.Hold:
		case <-f.done:
		}
	}
}

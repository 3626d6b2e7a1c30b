// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// progress tells a person what is being done and how long it took. Steps may
// run side by side.
type progress struct {
	mu  sync.Mutex
	out io.Writer
}

func newProgress(out io.Writer) *progress { return &progress{out: out} }

// step runs one step and says when it is done.
func (p *progress) step(what string, do func() error) error {
	started := time.Now()
	p.line("  … %s", what)
	err := do()
	mark := "✓"
	if err != nil {
		mark = "✗"
	}
	p.line("  %s %s (%.1f s)", mark, what, time.Since(started).Seconds())
	return err
}

func (p *progress) line(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fmt.Fprintf(p.out, format+"\n", args...)
}

// Write passes on what a step itself reports, such as a long build.
func (p *progress) Write(text []byte) (int, error) {
	for line := range strings.Lines(string(text)) {
		p.line("      %s", strings.TrimSpace(line))
	}
	return len(text), nil
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package process runs the servers of the demo and the tests as children that
// do not outlive their parent.
package process

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"time"
)

const (
	// stopTimeout is how long a server may take to end by itself; InnoDB writes
	// out its pages meanwhile.
	stopTimeout = 20 * time.Second
	// pollInterval is how often a starting server is asked whether it is there.
	pollInterval = 10 * time.Millisecond
)

// Process is a server that runs in the foreground as a direct child.
type Process struct {
	cmd  *exec.Cmd
	done chan struct{}
	err  error // set before done is closed
}

// Start starts a server and appends its output to a log file.
//
// The kernel ends the server when this process dies, even by SIGKILL: none is
// left behind. It sends SIGTERM, which servers with workers pass on to them; a
// SIGKILL would orphan these. A caller that knows better sets SysProcAttr.
func Start(logFile string, cmd *exec.Cmd) (*Process, error) {
	out, err := os.OpenFile(logFile, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, err
	}
	cmd.Stdout, cmd.Stderr = out, out
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM, Setpgid: true}
	}
	p := &Process{cmd: cmd, done: make(chan struct{})}
	started := make(chan error)
	go p.run(out, started)
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", p.name(), err)
	}
	return p, nil
}

// run starts the server and waits for it, on one thread: the kernel sends
// Pdeathsig when the thread ends that started the child, and Go ends threads as
// it likes.
func (p *Process) run(out *os.File, started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer out.Close()
	err := p.cmd.Start()
	started <- err
	if err == nil {
		p.err = p.cmd.Wait()
	}
	close(p.done)
}

// Stop ends the server by SIGTERM and waits for it; nil has nothing to stop. A
// server that does not end by itself is killed, which is reported.
func (p *Process) Stop() error {
	if p == nil {
		return nil
	}
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case <-p.done:
		return nil
	case <-time.After(stopTimeout):
	}
	if err := p.Kill(); err != nil {
		return err
	}
	return fmt.Errorf("%s did not end within %s and was killed", p.name(), stopTimeout)
}

// Kill ends the server by SIGKILL and waits for it.
func (p *Process) Kill() error {
	if err := p.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	<-p.done
	return nil
}

// WaitUntil asks again and again whether the server is there.
func (p *Process) WaitUntil(ctx context.Context, ready func(context.Context) bool) error {
	ticker := time.NewTicker(pollInterval)
	defer ticker.Stop()
	for !ready(ctx) {
		select {
		case <-p.done:
			return fmt.Errorf("%s ended: %w", p.name(), p.err)
		case <-ctx.Done():
			return fmt.Errorf("wait for %s: %w", p.name(), ctx.Err())
		case <-ticker.C:
		}
	}
	return nil
}

// Pid is the id of the process.
func (p *Process) Pid() int { return p.cmd.Process.Pid }

func (p *Process) name() string { return filepath.Base(p.cmd.Path) }

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

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
	// stopTimeout is how long a server may take to end by itself; InnoDB writes out its pages meanwhile.
	stopTimeout = 15 * time.Second
	// pollInterval is how often a starting server is asked whether it is there.
	pollInterval = 10 * time.Millisecond
)

// process is a server that runs in the foreground as a direct child of this process.
type process struct {
	cmd  *exec.Cmd
	done chan struct{}
	err  error // set before done is closed
}

// startProcess starts a server whose output goes to a log file.
//
// The kernel ends the server when this process dies, even by SIGKILL: none is left behind.
func startProcess(log string, name string, args ...string) (*process, error) {
	out, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = out, out
	// SIGTERM, which nginx and php-fpm pass on to their workers; a SIGKILL would orphan these. A group of its own,
	// so that Ctrl-C in the terminal reaches this process alone, which ends the servers in order.
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM, Setpgid: true}

	p := &process{cmd: cmd, done: make(chan struct{})}
	started := make(chan error)
	go p.run(out, started)
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", filepath.Base(name), err)
	}
	return p, nil
}

// run starts the server and waits for it, on one thread: the kernel sends Pdeathsig when the
// thread ends that started the child, and Go ends threads as it likes.
func (p *process) run(out *os.File, started chan<- error) {
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

// stop ends the server and waits for it; nil has nothing to stop. A server that does not end by itself
// is killed, which is reported.
func (p *process) stop() error {
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
	if err := p.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	<-p.done
	return fmt.Errorf("%s did not end within %s and was killed", filepath.Base(p.cmd.Path), stopTimeout)
}

// waitUntil asks again and again whether the server is there.
func (p *process) waitUntil(ctx context.Context, ready func(context.Context) bool) error {
	ticker := time.NewTicker(pollInterval)
	defer ticker.Stop()
	for !ready(ctx) {
		select {
		case <-p.done:
			return fmt.Errorf("%s ended: %w", filepath.Base(p.cmd.Path), p.err)
		case <-ctx.Done():
			return fmt.Errorf("wait for %s: %w", filepath.Base(p.cmd.Path), ctx.Err())
		case <-ticker.C:
		}
	}
	return nil
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package node

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"
)

const (
	// restartDelay is how long a program that ended stays down; systemd units of kubelet
	// have some seconds.
	restartDelay = time.Second
	// stopTimeout is how long a program may take to end before it is killed.
	stopTimeout = 10 * time.Second
)

// supervisor runs programs, and runs them again when they end by themselves. As the first
// process it is the parent of every orphan, so it waits for all there are: nothing else in
// this process may.
type supervisor struct {
	spec Spec

	children chan os.Signal
	reaped   chan struct{} // closed when nobody waits for children any more

	mu      sync.Mutex
	ended   map[int]chan struct{} // by process id; closed when it is gone
	running map[string]*program
}

// program is one that is to run.
type program struct {
	pid  int
	done chan struct{} // closed when it has ended for good
	stop chan struct{} // closed when it is not to be started again
}

func newSupervisor(spec Spec) *supervisor {
	s := &supervisor{spec: spec, ended: map[int]chan struct{}{}, running: map[string]*program{}}
	// One note is enough for any number of children.
	s.children = make(chan os.Signal, 1)
	s.reaped = make(chan struct{})
	signal.Notify(s.children, syscall.SIGCHLD)
	go s.reap()
	return s
}

// close ends the waiting for children, so that another supervisor can have its own.
func (s *supervisor) close() {
	signal.Stop(s.children)
	close(s.children)
	<-s.reaped
}

// reap takes note of every child that ended.
func (s *supervisor) reap() {
	defer close(s.reaped)
	for range s.children {
		s.mu.Lock()
		for {
			pid, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil)
			if errors.Is(err, syscall.EINTR) {
				continue
			}
			if err != nil || pid <= 0 {
				break
			}
			if ended, ours := s.ended[pid]; ours {
				close(ended)
				delete(s.ended, pid)
			}
		}
		s.mu.Unlock()
	}
}

// start runs a program until stop.
func (s *supervisor) start(name string) error {
	argv, known := s.spec.Programs[name]
	if !known {
		return fmt.Errorf("there is no program %q", name)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running[name] != nil {
		return fmt.Errorf("%s already runs", name)
	}
	p := &program{done: make(chan struct{}), stop: make(chan struct{})}
	ended, err := s.spawn(p, name, argv)
	if err != nil {
		return err
	}
	s.running[name] = p
	go s.keep(p, name, argv, ended)
	return nil
}

// spawn starts a process; the caller holds the lock, so that it cannot be reaped before it
// is known.
func (s *supervisor) spawn(p *program, name string, argv []string) (ended chan struct{}, err error) {
	log, err := os.OpenFile(filepath.Join(s.spec.Logs, name+".log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	// Not the node's own standard input, which has its orders.
	nothing, err := os.Open(os.DevNull)
	if err != nil {
		return nil, err
	}
	defer nothing.Close()
	pid, err := syscall.ForkExec(argv[0], argv, &syscall.ProcAttr{
		Env:   s.spec.Environment,
		Files: []uintptr{nothing.Fd(), log.Fd(), log.Fd()},
		Sys:   &syscall.SysProcAttr{Setpgid: true},
	})
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	p.pid, ended = pid, make(chan struct{})
	s.ended[pid] = ended
	return ended, nil
}

// keep starts the program again whenever it ends, until it is to stop.
func (s *supervisor) keep(p *program, name string, argv []string, ended chan struct{}) {
	defer close(p.done)
	for {
		<-ended
		select {
		case <-p.stop:
			return
		case <-time.After(restartDelay):
		}
		var err error
		if ended, err = s.again(p, name, argv); err != nil {
			fmt.Fprintf(os.Stderr, "%v\n", err)
		}
		if ended == nil {
			return
		}
	}
}

// again starts the program once more; nil says that it is not to be.
func (s *supervisor) again(p *program, name string, argv []string) (ended chan struct{}, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-p.stop:
		return nil, nil
	default:
	}
	fmt.Fprintf(os.Stderr, "%s ended and is started again\n", name)
	return s.spawn(p, name, argv)
}

// stop ends a program and returns when it is gone.
func (s *supervisor) stop(name string) error {
	s.mu.Lock()
	p := s.running[name]
	delete(s.running, name)
	if p == nil {
		s.mu.Unlock()
		return fmt.Errorf("%s does not run", name)
	}
	close(p.stop)
	pid := p.pid
	s.mu.Unlock()
	if err := syscall.Kill(pid, syscall.SIGTERM); err != nil && !errors.Is(err, syscall.ESRCH) {
		return err
	}
	select {
	case <-p.done:
		return nil
	case <-time.After(stopTimeout):
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
		return err
	}
	<-p.done
	return nil
}

// killOthers kills every process of the node that is no program of it: containers, and
// what holds them. It is what the containers see of a machine that is switched off.
func (s *supervisor) killOthers() error {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	ours := map[int]bool{os.Getpid(): true}
	for _, p := range s.running {
		ours[p.pid] = true
	}
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil || ours[pid] {
			continue
		}
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("kill process %d: %w", pid, err)
		}
	}
	return nil
}

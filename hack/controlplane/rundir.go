// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controlplane

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
)

const (
	// endTimeout bounds the wait for processes that were killed.
	endTimeout = 10 * time.Second
	// endPollInterval is how often they are looked for meanwhile.
	endPollInterval = 5 * time.Millisecond
)

// wrapperScript runs a server in place of itself, so that its process id is known: envtest
// does not tell it, and may start a server more than once. It also asks for --help first.
const wrapperScript = `#!/bin/sh
[ "$1" = --help ] || echo $$ >> '%[1]s'
exec '%[2]s' "$@"
`

// reaperScript waits until its standard input ends, that is until the process that holds
// the other end has closed it or is dead, however it died. It then kills the servers, each
// the leader of its process group, and removes the folder.
const reaperScript = `trap '' HUP INT TERM
cat >/dev/null
for pid in $(cat "$1/pids" 2>/dev/null); do
  kill -s KILL -- "-$pid" 2>/dev/null
done
rm -rf -- "$1"
`

// runDir is the temporary folder of one control plane: data, certificates, logs and the
// process ids. A reaper of its own sees to it that neither folder nor servers outlive the
// process that made them, not even one that is killed. It is the only way they end: with
// data that is thrown away there is nothing to shut down, and kube-apiserver would wait for
// watches that clients have open.
type runDir struct {
	path   string
	reaper *exec.Cmd
	leash  io.Closer
	logs   []io.Closer
}

func newRunDir() (*runDir, error) {
	path, err := os.MkdirTemp("", "igny8-controlplane-")
	if err != nil {
		return nil, fmt.Errorf("create run folder: %w", err)
	}
	d := &runDir{path: path}
	if err := errors.Join(os.Mkdir(d.join("etcd"), 0o700), os.Mkdir(d.join("certs"), 0o700), d.startReaper()); err != nil {
		return nil, errors.Join(fmt.Errorf("create run folder: %w", err), os.RemoveAll(path))
	}
	return d, nil
}

func (d *runDir) join(name string) string { return filepath.Join(d.path, name) }

func (d *runDir) startReaper() error {
	// It ends when its standard input does, later than any context.
	d.reaper = exec.Command("/bin/sh", "-c", reaperScript, "reaper", d.path)
	// A process group of its own: Ctrl-C in a terminal is for the caller alone.
	d.reaper.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	leash, err := d.reaper.StdinPipe()
	if err != nil {
		return err
	}
	d.leash = leash
	return d.reaper.Start()
}

// server prepares a binary to be run: a wrapper that leaves its process id in the folder,
// and the log that it writes to.
func (d *runDir) server(binary string) (path string, log *os.File, err error) {
	name := filepath.Base(binary)
	path = d.join(name + ".sh")
	script := fmt.Sprintf(wrapperScript, d.join("pids"), binary)
	if err := os.WriteFile(path, []byte(script), 0o755); err != nil {
		return "", nil, fmt.Errorf("write wrapper: %w", err)
	}
	log, err = os.Create(d.join(name + ".log"))
	if err != nil {
		return "", nil, fmt.Errorf("create log: %w", err)
	}
	d.logs = append(d.logs, log)
	return path, log, nil
}

// pids returns the process ids of the servers in the order of their starts.
func (d *runDir) pids() ([]int, error) {
	data, err := os.ReadFile(d.join("pids"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var pids []int
	for _, field := range strings.Fields(string(data)) {
		pid, err := strconv.Atoi(field)
		if err != nil {
			return nil, fmt.Errorf("read process ids: %w", err)
		}
		pids = append(pids, pid)
	}
	return pids, nil
}

// remove lets the reaper kill the servers and remove the folder. It returns when both are
// gone.
func (d *runDir) remove() error {
	pids, err := d.pids()
	errs := []error{err, d.leash.Close(), d.reaper.Wait()}
	for _, log := range d.logs {
		errs = append(errs, log.Close())
	}
	for _, pid := range pids {
		errs = append(errs, awaitEnd(pid))
	}
	return errors.Join(errs...)
}

// awaitEnd waits until a killed process is gone, that is until envtest, its parent, has
// taken note: kill with signal 0 finds it until then.
func awaitEnd(pid int) error {
	err := wait.PollUntilContextTimeout(context.Background(), endPollInterval, endTimeout, true,
		func(context.Context) (bool, error) {
			return errors.Is(syscall.Kill(pid, 0), syscall.ESRCH), nil
		})
	if err != nil {
		return fmt.Errorf("process %d still runs: %w", pid, err)
	}
	return nil
}

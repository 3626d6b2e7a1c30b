// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controlplane

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// wrapperScript runs a server in place of itself, so that its process id is known: envtest
// does not tell it.
const wrapperScript = `#!/bin/sh
echo $$ > '%[1]s'
exec '%[2]s' "$@"
`

// reaperScript waits until its standard input ends, that is until the process that holds
// the other end has closed it or is dead, however it died. It then kills what is still
// running and removes the folder.
const reaperScript = `trap '' HUP INT TERM
cat >/dev/null
for file in "$1"/*.pid; do
  [ -e "$file" ] && kill -KILL -- "-$(cat "$file")" 2>/dev/null
done
rm -rf -- "$1"
`

// runDir is the temporary folder of one control plane: data, certificates, logs and the
// process ids. A reaper of its own sees to it that neither folder nor servers outlive the
// process that made them, not even one that is killed.
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

// wrap returns a command that runs the binary and leaves its process id in the folder.
func (d *runDir) wrap(binary string) (string, error) {
	name := filepath.Base(binary)
	path := d.join(name + ".sh")
	script := fmt.Sprintf(wrapperScript, d.pidFile(name), binary)
	if err := os.WriteFile(path, []byte(script), 0o755); err != nil {
		return "", fmt.Errorf("write wrapper: %w", err)
	}
	return path, nil
}

func (d *runDir) pidFile(name string) string { return d.join(name + ".pid") }

// pids returns the ids of the servers by name.
func (d *runDir) pids() (map[string]int, error) {
	files, err := filepath.Glob(d.pidFile("*"))
	if err != nil {
		return nil, err
	}
	pids := map[string]int{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		pid, err := strconv.Atoi(strings.TrimSpace(string(data)))
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", file, err)
		}
		pids[strings.TrimSuffix(filepath.Base(file), ".pid")] = pid
	}
	return pids, nil
}

// forgetProcesses is for servers that have ended by themselves: their ids may belong to
// other processes by now.
func (d *runDir) forgetProcesses() error {
	files, err := filepath.Glob(d.pidFile("*"))
	for _, file := range files {
		err = errors.Join(err, os.Remove(file))
	}
	return err
}

// remove lets the reaper kill what is left and remove the folder, and waits for it.
func (d *runDir) remove() error {
	var errs []error
	for _, log := range d.logs {
		errs = append(errs, log.Close())
	}
	errs = append(errs, d.leash.Close(), d.reaper.Wait())
	return errors.Join(errs...)
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Processes returns the ids of the processes of a Pod that run a program, as this process
// sees them.
func Processes(podUID, program string) ([]int, error) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil, fmt.Errorf("read processes: %w", err)
	}
	var found []int
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		// kubelet names the control groups of a Pod by its UID.
		groups, err := os.ReadFile(filepath.Join("/proc", entry.Name(), "cgroup"))
		if err != nil || !strings.Contains(string(groups), podUID) {
			continue
		}
		// Arguments end with a zero byte.
		line, err := os.ReadFile(filepath.Join("/proc", entry.Name(), "cmdline"))
		if command, _, _ := strings.Cut(string(line), "\x00"); err == nil && command == program {
			found = append(found, pid)
		}
	}
	return found, nil
}

// errNoProcess says that a program does not run in a Pod.
var errNoProcess = errors.New("no such process in the Pod")

// ReadFile reads a file as a program in a Pod sees it: images without a shell have nothing
// that kubectl exec could run.
func ReadFile(podUID, program, path string) ([]byte, error) {
	pids, err := Processes(podUID, program)
	if err != nil {
		return nil, err
	}
	if len(pids) == 0 {
		return nil, fmt.Errorf("read %s of %s: %w", path, program, errNoProcess)
	}
	return os.ReadFile(filepath.Join("/proc", strconv.Itoa(pids[0]), "root", path))
}

// ResidentMemory returns how many bytes of memory a program of a Pod holds.
func ResidentMemory(podUID, program string) (int64, error) {
	pids, err := Processes(podUID, program)
	if err != nil {
		return 0, err
	}
	if len(pids) == 0 {
		return 0, fmt.Errorf("measure %s: %w", program, errNoProcess)
	}
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pids[0]), "status"))
	if err != nil {
		return 0, fmt.Errorf("measure %s: %w", program, err)
	}
	for line := range strings.Lines(string(text)) {
		var kilobytes int64
		if _, err := fmt.Sscanf(line, "VmRSS: %d kB", &kilobytes); err == nil {
			return kilobytes << 10, nil
		}
	}
	return 0, fmt.Errorf("measure %s: the kernel does not say", program)
}

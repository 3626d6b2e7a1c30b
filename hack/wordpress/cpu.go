// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// clockTick is the unit of process times in /proc on every Linux architecture.
const clockTick = 10 * time.Millisecond

// Positions in /proc/<pid>/stat after the name in parentheses (proc_pid_stat(5)).
const (
	statParent = 1
	statUser   = 11
	statSystem = 12
)

// CPUTime is what PHP, the database and nginx have used of the processors since the
// site was started.
func (s *Site) CPUTime() (time.Duration, error) {
	commands, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		return 0, fmt.Errorf("list processes: %w", err)
	}
	ours, total := map[string]bool{}, 0
	for _, workers := range []bool{false, true} { // they do not name the folder, but their parents do
		for _, command := range commands {
			pid := filepath.Base(filepath.Dir(command))
			text, stat := readProcess(command)
			if len(stat) <= statSystem || ours[pid] {
				continue
			}
			if strings.Contains(text, s.Dir) || workers && ours[stat[statParent]] {
				ours[pid] = true
				total += ticks(stat[statUser]) + ticks(stat[statSystem])
			}
		}
	}
	return time.Duration(total) * clockTick, nil
}

// readProcess returns the command line of a process, and its stat from the state
// on; nothing of one that is gone.
func readProcess(command string) (text string, stat []string) {
	line, err := os.ReadFile(command)
	if err != nil {
		return "", nil
	}
	raw, err := os.ReadFile(filepath.Join(filepath.Dir(command), "stat"))
	if err != nil {
		return "", nil
	}
	return string(line), strings.Fields(string(raw[strings.LastIndexByte(string(raw), ')')+1:]))
}

func ticks(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0 // the kernel writes numbers
	}
	return n
}

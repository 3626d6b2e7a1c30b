// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

const (
	cgroupRoot = "/sys/fs/cgroup"
	// membersFile of a control group lists its processes; writing to it moves one there.
	membersFile = "cgroup.procs"
)

// requireCgroups says whether there is what mountCgroups of the node needs.
func requireCgroups() error {
	groups, err := ownCgroups()
	if err != nil {
		return err
	}
	for _, controller := range []string{"cpu", "memory", "pids"} {
		if _, found := groups[controller]; !found {
			return fmt.Errorf("there is no hierarchy of version 1 with controller %q", controller)
		}
	}
	return nil
}

// ownCgroups returns the folders of the control groups that this process is in, by
// controller, of version 1.
func ownCgroups() (map[string]string, error) {
	data, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return nil, err
	}
	groups := map[string]string{}
	for line := range strings.Lines(string(data)) {
		fields := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(fields) != 3 || fields[1] == "" || strings.HasPrefix(fields[1], "name=") {
			continue
		}
		dir := filepath.Join(cgroupRoot, fields[1], fields[2])
		if _, err := os.Stat(filepath.Join(dir, membersFile)); err != nil {
			return nil, err
		}
		groups[fields[1]] = dir
	}
	return groups, nil
}

// makeCgroups makes a control group below the caller's for each controller: limits of the
// caller hold for the node, and all that the node makes can be found and removed.
func makeCgroups(name string) ([]string, error) {
	own, err := ownCgroups()
	if err != nil {
		return nil, err
	}
	var made []string
	for controller, parent := range own {
		dir := filepath.Join(parent, name)
		if err := os.Mkdir(dir, 0o755); err != nil {
			return made, fmt.Errorf("make control group: %w", err)
		}
		made = append(made, dir)
		if controller == "cpuset" {
			if err := inheritCPUs(parent, dir); err != nil {
				return made, err
			}
		}
	}
	return made, nil
}

// inheritCPUs fills in what a new group of cpuset lacks: without it, no process can join.
func inheritCPUs(parent, dir string) error {
	for _, name := range []string{"cpuset.cpus", "cpuset.mems"} {
		value, err := os.ReadFile(filepath.Join(parent, name))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, name), value, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// removeCgroups removes the groups and all below; they have no processes any more.
func removeCgroups(dirs []string) error {
	var errs []error
	for _, dir := range dirs {
		var below []string
		err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
			if err == nil && entry.IsDir() {
				below = append(below, path)
			}
			return err
		})
		errs = append(errs, err)
		for _, path := range slices.Backward(below) {
			// Not RemoveAll: the files in it cannot be removed, and need not be.
			errs = append(errs, os.Remove(path))
		}
	}
	return errors.Join(errs...)
}

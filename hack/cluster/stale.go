// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// folderPrefix begins the names of the folders of clusters, and of their control groups.
// The id of the process that made them follows.
const folderPrefix = "igny8-cluster-"

// newFolder makes the folder of a cluster of this process in the one for temporary files.
func newFolder(temporary string) (string, error) {
	return os.MkdirTemp(temporary, fmt.Sprintf("%s%d-", folderPrefix, os.Getpid()))
}

// removeStale removes what clusters have left whose process was killed: the kernel ended
// their processes and took their mounts and networks, but not their folders.
func removeStale(temporary string) error {
	folders, err := filepath.Glob(filepath.Join(temporary, folderPrefix+"*"))
	if err != nil {
		return err
	}
	var errs []error
	for _, folder := range folders {
		if !ownerIsGone(filepath.Base(folder)) {
			continue
		}
		errs = append(errs, removeLeftCgroups(filepath.Base(folder)), os.RemoveAll(folder))
	}
	return errors.Join(errs...)
}

func ownerIsGone(name string) bool {
	var pid int
	_, err := fmt.Sscanf(strings.TrimPrefix(name, folderPrefix), "%d-", &pid)
	return err == nil && errors.Is(syscall.Kill(pid, 0), syscall.ESRCH)
}

func removeLeftCgroups(name string) error {
	groups, err := ownCgroups()
	if err != nil {
		return err
	}
	var left []string
	for _, parent := range groups {
		dir := filepath.Join(parent, name)
		if _, err := os.Stat(dir); err == nil {
			left = append(left, dir)
		}
	}
	return removeCgroups(left)
}

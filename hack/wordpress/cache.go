// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// cached returns the path of a folder in the user's cache that is made once. make gets a path that does not
// exist yet; the folder appears under its name only when it is whole.
func cached(ctx context.Context, name string, make func(ctx context.Context, dir string) error) (string, error) {
	base, err := cacheFolder()
	if err != nil {
		return "", err
	}
	unlock, err := lockFolder(base)
	if err != nil {
		return "", err
	}
	defer unlock()
	dir := filepath.Join(base, name)
	if _, err := os.Stat(dir); err == nil {
		return dir, nil
	}
	unfinished := dir + ".new"
	if err := os.RemoveAll(unfinished); err != nil {
		return "", err
	}
	if err := make(ctx, unfinished); err != nil {
		return "", err
	}
	return dir, os.Rename(unfinished, dir)
}

// cacheFolder returns the folder for what is made once.
func cacheFolder() (string, error) {
	base, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find cache folder: %w", err)
	}
	dir := filepath.Join(base, "igny8-wordpress-operator", "wordpress")
	return dir, os.MkdirAll(dir, 0o755)
}

// lockFolder keeps other processes, and other sites of this one, from making the same thing.
func lockFolder(dir string) (unlock func(), err error) {
	file, err := os.OpenFile(filepath.Join(dir, ".lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX); err != nil {
		file.Close()
		return nil, fmt.Errorf("lock %s: %w", dir, err)
	}
	return func() { file.Close() }, nil // Closing releases the lock.
}

// packageVersion returns the installed version of a Debian package, in a form fit for a file name.
func packageVersion(ctx context.Context, name string) (string, error) {
	return run(exec.CommandContext(ctx, "dpkg-query", "--show", "--showformat=${Version}", name))
}

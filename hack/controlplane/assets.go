// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controlplane

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// AssetsVariable names a folder that already has the binaries, as envtest has it.
const AssetsVariable = "KUBEBUILDER_ASSETS"

// lockPollInterval is how often a process looks whether another one, which builds the
// same binaries, is done.
const lockPollInterval = 250 * time.Millisecond

// binaryNames are the files of an assets folder.
func binaryNames() []string {
	return []string{"etcd", "kube-apiserver", "kubectl"}
}

// nodeBinaryNames are the files of a node's assets folder.
func nodeBinaryNames() []string {
	return []string{"kube-controller-manager", "kube-proxy", "kube-scheduler", "kubelet"}
}

// Assets returns the folder with etcd, kube-apiserver and kubectl, and fetches or builds
// them first where they are missing; progress is told what is going on while that lasts.
// Any number of processes may call it at once: one of them does the work.
func Assets(ctx context.Context, progress io.Writer) (string, error) {
	if dir := os.Getenv(AssetsVariable); dir != "" {
		if err := requireBinaries(dir, binaryNames()); err != nil {
			return "", fmt.Errorf("use %s: %w", AssetsVariable, err)
		}
		return dir, nil
	}
	c, moduleDir, err := newCache("controlplane", binaryNames(), progress)
	if err != nil {
		return "", err
	}
	c.sources = []source{
		{name: "prebuilt archives", fill: (&prebuilt{pins: c.pins, progress: progress}).fill},
		{name: "Go modules", fill: newBuilder(c.pins, controlPlaneTargets(c.pins), moduleDir, progress).fill},
	}
	return c.get(ctx)
}

// NodeAssets returns the folder with what makes a cluster of the control plane: the
// controller manager, the scheduler, the proxy and the kubelet, built from the same modules
// when they are missing. Nobody publishes archives of these.
func NodeAssets(ctx context.Context, progress io.Writer) (string, error) {
	c, moduleDir, err := newCache("node", nodeBinaryNames(), progress)
	if err != nil {
		return "", err
	}
	c.sources = []source{{name: "Go modules", fill: newBuilder(c.pins, nodeTargets(c.pins), moduleDir, progress).fill}}
	return c.get(ctx)
}

// source is one way to come by the binaries: fill puts them all into dir.
type source struct {
	name string
	fill func(ctx context.Context, dir string) error
}

// cache is a folder that holds the binaries of one version, and where they come from.
type cache struct {
	dir      string
	binaries []string
	pins     pins
	sources  []source
	progress io.Writer
}

// newCache is the folder of that name in the user's cache, without a source as yet;
// moduleDir is the nested module with the pins.
func newCache(folder string, binaries []string, progress io.Writer) (c *cache, moduleDir string, err error) {
	root, err := moduleRoot()
	if err != nil {
		return nil, "", err
	}
	moduleDir = filepath.Join(root, "hack", "controlplane", "binaries")
	p, err := readPins(moduleDir)
	if err != nil {
		return nil, "", err
	}
	user, err := os.UserCacheDir()
	if err != nil {
		return nil, "", fmt.Errorf("find cache folder: %w", err)
	}
	name := fmt.Sprintf("%s-%s-%s", strings.TrimPrefix(p.Kubernetes, "v"), runtime.GOOS, runtime.GOARCH)
	return &cache{
		dir:      filepath.Join(user, "igny8-wordpress-operator", folder, name),
		binaries: binaries,
		pins:     p,
		progress: progress,
	}, moduleDir, nil
}

// get returns the folder, filling it first unless it is complete.
func (c *cache) get(ctx context.Context) (string, error) {
	if verifyManifest(c.dir, c.binaries, c.pins) == nil {
		return c.dir, nil
	}
	if err := os.MkdirAll(filepath.Dir(c.dir), 0o755); err != nil {
		return "", fmt.Errorf("create cache folder: %w", err)
	}
	unlock, err := c.lock(ctx)
	if err != nil {
		return "", err
	}
	defer unlock()
	// Whoever held the lock may have done the work meanwhile.
	if verifyManifest(c.dir, c.binaries, c.pins) == nil {
		return c.dir, nil
	}
	return c.dir, c.fill(ctx)
}

func (c *cache) lock(ctx context.Context) (unlock func(), err error) {
	lock := flock.New(c.dir + ".lock")
	locked, err := lock.TryLock()
	if err == nil && !locked {
		stop := heartbeat(c.progress, "waiting for another process that prepares the control plane binaries")
		defer stop()
		_, err = lock.TryLockContext(ctx, lockPollInterval)
	}
	if err != nil {
		return nil, fmt.Errorf("lock cache folder: %w", err)
	}
	return func() { _ = lock.Unlock() }, nil
}

// fill lets the sources try in turn in a folder aside, which is then renamed: a process
// that dies half-way leaves no folder that looks complete.
func (c *cache) fill(ctx context.Context) error {
	parent := filepath.Dir(c.dir)
	var failures []error
	for _, s := range c.sources {
		err := c.fillFrom(ctx, s, parent)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("prepare control plane binaries: %w", context.Cause(ctx))
		}
		failures = append(failures, fmt.Errorf("%s: %w", s.name, err))
	}
	return fmt.Errorf("prepare control plane binaries: %w", errors.Join(failures...))
}

func (c *cache) fillFrom(ctx context.Context, s source, parent string) error {
	tmp, err := os.MkdirTemp(parent, ".incomplete-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(tmp) }()
	if err := s.fill(ctx, tmp); err != nil {
		return err
	}
	if err := writeManifest(tmp, c.binaries, c.pins, s.name); err != nil {
		return err
	}
	if err := os.RemoveAll(c.dir); err != nil {
		return err
	}
	return os.Rename(tmp, c.dir)
}

// requireBinaries fails with the names of the binaries that dir lacks.
func requireBinaries(dir string, names []string) error {
	var missing []string
	for _, name := range names {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || !info.Mode().IsRegular() || info.Mode()&0o111 == 0 {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("%s has no executable %s", dir, strings.Join(missing, ", "))
	}
	return nil
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/igny8/wordpress-operator/hack/controlplane"
)

// Assets are the files that a cluster is made of.
type Assets struct {
	// controlPlane and node are folders with programs.
	controlPlane, node string
	pauseArchive       string
}

// Prepare fetches or builds what a cluster is made of, which takes minutes the first time,
// and may need a network; dir takes what is not kept for the next time. It has to be called
// before Isolate.
func Prepare(ctx context.Context, root, dir string, progress io.Writer) (Assets, error) {
	controlPlane, err := controlplane.Assets(ctx, progress)
	if err != nil {
		return Assets{}, err
	}
	nodeDir, err := controlplane.NodeAssets(ctx, progress)
	if err != nil {
		return Assets{}, err
	}
	a := Assets{controlPlane: controlPlane, node: nodeDir, pauseArchive: filepath.Join(dir, "pause.tar")}
	return a, RunImage(ctx, root, root, "program", "--package=./hack/cluster/pause", "--name="+pauseImage, "--output="+a.pauseArchive)
}

// RunImage runs hack/image of a checkout, with the same or another one as its source.
func RunImage(ctx context.Context, root, source, command string, args ...string) error {
	source, err := filepath.Abs(source)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, "go", append([]string{"run", ".", command, "--source=" + source}, args...)...)
	cmd.Dir = filepath.Join(root, "hack", "image")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("write image: %w\n%s", err, out)
	}
	return nil
}

// Environment carries the assets through Isolate, see AssetsFromEnvironment.
func (a Assets) Environment() []string {
	return []string{"IGNY8_CLUSTER_CONTROL_PLANE=" + a.controlPlane, "IGNY8_CLUSTER_PROGRAMS=" + a.node, "IGNY8_CLUSTER_PAUSE=" + a.pauseArchive}
}

// AssetsFromEnvironment returns what Environment put there.
func AssetsFromEnvironment() Assets {
	return Assets{
		controlPlane: os.Getenv("IGNY8_CLUSTER_CONTROL_PLANE"),
		node:         os.Getenv("IGNY8_CLUSTER_PROGRAMS"),
		pauseArchive: os.Getenv("IGNY8_CLUSTER_PAUSE"),
	}
}

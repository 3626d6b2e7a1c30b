// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"context"
	"fmt"
	"os/exec"
)

// kubernetesNamespace is where containerd keeps what kubelet uses.
const kubernetesNamespace = "k8s.io"

// Import gives the node images out of archives, under the names that are in them. Pods use
// them with any pull policy but Always.
func (c *Cluster) Import(ctx context.Context, archives ...string) error {
	if err := c.waitFor(ctx, "containerd", func(ctx context.Context) bool { return c.ctr(ctx, "version") == nil }); err != nil {
		return err
	}
	for _, archive := range archives {
		if err := c.ctr(ctx, "images", "import", archive); err != nil {
			return fmt.Errorf("import %s: %w", archive, err)
		}
	}
	return nil
}

// ctr runs containerd's own client.
func (c *Cluster) ctr(ctx context.Context, args ...string) error {
	args = append([]string{"--address", c.socket(), "--namespace", kubernetesNamespace}, args...)
	if out, err := exec.CommandContext(ctx, "ctr", args...).CombinedOutput(); err != nil {
		return fmt.Errorf("ctr: %w: %s", err, out)
	}
	return nil
}

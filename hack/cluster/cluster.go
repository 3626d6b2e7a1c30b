// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"k8s.io/client-go/rest"

	"github.com/igny8/wordpress-operator/hack/process"
)

// Options say what to bring up.
type Options struct {
	// Assets are what Prepare made.
	Assets Assets
	// Images are archives to import at the start, beside the one that every Pod needs.
	Images []string
}

// Cluster is a running cluster.
type Cluster struct {
	dir     string
	assets  Assets
	config  *rest.Config
	cgroups []string

	init    *process.Process
	orders  io.WriteCloser
	answers *bufio.Reader
}

// Start brings up a cluster, and returns when its node is ready. The caller lives in a
// network of its own, see Isolate; there is one cluster in a network.
func Start(ctx context.Context, o Options) (_ *Cluster, err error) {
	if !Isolated() {
		return nil, errors.New("start cluster: this process lives in the machine's network")
	}
	c := &Cluster{assets: o.Assets}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("start cluster: %w%s", err, c.logTails()), c.Stop())
		}
	}()
	if err = removeStale(os.TempDir()); err != nil {
		return nil, err
	}
	if c.dir, err = newFolder(os.TempDir()); err != nil {
		return nil, err
	}
	return c, c.start(ctx, append([]string{o.Assets.pauseArchive}, o.Images...))
}

func (c *Cluster) start(ctx context.Context, images []string) error {
	if err := c.writeFiles(); err != nil {
		return err
	}
	if err := setUpNetwork(ctx); err != nil {
		return err
	}
	if err := c.startInit(); err != nil {
		return err
	}
	if err := c.startPrograms(basePrograms); err != nil {
		return err
	}
	if err := c.Import(ctx, images...); err != nil {
		return err
	}
	if err := c.waitForServer(ctx); err != nil {
		return err
	}
	if err := c.startPrograms(clusterPrograms); err != nil {
		return err
	}
	return errors.Join(c.waitForNode(ctx), c.waitForServiceAccount(ctx))
}

// Stop ends the cluster and removes what it made.
func (c *Cluster) Stop() error {
	var errs []error
	if c.init != nil {
		// Without orders the first process of the process namespace ends, and takes all
		// others with it before it is gone.
		errs = append(errs, c.orders.Close(), c.init.Stop())
		c.init = nil
	}
	errs = append(errs, removeCgroups(c.cgroups))
	c.cgroups = nil
	if c.dir != "" {
		errs = append(errs, os.RemoveAll(c.dir))
	}
	return errors.Join(errs...)
}

// Config returns the administrator's access, without client-side rate limits.
func (c *Cluster) Config() *rest.Config {
	config := rest.CopyConfig(c.config)
	config.QPS = -1
	return config
}

// Kubeconfig is the administrator's kubeconfig.
func (c *Cluster) Kubeconfig() string { return c.path("pki", "admin.kubeconfig") }

// KubectlPath is the kubectl of the cluster's version.
func (c *Cluster) KubectlPath() string { return filepath.Join(c.assets.controlPlane, "kubectl") }

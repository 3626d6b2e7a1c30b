// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Command cluster runs the cluster of the end-to-end tests by itself, with a shell in its
// network: the cluster is gone when the shell ends.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/igny8/wordpress-operator/hack/cluster"
	"github.com/igny8/wordpress-operator/hack/cluster/node"
)

func main() {
	node.RunIfAsked()
	status, err := run()
	if err != nil {
		fmt.Fprintln(os.Stderr, "cluster:", err)
		status = 1
	}
	os.Exit(status)
}

// run takes archives of images to import, as arguments.
func run() (status int, err error) {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	if cluster.Isolated() {
		return 0, inside(ctx, os.Args[1:])
	}
	if missing := cluster.Missing(); len(missing) > 0 {
		return 1, fmt.Errorf("this machine lacks: %s", strings.Join(missing, "; "))
	}
	dir, err := os.MkdirTemp("", "igny8-images-")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(dir)
	assets, err := cluster.Prepare(ctx, ".", dir, os.Stderr)
	if err != nil {
		return 1, err
	}
	return cluster.Isolate(assets.Environment()...)
}

// inside runs a shell beside the cluster.
func inside(ctx context.Context, images []string) (err error) {
	c, err := cluster.Start(ctx, cluster.Options{Assets: cluster.AssetsFromEnvironment(), Images: images})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Stop()) }()
	shell := exec.CommandContext(ctx, "/bin/bash")
	shell.Env = append(os.Environ(), "KUBECONFIG="+c.Kubeconfig(), "PATH="+filepath.Dir(c.KubectlPath())+":"+os.Getenv("PATH"))
	shell.Stdin, shell.Stdout, shell.Stderr = os.Stdin, os.Stdout, os.Stderr
	fmt.Fprintln(os.Stderr, "The cluster is there until this shell ends. kubectl is in the PATH; servers for Pods listen on "+cluster.Address+".")
	var exit *exec.ExitError
	if err := shell.Run(); err != nil && !errors.As(err, &exit) {
		return err
	}
	return nil
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Command kubectl-igny8 is a kubectl plugin: what a person asks the operator to do now.
// Put into the PATH it is called as "kubectl igny8".
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"k8s.io/client-go/dynamic"
	"k8s.io/utils/clock"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run returns the exit code: 0, or 1 after a failure that has been explained.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	kube := newKubeFlags()
	root := newRootCommand(kube, &plugin{target: kube.target, clock: clock.RealClock{}, out: stdout})
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	for _, failure := range failures(err) {
		fmt.Fprintf(stderr, "error: %v\n", failure)
	}
	return 1
}

// failures are the parts of a joined error: one line each, as kubectl prints them.
func failures(err error) []error {
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		return joined.Unwrap()
	}
	return []error{err}
}

// target is where a command works: a cluster and a namespace in it.
type target struct {
	client    dynamic.Interface
	namespace string
}

// plugin is what the commands share.
type plugin struct {
	// target is asked for by the commands that need a cluster alone.
	target func() (*target, error)
	clock  clock.PassiveClock
	out    io.Writer
}

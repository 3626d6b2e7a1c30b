// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Command manager runs the controllers of the operator.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/go-logr/logr"
	"github.com/spf13/pflag"
	"k8s.io/klog/v2"
	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/igny8/wordpress-operator/internal/version"
)

const program = "manager"

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run returns the exit code: 0 after a clean stop, 1 after a failure, 2 for wrong flags.
func run(args []string, stdout, stderr io.Writer) int {
	options, usage, err := parseFlags(args)
	switch {
	case errors.Is(err, pflag.ErrHelp):
		fmt.Fprint(stdout, usage)
		return 0
	case err != nil:
		fmt.Fprintf(stderr, "%s: %v\n", program, err)
		return 2
	case options.showVersion:
		fmt.Fprintln(stdout, version.Line(program))
		return 0
	}
	log, err := options.log.New(stderr)
	if err != nil {
		fmt.Fprintf(stderr, "%s: %v\n", program, err)
		return 2
	}
	if err := serve(options, log); err != nil {
		log.Error(err, "The manager failed")
		return 1
	}
	return 0
}

// serve runs the manager until SIGTERM or SIGINT; a second signal ends the process at once.
func serve(options *options, log logr.Logger) error {
	// client-go and controller-runtime log through these two.
	klog.SetLogger(log)
	ctrl.SetLogger(log)
	log.Info("Starting", "version", version.String())
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	context.AfterFunc(ctx, stop)
	mgr, err := newManager(ctx, options, log)
	if err != nil {
		return err
	}
	if err := mgr.Start(ctx); err != nil {
		return fmt.Errorf("run manager: %w", err)
	}
	return nil
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Command webhookserver is the public HTTP server of the operator.
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
	"k8s.io/klog/v2"
	"k8s.io/utils/clock"
	crlog "sigs.k8s.io/controller-runtime/pkg/log"
	crmetrics "sigs.k8s.io/controller-runtime/pkg/metrics"

	"github.com/igny8/wordpress-operator/internal/version"
	"github.com/igny8/wordpress-operator/webhookserver"
)

const program = "webhookserver"

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run returns the exit code: 0 after a clean stop, 1 after a failure, 2 for wrong flags.
func run(args []string, stdout, stderr io.Writer) int {
	options, err := parseFlags(args)
	var help *helpError
	switch {
	case errors.As(err, &help):
		fmt.Fprint(stdout, help.usage)
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
		log.Error(err, "The webhookserver failed")
		return 1
	}
	return 0
}

// serve runs the server until SIGTERM or SIGINT; a second signal ends the process at once.
func serve(options *options, log logr.Logger) error {
	// client-go and controller-runtime log through these two.
	klog.SetLogger(log)
	crlog.SetLogger(log)
	log.Info("Starting", "version", version.String())
	config, err := options.kube.Config()
	if err != nil {
		return fmt.Errorf("configure API server access: %w", err)
	}
	server := options.server
	server.Clock = clock.RealClock{}
	server.Log = log
	server.Registry = crmetrics.Registry
	server.Source = webhookserver.NewIntegrations(config, clock.RealClock{}, log)
	s, err := webhookserver.New(server)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	context.AfterFunc(ctx, stop)
	return s.Run(ctx)
}

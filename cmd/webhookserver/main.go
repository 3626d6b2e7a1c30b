// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Command webhookserver is the public HTTP server of the operator.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/go-logr/logr"
	"k8s.io/utils/clock"
	crmetrics "sigs.k8s.io/controller-runtime/pkg/metrics"

	"github.com/igny8/wordpress-operator/internal/program"
	"github.com/igny8/wordpress-operator/webhookserver"
)

func main() {
	os.Exit(newProgram(&options{}).Run(os.Args[1:], os.Stdout, os.Stderr))
}

func newProgram(o *options) *program.Program {
	return &program.Program{
		Name:     "webhookserver",
		Purpose:  "is the public HTTP server of the IGNY8 WordPress operator",
		AddFlags: o.addFlags,
		Check:    o.validate,
		Serve:    func(ctx context.Context, log logr.Logger) error { return serve(ctx, o, log) },
	}
}

func serve(ctx context.Context, o *options, log logr.Logger) error {
	config, err := o.kube.Config()
	if err != nil {
		return fmt.Errorf("configure API server access: %w", err)
	}
	server := o.server
	server.Clock = clock.RealClock{}
	server.Log = log
	server.Registry = crmetrics.Registry
	server.Source = webhookserver.NewIntegrations(config, o.watchNamespace, clock.RealClock{}, log)
	s, err := webhookserver.New(server)
	if err != nil {
		return err
	}
	return s.Run(ctx)
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Command manager runs the controllers of the operator.
package main

import (
	"context"
	"fmt"
	"os"
	_ "time/tzdata" // the image has no time zones

	"github.com/go-logr/logr"

	"github.com/igny8/wordpress-operator/internal/program"
)

const name = "manager"

func main() {
	os.Exit(newProgram(&options{}).Run(os.Args[1:], os.Stdout, os.Stderr))
}

func newProgram(o *options) *program.Program {
	return &program.Program{
		Name:     name,
		Purpose:  "runs the controllers of the IGNY8 WordPress operator",
		AddFlags: o.addFlags,
		Check:    o.complete,
		Serve:    func(ctx context.Context, log logr.Logger) error { return serve(ctx, o, log) },
	}
}

func serve(ctx context.Context, o *options, log logr.Logger) error {
	mgr, err := newManager(ctx, o, log)
	if err != nil {
		return err
	}
	if err := mgr.Start(ctx); err != nil {
		return fmt.Errorf("run manager: %w", err)
	}
	return nil
}

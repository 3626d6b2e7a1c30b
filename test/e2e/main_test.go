// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package e2e tests the programs as they are shipped: built with the race
// detector, under their own ServiceAccounts, against a real API server and real
// WordPress sites.
package e2e

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/go-logr/logr"
	crlog "sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/igny8/wordpress-operator/hack/stack"
	"github.com/igny8/wordpress-operator/hack/wordpress"
)

// root is the checkout, seen from this folder.
const root = "../.."

// What all tests share. Tests run one after the other, each with a manager of
// its own.
var (
	shared *stack.Stack
	site   *wordpress.Site
)

func TestMain(m *testing.M) {
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (code int, err error) {
	ctx := context.Background()
	crlog.SetLogger(logr.Discard()) // the programs have logs of their own
	bin, err := os.MkdirTemp("", "igny8-bin-")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(bin)
	for _, program := range []string{"manager", "webhookserver"} {
		build := exec.Command("go", "build", "-race", "-o", filepath.Join(bin, program), "./cmd/"+program)
		build.Dir = root
		if out, err := build.CombinedOutput(); err != nil {
			return 1, fmt.Errorf("build %s: %w\n%s", program, err, out)
		}
	}
	if shared, err = stack.Start(ctx, stack.Options{Root: root, Bin: bin}); err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, shared.Stop()) }()
	plugins, err := mustUse()
	if err != nil {
		return 1, err
	}
	if site, err = wordpress.Start(ctx, wordpress.Options{MUPlugins: plugins}); err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, site.Stop()) }()
	code = m.Run()
	return code, errors.Join(checkRights(ctx, os.Stdout, code == 0), checkBlocks(ctx, os.Stdout))
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package bounds holds what the manager takes from a site's answers into a
// status against the API server: a status beyond a bound of its
// CustomResourceDefinition is refused as a whole, however often it is tried.
package bounds

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/igny8/wordpress-operator/hack/stack"
)

// root is the checkout, seen from this folder.
const root = "../.."

// What all tests share.
var (
	shared  *stack.Stack
	manager *stack.Program
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
	bin, err := os.MkdirTemp("", "igny8-bin-")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(bin)
	build := exec.Command("go", "build", "-o", filepath.Join(bin, "manager"), "./cmd/manager")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		return 1, fmt.Errorf("build manager: %w\n%s", err, out)
	}
	if shared, err = stack.Start(ctx, stack.Options{Root: root, Bin: bin}); err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, shared.Stop()) }()
	if manager, err = shared.StartManager(ctx, "--leader-elect=false"); err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, manager.Stop()) }()
	return m.Run(), nil
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package bench measures what the operator costs and what it bears: the manager as
// it is shipped, under its ServiceAccount, on a real API server, with sites that
// this process serves on loopback. What can be counted exactly has to be as
// promised; what a machine decides, such as memory, is printed.
//
// As a test it takes seconds, with few sites and short intervals; with -full, as
// `make bench` runs it, as many sites and minutes as the promise names.
package bench

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/go-logr/logr"
	crlog "sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/igny8/wordpress-operator/hack/stack"
)

// root is the checkout, seen from this folder.
const root = "../.."

// requests is how many are published before a restart. Fewer are quicker, and say
// nearly as much.
var requests = flag.Int("requests", 10000, "with -full: published requests over a restart")

var full = flag.Bool("full", false, "run at full size: 1,000 integrations, 10,000 requests, and minutes")

var shared *stack.Stack

func TestMain(m *testing.M) {
	flag.Parse()
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (code int, err error) {
	crlog.SetLogger(logr.Discard()) // the manager has a log of its own
	bin, err := os.MkdirTemp("", "igny8-bin-")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(bin)
	if err := build(filepath.Join(bin, "manager")); err != nil {
		return 1, err
	}
	if shared, err = stack.Start(context.Background(), stack.Options{Root: root, Bin: bin}); err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, shared.Stop()) }()
	return m.Run(), nil
}

// build builds the manager, at full size as it is shipped. The short variant
// shares what other tests have compiled. It looks for no data race: the end-to-end
// tests do, and a manager without the detector is five times as fast.
func build(target string) error {
	args := []string{"build", "-o", target, "./cmd/manager"}
	env := os.Environ()
	if *full {
		args = slices.Insert(args, 1, "-trimpath")
		env = append(env, "CGO_ENABLED=0")
	}
	cmd := exec.Command("go", args...)
	cmd.Dir, cmd.Env = root, env
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build manager: %w\n%s", err, out)
	}
	return nil
}

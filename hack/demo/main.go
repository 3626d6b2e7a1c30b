// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Command demo shows the product at work on this machine: a real control plane,
// a real WordPress, the operator's programs, and one YAML file that becomes one
// post. It stays up until Ctrl-C; with --once it checks the post and ends.
//
//	make demo
//	make demo ONCE=1
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) (err error) {
	flags := flag.NewFlagSet("demo", flag.ContinueOnError)
	once := flags.Bool("once", false, "check that the post can be read at its address, and end")
	root := flags.String("root", ".", "folder of the checkout")
	if err := flags.Parse(args); err != nil {
		return err
	}
	d := &demo{root: *root, say: newProgress(os.Stdout)}
	defer func() { err = errors.Join(err, d.stop()) }()
	for _, do := range []func(context.Context) error{d.start, d.publish, d.show} {
		if err := do(ctx); err != nil {
			return explain(ctx, err)
		}
	}
	if !*once {
		fmt.Println("\nCtrl-C ends everything.")
		<-ctx.Done()
		fmt.Println()
	}
	return nil
}

// explain says of an error that Ctrl-C is behind it, rather than all that it
// broke off.
func explain(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return errors.New("interrupted")
	}
	return err
}

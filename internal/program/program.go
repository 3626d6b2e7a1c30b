// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package program is the frame of the product's servers: flags, help, version,
// log, signals and exit code.
package program

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/signal"
	"syscall"

	"github.com/go-logr/logr"
	"github.com/spf13/pflag"
	"k8s.io/klog/v2"
	crlog "sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/igny8/wordpress-operator/internal/logging"
	"github.com/igny8/wordpress-operator/internal/version"
)

// Program is one server. The frame adds the flags --version and those of
// package logging.
type Program struct {
	// Name is the executable's, Purpose ends the sentence that begins with it.
	Name, Purpose string
	// AddFlags adds the flags in the order in which help shows them.
	AddFlags func(*pflag.FlagSet)
	// Check says what is wrong with the flags together.
	Check func() error
	// Serve runs until its context ends, at SIGTERM or SIGINT; a second signal
	// ends the process at once.
	Serve func(context.Context, logr.Logger) error

	log         logging.Options
	showVersion bool
}

// Run does what the arguments say and returns the exit code: 0 after a clean
// stop, 1 after a failure, 2 for wrong flags.
func (p *Program) Run(args []string, stdout, stderr io.Writer) int {
	usage, err := p.Parse(args)
	switch {
	case errors.Is(err, pflag.ErrHelp):
		fmt.Fprint(stdout, usage)
		return 0
	case err != nil:
		return p.refuse(stderr, err)
	case p.showVersion:
		fmt.Fprintln(stdout, version.Line(p.Name))
		return 0
	}
	log, err := p.log.New(stderr)
	if err != nil {
		return p.refuse(stderr, err)
	}
	if err := p.serve(log); err != nil {
		log.Error(err, "The program failed", "program", p.Name)
		return 1
	}
	return 0
}

func (p *Program) refuse(stderr io.Writer, err error) int {
	fmt.Fprintf(stderr, "%s: %v\n", p.Name, err)
	return 2
}

// Parse reads the flags and returns the text of --help; asking for that is the
// error pflag.ErrHelp.
func (p *Program) Parse(args []string) (usage string, err error) {
	flags := pflag.NewFlagSet(p.Name, pflag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.SortFlags = false
	p.AddFlags(flags)
	p.log.AddFlags(flags)
	flags.BoolVar(&p.showVersion, "version", false, "Print the version and exit.")
	usage = fmt.Sprintf("%s %s.\n\nUsage:\n  %s [flags]\n\nFlags:\n%s", p.Name, p.Purpose, p.Name, flags.FlagUsages())
	if err := flags.Parse(args); err != nil {
		return usage, err
	}
	if flags.NArg() > 0 {
		return usage, fmt.Errorf("takes no arguments, got %q", flags.Args())
	}
	return usage, p.Check()
}

func (p *Program) serve(log logr.Logger) error {
	// client-go and controller-runtime log through these two.
	klog.SetLogger(log)
	crlog.SetLogger(log)
	log.Info("Starting", "version", version.String())
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	context.AfterFunc(ctx, stop)
	return p.Serve(ctx, log)
}

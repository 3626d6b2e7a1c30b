// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Command wordpress brings up real WordPress sites with the plugin and keeps them until Ctrl-C.
//
//	go run ./hack/wordpress/cmd/wordpress up [-dir folder] [-sites n]
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/igny8/wordpress-operator/hack/wordpress"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "wordpress:", err)
		os.Exit(1)
	}
}

// run does what the arguments say until the context ends.
func run(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 0 || args[0] != "up" {
		return errors.New("usage: wordpress up [-dir folder] [-sites n]")
	}
	flags := flag.NewFlagSet("wordpress up", flag.ContinueOnError)
	dir := flags.String("dir", "", "folder to put the sites into, kept afterwards; default is a temporary one")
	count := flags.Int("sites", 1, "number of sites")
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	sites, err := wordpress.StartMany(ctx, *count, wordpress.Options{Dir: *dir})
	if err != nil {
		return err
	}
	show(out, sites)
	<-ctx.Done()
	return stopAll(sites)
}

// show prints what is needed to use the sites.
func show(out io.Writer, sites []*wordpress.Site) {
	for _, site := range sites {
		fmt.Fprintf(out, "site   %s\nadmin  %s  (%s / %s)\nkey    %s\nfiles  %s\n\n",
			site.URL, site.AdminURL, site.AdminUser, site.AdminPassword, site.APIKey, site.Dir)
	}
	fmt.Fprintln(out, "Ctrl-C ends them.")
}

// stopAll ends the sites.
func stopAll(sites []*wordpress.Site) error {
	var errs []error
	for _, site := range sites {
		errs = append(errs, site.Stop())
	}
	return errors.Join(errs...)
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Command image writes the container image without a container engine: an OCI archive
// with static programs, CA certificates and the licence, for one or more platforms. The
// same sources give the same bytes, in whatever folder and on whatever day.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/spf13/cobra"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := command().ExecuteContext(ctx)
	stop()
	if err != nil {
		os.Exit(1)
	}
}

func command() *cobra.Command {
	root := &cobra.Command{Use: "image", Short: "Write the container image of the operator", SilenceUsage: true}
	root.AddCommand(archiveCommand(), treeCommand(), programCommand())
	return root
}

// archiveCommand is what make image runs.
func archiveCommand() *cobra.Command {
	var (
		output, source string
		platforms      []string
		l              labels
	)
	cmd := &cobra.Command{
		Use:   "archive",
		Short: "Write an OCI archive, and print its digest and sizes",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			created, err := sourceDate()
			if err != nil {
				return err
			}
			l.created = created
			built, err := build(cmd.Context(), source, platforms, l)
			if err != nil {
				return err
			}
			if err := writeArchive(output, built, l); err != nil {
				return err
			}
			return report(cmd.OutOrStdout(), output, built)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&output, "output", "image.tar", "file to write")
	flags.StringVar(&source, "source", ".", "checkout to build")
	flags.StringSliceVar(&platforms, "platform", []string{"linux/amd64", "linux/arm64"}, "platforms to build for")
	flags.StringVar(&l.name, "name", "igny8/wordpress-operator:latest", "name and tag under which the archive is imported")
	flags.StringVar(&l.version, "version", "", "version of the product")
	flags.StringVar(&l.revision, "revision", "", "commit it is built from")
	return cmd
}

// treeCommand serves the Dockerfile, so that both ways make the same file system.
func treeCommand() *cobra.Command {
	var output, source, platform, version string
	cmd := &cobra.Command{
		Use:   "tree",
		Short: "Write the file system of the image into a folder",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			parsed, err := v1.ParsePlatform(platform)
			if err != nil {
				return err
			}
			return writeTree(cmd.Context(), output, source, parsed, version)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&output, "output", "rootfs", "folder to write to")
	flags.StringVar(&source, "source", ".", "checkout to build")
	flags.StringVar(&platform, "platform", "linux/amd64", "platform to build for")
	flags.StringVar(&version, "version", "", "version of the product")
	return cmd
}

// sourceDate is the time that the image says it was created at: SOURCE_DATE_EPOCH in
// seconds, see https://reproducible-builds.org/specs/source-date-epoch, else 1970.
func sourceDate() (time.Time, error) {
	text := os.Getenv("SOURCE_DATE_EPOCH")
	if text == "" {
		return time.Unix(0, 0).UTC(), nil
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("read SOURCE_DATE_EPOCH: %w", err)
	}
	return time.Unix(seconds, 0).UTC(), nil
}

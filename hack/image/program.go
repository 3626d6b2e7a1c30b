// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"path"
	"runtime"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"github.com/spf13/cobra"
)

// programCommand is for tests, which need small images of other programs.
func programCommand() *cobra.Command {
	var output, source, pkg, name string
	cmd := &cobra.Command{
		Use:   "program",
		Short: "Write an OCI archive with one program of the checkout, for this machine",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			l := labels{name: name}
			index, err := buildProgram(cmd.Context(), source, pkg, l)
			if err != nil {
				return err
			}
			return writeArchive(output, index, l)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&output, "output", "program.tar", "file to write")
	flags.StringVar(&source, "source", ".", "checkout to build")
	flags.StringVar(&pkg, "package", "", "package of the program, such as ./cmd/manager")
	flags.StringVar(&name, "name", "", "name and tag under which the archive is imported")
	return cmd
}

func buildProgram(ctx context.Context, source, pkg string, l labels) (v1.ImageIndex, error) {
	platform := &v1.Platform{OS: "linux", Architecture: runtime.GOARCH}
	image, err := packImage(platform, path.Base(pkg), l, func(dir string) error {
		return compile(ctx, dir, source, platform, "", pkg)
	})
	if err != nil {
		return nil, err
	}
	index := mutate.IndexMediaType(empty.Index, types.OCIImageIndex)
	return mutate.AppendManifests(index, mutate.IndexAddendum{Add: image, Descriptor: v1.Descriptor{Platform: platform}}), nil
}

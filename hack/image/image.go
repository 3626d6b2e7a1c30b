// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"os"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// user is a number: kubelet cannot check runAsNonRoot for a name.
const user = "65532:65532"

// labels say what the image is.
type labels struct {
	name, version, revision string
	created                 time.Time
}

// annotations are the names that the OCI image specification has for it; the Dockerfile
// has the same.
func (l labels) annotations() map[string]string {
	return map[string]string{
		"org.opencontainers.image.title":       "igny8-wordpress-operator",
		"org.opencontainers.image.description": "Publishes to WordPress what Kubernetes resources say",
		"org.opencontainers.image.source":      "https://github.com/igny8/wordpress-operator",
		"org.opencontainers.image.licenses":    "Apache-2.0 AND GPL-2.0-or-later",
		"org.opencontainers.image.version":     orElse(l.version, "devel"),
		"org.opencontainers.image.revision":    orElse(l.revision, "unknown"),
	}
}

func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// build makes the image of each platform, and the index of them all.
func build(ctx context.Context, source string, platforms []string, l labels) (v1.ImageIndex, error) {
	index := mutate.IndexMediaType(empty.Index, types.OCIImageIndex)
	for _, name := range platforms {
		platform, err := v1.ParsePlatform(name)
		if err != nil {
			return nil, err
		}
		image, err := buildImage(ctx, source, platform, l)
		if err != nil {
			return nil, err
		}
		index = mutate.AppendManifests(index, mutate.IndexAddendum{Add: image, Descriptor: v1.Descriptor{Platform: platform}})
	}
	annotated, ok := mutate.Annotations(index, l.annotations()).(v1.ImageIndex)
	if !ok {
		return nil, fmt.Errorf("annotated index is %T", annotated)
	}
	return annotated, nil
}

func buildImage(ctx context.Context, source string, platform *v1.Platform, l labels) (v1.Image, error) {
	return packImage(platform, "manager", l, func(dir string) error {
		return writeTree(ctx, dir, source, platform, l.version)
	})
}

// packImage makes an image with one layer, of what write puts into a folder, and with one
// of the programs in it as its entry point.
func packImage(platform *v1.Platform, entrypoint string, l labels, write func(dir string) error) (v1.Image, error) {
	dir, err := os.MkdirTemp("", "igny8-image-")
	if err != nil {
		return nil, fmt.Errorf("make folder: %w", err)
	}
	defer os.RemoveAll(dir)
	if err := write(dir); err != nil {
		return nil, err
	}
	layer, err := newLayer(dir, l.created)
	if err != nil {
		return nil, err
	}
	base := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.OCIConfigJSON)
	image, err := mutate.Append(base, mutate.Addendum{Layer: layer, History: v1.History{
		Created: v1.Time{Time: l.created}, CreatedBy: "hack/image",
	}})
	if err != nil {
		return nil, fmt.Errorf("add layer: %w", err)
	}
	return configure(image, platform, entrypoint, l)
}

// configure says how the image is run.
func configure(image v1.Image, platform *v1.Platform, entrypoint string, l labels) (v1.Image, error) {
	file, err := image.ConfigFile()
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	file = file.DeepCopy()
	file.OS, file.Architecture = platform.OS, platform.Architecture
	file.Created = v1.Time{Time: l.created}
	file.Config = v1.Config{
		User:       user,
		Entrypoint: []string{"/" + entrypoint},
		Env:        []string{"PATH=/"},
		Labels:     l.annotations(),
	}
	return mutate.ConfigFile(image, file)
}

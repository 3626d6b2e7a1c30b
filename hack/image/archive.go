// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
)

// writeArchive writes an OCI layout as one tar file, which "ctr image import", "podman
// load", "skopeo copy oci-archive:" and "crane push" read.
func writeArchive(path string, index v1.ImageIndex, l labels) error {
	dir, err := os.MkdirTemp("", "igny8-image-")
	if err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	defer os.RemoveAll(dir)
	written, err := layout.Write(dir, empty.Index)
	if err != nil {
		return fmt.Errorf("write layout: %w", err)
	}
	if err := written.AppendIndex(index, layout.WithAnnotations(names(l.name))); err != nil {
		return fmt.Errorf("write layout: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	file, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("create archive: %w", err)
	}
	if err := errors.Join(pack(file, dir, l.created), file.Close()); err != nil {
		return fmt.Errorf("write archive: %w", err)
	}
	return nil
}

// names tell containerd, which wants the whole name, and others, which want the tag, what
// to call the image.
func names(image string) map[string]string {
	_, tag, found := strings.Cut(filepath.Base(image), ":")
	if !found {
		tag = "latest"
		image += ":latest"
	}
	// As "docker pull" would complete it; kubelet asks containerd for this form.
	if first, _, _ := strings.Cut(image, "/"); !strings.ContainsAny(first, ".:") {
		image = "docker.io/" + image
	}
	return map[string]string{"io.containerd.image.name": image, "org.opencontainers.image.ref.name": tag}
}

// report prints what was written: the digest, and the sizes that a node downloads and
// keeps.
func report(w io.Writer, path string, index v1.ImageIndex) error {
	digest, err := index.Digest()
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(w, "%s\nindex %s\n", path, digest); err != nil {
		return err
	}
	manifest, err := index.IndexManifest()
	if err != nil {
		return err
	}
	for _, m := range manifest.Manifests {
		image, err := index.Image(m.Digest)
		if err != nil {
			return err
		}
		compressed, unpacked, err := sizes(image)
		if err != nil {
			return err
		}
		const megabyte = 1e6
		_, err = fmt.Fprintf(w, "%-11s %s %5.1f MB to download, %5.1f MB unpacked\n",
			m.Platform, m.Digest, float64(compressed)/megabyte, float64(unpacked)/megabyte)
		if err != nil {
			return err
		}
	}
	return nil
}

// sizes are in bytes.
func sizes(image v1.Image) (compressed, unpacked int64, err error) {
	layers, err := image.Layers()
	if err != nil {
		return 0, 0, err
	}
	for _, layer := range layers {
		size, err := layer.Size()
		if err != nil {
			return 0, 0, err
		}
		content, err := layer.Uncompressed()
		if err != nil {
			return 0, 0, err
		}
		count, err := io.Copy(io.Discard, content)
		if err := errors.Join(err, content.Close()); err != nil {
			return 0, 0, err
		}
		compressed, unpacked = compressed+size, unpacked+count
	}
	return compressed, unpacked, nil
}

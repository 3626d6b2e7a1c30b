// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controlplane

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"github.com/go-logr/logr"
	"golang.org/x/mod/semver"
	"sigs.k8s.io/controller-runtime/tools/setup-envtest/remote"
	"sigs.k8s.io/controller-runtime/tools/setup-envtest/versions"
)

const (
	// indexTimeout bounds the question what there is: a machine without a way out falls
	// back to building soon.
	indexTimeout = 10 * time.Second
	// downloadTimeout bounds the archive of some 100 MB; building takes 7 minutes.
	downloadTimeout = 3 * time.Minute
	// maxBinaryBytes bounds what one file of an archive may unpack to; kube-apiserver,
	// the largest, has some 90 MB.
	maxBinaryBytes = 1 << 30
)

// prebuilt fetches the archives that the Kubernetes project publishes for envtest.
type prebuilt struct {
	pins     pins
	progress io.Writer
	// indexURL is where the list of archives is; empty means setup-envtest's default.
	indexURL string
}

func (p *prebuilt) fill(ctx context.Context, dir string) error {
	client := &remote.HTTPClient{Log: logr.Discard(), IndexURL: p.indexURL}
	version, platform, err := p.choose(ctx, client)
	if err != nil {
		return err
	}
	stop := heartbeat(p.progress, fmt.Sprintf("downloading Kubernetes %s (once on this machine)", version))
	defer stop()
	archive := filepath.Join(dir, "archive.tar.gz")
	if err := download(ctx, client, version, platform, archive); err != nil {
		return err
	}
	defer func() { _ = os.Remove(archive) }()
	return unpack(archive, dir)
}

// choose picks the pinned patch version, or else the newest one of the same minor version:
// not every patch gets an archive.
func (p *prebuilt) choose(ctx context.Context, client remote.Client) (versions.Concrete, versions.PlatformItem, error) {
	ctx, cancel := context.WithTimeout(ctx, indexTimeout)
	defer cancel()
	sets, err := client.ListVersions(ctx)
	if err != nil {
		return versions.Concrete{}, versions.PlatformItem{}, err
	}
	for _, wanted := range []func(string) bool{p.exact, p.sameMinor} {
		for _, set := range sets {
			i := slices.IndexFunc(set.Platforms, isThisMachine)
			if i >= 0 && wanted("v"+set.Version.String()) {
				return set.Version, set.Platforms[i], nil
			}
		}
	}
	return versions.Concrete{}, versions.PlatformItem{}, fmt.Errorf("no archive of %s for %s/%s",
		semver.MajorMinor(p.pins.Kubernetes), runtime.GOOS, runtime.GOARCH)
}

func (p *prebuilt) exact(v string) bool { return v == p.pins.Kubernetes }

func (p *prebuilt) sameMinor(v string) bool {
	return semver.MajorMinor(v) == semver.MajorMinor(p.pins.Kubernetes)
}

func isThisMachine(item versions.PlatformItem) bool {
	return item.OS == runtime.GOOS && item.Arch == runtime.GOARCH && item.Hash != nil
}

// download writes the archive to path; the client compares its checksum with the index's.
func download(ctx context.Context, client remote.Client, v versions.Concrete, p versions.PlatformItem, path string) error {
	ctx, cancel := context.WithTimeout(ctx, downloadTimeout)
	defer cancel()
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(client.GetVersion(ctx, v, p, f), f.Close())
}

// unpack puts the binaries of the archive into dir, whatever folder they are in.
func unpack(archive, dir string) error {
	f, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	zipped, err := gzip.NewReader(f)
	if err != nil {
		return fmt.Errorf("read archive: %w", err)
	}
	files := tar.NewReader(zipped)
	for {
		header, err := files.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read archive: %w", err)
		}
		name := filepath.Base(header.Name)
		if header.Typeflag != tar.TypeReg || !slices.Contains(binaryNames(), name) {
			continue
		}
		if err := writeBinary(filepath.Join(dir, name), files, header.Size); err != nil {
			return err
		}
	}
}

func writeBinary(path string, content io.Reader, size int64) error {
	if size > maxBinaryBytes {
		return fmt.Errorf("%s has %d bytes, more than %d", filepath.Base(path), size, int64(maxBinaryBytes))
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o755)
	if err != nil {
		return err
	}
	_, err = io.CopyN(f, content, size)
	return errors.Join(err, f.Close())
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

//go:build cluster

package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-logr/logr"
	"k8s.io/apimachinery/pkg/runtime"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/controller-runtime/pkg/client"
	crlog "sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/hack/cluster"
	"github.com/igny8/wordpress-operator/hack/cluster/node"
	"github.com/igny8/wordpress-operator/hack/wordpress"
)

const (
	// root is the checkout, seen from this folder.
	root = "../.."
	// image is what the archive holds. The tag is not "latest", which would be pulled.
	image, imageTag = "igny8/wordpress-operator", "e2e"
	// archiveVariable of the environment names an archive with that image; without it one
	// is built from the checkout.
	archiveVariable = "IGNY8_IMAGE_ARCHIVE"
)

// What all tests share. Tests run one after the other.
var (
	shared *cluster.Cluster
	site   *wordpress.Site
	api    client.Client
)

func TestMain(m *testing.M) {
	node.RunIfAsked()
	run := outside
	if cluster.Isolated() {
		run = func(ctx context.Context) (int, error) { return inside(ctx, m) }
	}
	code, err := run(context.Background())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = max(code, 1)
	}
	os.Exit(code)
}

// outside prepares what may need a network, and goes on where there is none.
func outside(ctx context.Context) (code int, err error) {
	if missing := cluster.Missing(); len(missing) > 0 {
		fmt.Fprintf(os.Stderr, "\n!!!!! NOT TESTED: no cluster can run on this machine. It lacks:\n!!!!!   %s\n\n", strings.Join(missing, "\n!!!!!   "))
		return 0, nil
	}
	dir, err := os.MkdirTemp("", "igny8-images-")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(dir)
	assets, err := cluster.Prepare(ctx, root, dir, os.Stderr)
	if err != nil {
		return 1, err
	}
	environment, err := prepare(ctx, dir)
	if err != nil {
		return 1, err
	}
	return cluster.Isolate(append(assets.Environment(), environment...)...)
}

// prepare builds Helm, an object store, and the images of this version and of the one before.
func prepare(ctx context.Context, dir string) (environment []string, err error) {
	if out, err := exec.CommandContext(ctx, filepath.Join(root, "hack", "tools", "install.sh"), "helm", "s3-gateway").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build Helm and an object store: %w\n%s", err, out)
	}
	archive := os.Getenv(archiveVariable)
	if archive == "" {
		archive = filepath.Join(dir, "operator.tar")
		if err := buildImage(ctx, root, imageTag, archive); err != nil {
			return nil, err
		}
	}
	environment, err = preparePrevious(ctx, dir)
	return append(environment, archiveVariable+"="+archive), err
}

// inside runs the tests beside a cluster and a site.
func inside(ctx context.Context, m *testing.M) (code int, err error) {
	crlog.SetLogger(logr.Discard())
	options := cluster.Options{Assets: cluster.AssetsFromEnvironment(), Images: []string{os.Getenv(archiveVariable)}}
	if previous := os.Getenv(previousArchiveVariable); previous != "" {
		options.Images = append(options.Images, previous)
	}
	if shared, err = cluster.Start(ctx, options); err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, shared.Stop()) }()
	scheme := runtime.NewScheme()
	if err := errors.Join(clientgoscheme.AddToScheme(scheme), v1alpha1.AddToScheme(scheme)); err != nil {
		return 1, err
	}
	if api, err = client.New(shared.Config(), client.Options{Scheme: scheme}); err != nil {
		return 1, err
	}
	if site, err = wordpress.Start(ctx, wordpress.Options{Host: cluster.Address}); err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, site.Stop()) }()
	return m.Run(), nil
}

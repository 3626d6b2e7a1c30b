// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Command gateway is an S3 server over a folder, for tests: the Versity gateway,
// built from its Go module.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/embedgw"
)

const (
	// maxRequests is more than any test has under way.
	maxRequests = 256
	// maxParts is S3's own limit of an upload in parts.
	maxParts = 10000
)

func main() {
	address := flag.String("address", "", "Address to listen at, of loopback.")
	dir := flag.String("dir", "", "Folder for objects and what is known about them.")
	certificate := flag.String("cert", "", "Certificate file, for https.")
	key := flag.String("key", "", "Key file, for https.")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *dir, embedgw.Config{
		RootUserAccess: os.Getenv("ROOT_ACCESS_KEY"), RootUserSecret: os.Getenv("ROOT_SECRET_KEY"),
		Ports: []string{*address}, CertFile: *certificate, KeyFile: *key, KeepAlive: true, HealthPath: "/healthz",
		MaxConnections: maxRequests, MaxRequests: maxRequests, MultipartMaxParts: maxParts,
	}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run keeps what is known about objects in files beside them: not every file
// system has extended attributes.
func run(ctx context.Context, dir string, config embedgw.Config) error {
	objects, attributes := filepath.Join(dir, "objects"), filepath.Join(dir, "attributes")
	for _, d := range []string{objects, attributes} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			return err
		}
	}
	known, err := meta.NewSideCar(attributes)
	if err != nil {
		return err
	}
	store, err := posix.New(objects, known, posix.PosixOpts{SideCarDir: attributes})
	if err != nil {
		return err
	}
	return embedgw.RunVersityGW(ctx, store, &config)
}

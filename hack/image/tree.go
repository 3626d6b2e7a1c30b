// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"golang.org/x/crypto/x509roots/fallback/bundle"
)

// programs of cmd/ that the image has at its root.
var programs = []string{"manager", "webhookserver", "kubectl-igny8"}

// certificates is where Go's crypto/x509 looks first on Linux.
const certificates = "etc/ssl/certs/ca-certificates.crt"

// versionVariable is what the programs print as their version.
const versionVariable = "github.com/igny8/wordpress-operator/internal/version.Version"

// writeTree writes everything that the image holds into dir.
func writeTree(ctx context.Context, dir, source string, platform *v1.Platform, version string) error {
	if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(certificates)), 0o755); err != nil {
		return fmt.Errorf("make tree: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, certificates), rootCertificates(), 0o644); err != nil {
		return fmt.Errorf("write certificates: %w", err)
	}
	// The licence asks that whoever gets the programs gets it, too.
	licence, err := os.ReadFile(filepath.Join(source, "LICENSE"))
	if err != nil {
		return fmt.Errorf("read licence: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "LICENSE"), licence, 0o644); err != nil {
		return fmt.Errorf("write licence: %w", err)
	}
	var packages []string
	for _, program := range programs {
		packages = append(packages, "./cmd/"+program)
	}
	return compile(ctx, dir, source, platform, version, packages...)
}

// compile builds programs into dir: static, without the path of the checkout, and without
// what git says of it, which would differ between a clone and an archive.
func compile(ctx context.Context, dir, source string, platform *v1.Platform, version string, packages ...string) error {
	out, err := filepath.Abs(dir)
	if err != nil {
		return fmt.Errorf("find output folder: %w", err)
	}
	args := []string{"build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w -X " + versionVariable + "=" + version, "-o", out + "/"}
	args = append(args, packages...)
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = source
	// Flags of the caller, such as -race, are not meant for the image.
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off",
		"GOOS="+platform.OS, "GOARCH="+platform.Architecture, "GOAMD64=v1", "GOARM64=v8.0")
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build programs for %s: %w\n%s", platform, err, output)
	}
	return nil
}

// rootCertificates are those of Mozilla's programme, as pinned in go.mod: those of the
// machine would make the image depend on it. Left out are authorities that are trusted
// only for what they issued up to some date: a PEM file cannot say so.
func rootCertificates() []byte {
	var file bytes.Buffer
	for root := range bundle.Roots() {
		if root.Constraint == nil {
			file.Write(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root.Certificate}))
		}
	}
	return file.Bytes()
}

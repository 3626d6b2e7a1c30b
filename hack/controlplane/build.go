// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controlplane

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/mod/semver"
)

// cancelGrace is how long a cancelled `go build` gets to remove its temporary files.
const cancelGrace = 5 * time.Second

// builder builds the binaries from the nested module.
type builder struct {
	pins      pins
	targets   []buildTarget
	moduleDir string
	progress  io.Writer
}

// commands is where Kubernetes has its programs.
const commands = "k8s.io/kubernetes/cmd/"

type buildTarget struct {
	binary   string
	pkg      string
	version  string
	duration string
}

func newBuilder(p pins, targets []buildTarget, moduleDir string, progress io.Writer) *builder {
	return &builder{pins: p, targets: targets, moduleDir: moduleDir, progress: progress}
}

// controlPlaneTargets are in the order of the time that they take; the durations were
// measured cold on two cores.
func controlPlaneTargets(p pins) []buildTarget {
	return []buildTarget{
		{binary: "etcd", pkg: "./etcd", version: p.Etcd, duration: "1 minute"},
		{binary: "kubectl", pkg: commands + "kubectl", version: p.Kubernetes, duration: "1 minute"},
		{binary: "kube-apiserver", pkg: commands + "kube-apiserver", version: p.Kubernetes, duration: "6 minutes"},
	}
}

// nodeTargets begin with what compiles most of the packages of the others; the durations
// were measured after the control plane was built.
func nodeTargets(p pins) []buildTarget {
	return []buildTarget{
		{binary: "kubelet", pkg: commands + "kubelet", version: p.Kubernetes, duration: "2 minutes"},
		{binary: "kube-controller-manager", pkg: commands + "kube-controller-manager", version: p.Kubernetes, duration: "1 minute"},
		{binary: "kube-scheduler", pkg: commands + "kube-scheduler", version: p.Kubernetes, duration: "10 seconds"},
		{binary: "kube-proxy", pkg: commands + "kube-proxy", version: p.Kubernetes, duration: "10 seconds"},
	}
}

func (b *builder) fill(ctx context.Context, dir string) error {
	for _, t := range b.targets {
		stop := heartbeat(b.progress, fmt.Sprintf(
			"building %s %s (once on this machine, about %s on two cores)", t.binary, t.version, t.duration))
		err := b.build(ctx, t, filepath.Join(dir, t.binary))
		stop()
		if err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) build(ctx context.Context, t buildTarget, out string) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags", b.ldflags(), "-o", out, t.pkg)
	cmd.Dir = b.moduleDir
	// Flags of the caller, such as -race or -mod=vendor, are not meant for this module.
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off")
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = cancelGrace
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("build %s: %w\n%s", t.binary, err, output.Bytes())
	}
	return nil
}

// ldflags set what the release scripts of Kubernetes set: without it the server calls
// itself v0.0.0 and clients that look at the version are lost.
func (b *builder) ldflags() string {
	major, minor, _ := strings.Cut(strings.TrimPrefix(semver.MajorMinor(b.pins.Kubernetes), "v"), ".")
	const pkg = "k8s.io/component-base/version"
	return fmt.Sprintf("-s -w -X %[1]s.gitVersion=%[2]s -X %[1]s.gitMajor=%[3]s -X %[1]s.gitMinor=%[4]s",
		pkg, b.pins.Kubernetes, major, minor)
}

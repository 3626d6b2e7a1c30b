// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controlplane

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/envtest"
)

// startTimeout bounds how long each server may take until it is healthy: 4 s on two idle
// cores, several times that when a race-enabled build runs beside it.
const startTimeout = 90 * time.Second

// Options say how a control plane is started. The zero value is what tests want.
type Options struct {
	// CRDPaths are files and folders of the CustomResourceDefinitions to install. Default:
	// config/crd/bases of this checkout. An empty, non-nil slice installs none.
	CRDPaths []string
	// Progress is told about downloads and builds. Default: standard error.
	Progress io.Writer
}

// ControlPlane is a running etcd and kube-apiserver on loopback ports.
type ControlPlane struct {
	dir     *runDir
	admin   *rest.Config
	kubectl string
	audit   auditLog
}

// Start starts a control plane and returns when its API, with the CustomResourceDefinitions,
// can be used. It ends with Stop, or with the process that called Start. ctx bounds the
// start alone.
func Start(ctx context.Context, o Options) (*ControlPlane, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	assets, err := Assets(ctx, o.Progress)
	if err != nil {
		return nil, err
	}
	dir, err := newRunDir()
	if err != nil {
		return nil, err
	}
	cp := &ControlPlane{dir: dir, kubectl: filepath.Join(assets, "kubectl"), audit: auditLog{path: dir.auditLog(), open: map[types.UID]bool{}}}
	if err := cp.start(ctx, assets, o); err != nil {
		err = fmt.Errorf("start control plane: %w%s", err, dir.logTails())
		return nil, errors.Join(err, cp.Stop())
	}
	return cp, nil
}

func (o Options) withDefaults() (Options, error) {
	if o.Progress == nil {
		o.Progress = os.Stderr
	}
	if o.CRDPaths == nil {
		root, err := moduleRoot()
		if err != nil {
			return o, err
		}
		o.CRDPaths = []string{filepath.Join(root, "config", "crd", "bases")}
	}
	return o, nil
}

func (cp *ControlPlane) start(ctx context.Context, assets string, o Options) error {
	env, err := newEnvironment(cp.dir, assets, o.CRDPaths)
	if err != nil {
		return err
	}
	config, err := env.Start()
	if err != nil {
		return err
	}
	cp.admin = rest.CopyConfig(config)
	cp.admin.QPS = -1
	// envtest takes no context.
	return ctx.Err()
}

func newEnvironment(dir *runDir, assets string, crdPaths []string) (*envtest.Environment, error) {
	etcd, err := newEtcd(dir, assets)
	if err != nil {
		return nil, err
	}
	server, err := newAPIServer(dir, assets)
	if err != nil {
		return nil, err
	}
	local := false
	env := &envtest.Environment{
		CRDDirectoryPaths:        crdPaths,
		ErrorIfCRDPathMissing:    true,
		UseExistingCluster:       &local,
		ControlPlaneStartTimeout: startTimeout,
	}
	env.ControlPlane.Etcd = etcd
	env.ControlPlane.APIServer = server
	env.ControlPlane.KubectlPath = filepath.Join(assets, "kubectl")
	return env, nil
}

func newEtcd(dir *runDir, assets string) (*envtest.Etcd, error) {
	path, log, err := dir.server(filepath.Join(assets, "etcd"))
	if err != nil {
		return nil, err
	}
	return &envtest.Etcd{Path: path, DataDir: dir.join("etcd"), Out: log, Err: log}, nil
}

// newAPIServer leaves ports, certificates and the signing keys of ServiceAccount tokens to
// envtest.
func newAPIServer(dir *runDir, assets string) (*envtest.APIServer, error) {
	path, log, err := dir.server(filepath.Join(assets, "kube-apiserver"))
	if err != nil {
		return nil, err
	}
	server := &envtest.APIServer{Path: path, CertDir: dir.join("certs"), Out: log, Err: log}
	server.Configure().Set("authorization-mode", "RBAC")
	if err := configureAudit(server.Configure(), dir); err != nil {
		return nil, err
	}
	return server, nil
}

// Config returns a new config of an administrator, without client-side rate limits.
func (cp *ControlPlane) Config() *rest.Config { return rest.CopyConfig(cp.admin) }

// KubectlPath returns the kubectl of the control plane's version.
func (cp *ControlPlane) KubectlPath() string { return cp.kubectl }

// Stop ends the servers at once and removes all their data.
func (cp *ControlPlane) Stop() error {
	if err := cp.dir.remove(); err != nil {
		return fmt.Errorf("stop control plane: %w", err)
	}
	return nil
}

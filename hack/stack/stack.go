// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package stack brings up what an operator needs: a control plane with the
// product's CustomResourceDefinitions and rights, and the programs, each with a
// token of its own ServiceAccount. The demo and the end-to-end tests run on it.
package stack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/hack/controlplane"
)

// Namespace is where config/ puts the operator.
const Namespace = "igny8-system"

// Options say what to bring up.
type Options struct {
	// Root is the folder of the checkout.
	Root string
	// Bin has the programs manager and webhookserver.
	Bin string
	// Progress is told about what takes long; nil means standard error.
	Progress io.Writer
}

// Stack is a running control plane with the operator's rights in it.
type Stack struct {
	*controlplane.ControlPlane
	// Client is the administrator's.
	Client client.Client
	// Dir has kubeconfigs and logs; Stop removes it.
	Dir string

	options Options
}

// Start brings up the control plane and installs the operator in it.
func Start(ctx context.Context, o Options) (_ *Stack, err error) {
	s := &Stack{options: o}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Stop())
		}
	}()
	if s.Dir, err = os.MkdirTemp("", "igny8-"); err != nil {
		return nil, err
	}
	if s.ControlPlane, err = controlplane.Start(ctx, controlplane.Options{Progress: o.Progress, CRDPaths: []string{}}); err != nil {
		return nil, err
	}
	if s.Client, err = newClient(s.ControlPlane); err != nil {
		return nil, err
	}
	if err = controlplane.WriteKubeconfig(s.Kubeconfig(), s.Config()); err != nil {
		return nil, err
	}
	return s, s.install(ctx)
}

func newClient(cp *controlplane.ControlPlane) (client.Client, error) {
	scheme := runtime.NewScheme()
	if err := errors.Join(clientgoscheme.AddToScheme(scheme), v1alpha1.AddToScheme(scheme)); err != nil {
		return nil, err
	}
	return client.New(cp.Config(), client.Options{Scheme: scheme})
}

// install applies config/default, as a platform team does. Its Pods stay where
// they are, there is no kubelet: StartManager and StartWebhookserver take their
// place, with the same rights.
func (s *Stack) install(ctx context.Context) error {
	if _, err := s.Kubectl(ctx, "", "apply", "--server-side", "-k", filepath.Join(s.options.Root, "config", "default")); err != nil {
		return fmt.Errorf("install config/default: %w", err)
	}
	_, err := s.Kubectl(ctx, "", "wait", "--for=condition=Established", "--timeout=30s", "crd", "--all")
	return err
}

// Kubeconfig is the administrator's kubeconfig.
func (s *Stack) Kubeconfig() string { return filepath.Join(s.Dir, "admin.kubeconfig") }

// Kubectl runs kubectl as the administrator and returns what it prints. What it
// complains about is in the error.
func (s *Stack) Kubectl(ctx context.Context, stdin string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, s.KubectlPath(), args...)
	cmd.Env = append(os.Environ(), "KUBECONFIG="+s.Kubeconfig())
	cmd.Stdin = strings.NewReader(stdin)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return string(out), fmt.Errorf("kubectl %s: %w: %s", args[0], err, strings.TrimSpace(stderr.String()))
	}
	return string(out), nil
}

// Stop ends the control plane. Programs are stopped by whoever started them.
func (s *Stack) Stop() error {
	var err error
	if s.ControlPlane != nil {
		err = s.ControlPlane.Stop()
	}
	return errors.Join(err, os.RemoveAll(s.Dir))
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package stack

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/igny8/wordpress-operator/hack/controlplane"
	"github.com/igny8/wordpress-operator/hack/process"
)

// Program is a running manager or webhookserver.
type Program struct {
	*process.Process
	// LogFile has everything it printed.
	LogFile string
	// Metrics and Health are the addresses of its listeners.
	Metrics, Health string
	// Address is the site-facing one of the webhookserver.
	Address string
}

// Log returns what the program printed so far.
func (p *Program) Log() string {
	text, err := os.ReadFile(p.LogFile)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// SidecarToken is the file through which the manager hands the webhookserver its
// token.
func (s *Stack) SidecarToken() string { return filepath.Join(s.Dir, "sidecar-token") }

// StartManager starts the manager under its own ServiceAccount and returns when
// it is ready. Sites on loopback and plain http are allowed.
func (s *Stack) StartManager(ctx context.Context, flags ...string) (*Program, error) {
	return s.start(ctx, "manager", "manager", append([]string{
		"--leader-election-namespace=" + Namespace,
		"--allow-addresses=127.0.0.0/8", "--allow-plaintext",
		"--webhookserver-namespace=" + Namespace, "--webhookserver-token-file=" + s.SidecarToken(),
	}, flags...))
}

// StartWebhookserver starts the webhookserver with the token that the manager
// mints for it, and returns when it is ready.
func (s *Stack) StartWebhookserver(ctx context.Context, flags ...string) (*Program, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	p, err := s.start(ctx, "webhookserver", "", append([]string{"--bind-address=" + address, "--token-file=" + s.SidecarToken(), "--drain-delay=0s"}, flags...))
	if err != nil {
		return nil, err
	}
	p.Address = address
	return p, nil
}

// start runs a program; with an account it gets a kubeconfig with a token of it,
// without one it is given the API server's address as a Pod is.
func (s *Stack) start(ctx context.Context, program, account string, flags []string) (*Program, error) {
	p, err := s.newProgram(program)
	if err != nil {
		return nil, err
	}
	flags = append([]string{"--metrics-bind-address=" + p.Metrics, "--health-probe-bind-address=" + p.Health, "--log-level=debug"}, flags...)
	env := os.Environ()
	if account != "" {
		kubeconfig, err := s.accountKubeconfig(ctx, account)
		if err != nil {
			return nil, err
		}
		flags = append(flags, "--kubeconfig="+kubeconfig)
	} else {
		in, err := s.inCluster()
		if err != nil {
			return nil, err
		}
		env, flags = append(env, in.env...), append(flags, "--ca-file="+in.caFile)
	}
	cmd := exec.Command(filepath.Join(s.options.Bin, program), flags...)
	cmd.Env = env
	if p.Process, err = process.Start(p.LogFile, cmd); err != nil {
		return nil, err
	}
	if err := p.WaitUntil(ctx, p.ready); err != nil {
		_ = p.Kill()
		return nil, fmt.Errorf("%w\n%s", err, p.Log())
	}
	return p, nil
}

func (s *Stack) newProgram(name string) (*Program, error) {
	metrics, err := freeAddress()
	if err != nil {
		return nil, err
	}
	health, err := freeAddress()
	if err != nil {
		return nil, err
	}
	return &Program{Metrics: metrics, Health: health, LogFile: filepath.Join(s.Dir, name+".log")}, nil
}

func (s *Stack) accountKubeconfig(ctx context.Context, account string) (string, error) {
	config, err := s.ServiceAccountConfig(ctx, Namespace, account)
	if err != nil {
		return "", err
	}
	path := filepath.Join(s.Dir, account+".kubeconfig")
	return path, controlplane.WriteKubeconfig(path, config)
}

// inCluster is what a Pod has to find the API server by.
type inCluster struct {
	env    []string
	caFile string
}

func (s *Stack) inCluster() (inCluster, error) {
	config := s.Config()
	host, port, err := net.SplitHostPort(trimScheme(config.Host))
	if err != nil {
		return inCluster{}, fmt.Errorf("address of the API server: %w", err)
	}
	caFile := filepath.Join(s.Dir, "ca.crt")
	env := []string{"KUBERNETES_SERVICE_HOST=" + host, "KUBERNETES_SERVICE_PORT=" + port}
	return inCluster{env: env, caFile: caFile}, os.WriteFile(caFile, config.CAData, 0o644)
}

// ready asks the program's readiness probe.
func (p *Program) ready(ctx context.Context) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.Health+"/readyz", http.NoBody)
	if err != nil {
		return false
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	return response.StatusCode == http.StatusOK
}

// freeAddress returns a loopback address with a port nobody listens on now.
func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer listener.Close()
	return listener.Addr().String(), nil
}

func trimScheme(host string) string {
	if _, rest, ok := strings.Cut(host, "://"); ok {
		return rest
	}
	return host
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"
)

const (
	// Address is the node's, and the one that servers beside it are reached at from Pods.
	Address = "172.30.0.1"

	podNetwork     = "10.244.0.0/24"
	serviceNetwork = "10.96.0.0/16"
	// serviceAddress of the API server is the first of the network's.
	serviceAddress = "10.96.0.1"

	// isolatedVariable of the environment says that Isolate has done its work.
	isolatedVariable = "IGNY8_CLUSTER_ISOLATED"
)

// Isolated says whether this process lives in a network of its own.
func Isolated() bool { return os.Getenv(isolatedVariable) != "" }

// Isolate runs this program once more, with the same arguments and more environment, in a
// network of its own, and returns its exit status. Whoever wants to reach a cluster and be
// reached by it has to live in its network.
func Isolate(environment ...string) (status int, err error) {
	self, err := os.Executable()
	if err != nil {
		return 1, err
	}
	cmd := exec.Command(self, os.Args[1:]...)
	cmd.Env = append(append(os.Environ(), environment...), isolatedVariable+"=true")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	// The kernel sends it when the thread ends that started the child.
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET, Pdeathsig: syscall.SIGKILL}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	// A terminal sends Ctrl-C to both; the child decides what it means.
	signal.Ignore(os.Interrupt)
	if err := cmd.Run(); err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return exit.ExitCode(), nil
		}
		return 1, err
	}
	return 0, nil
}

// setUpNetwork gives the node its address. It is on one end of a pair of virtual devices:
// not every kernel has dummy ones.
func setUpNetwork(ctx context.Context) error {
	for _, args := range [][]string{
		{"link", "set", "lo", "up"},
		{"link", "add", "node0", "type", "veth", "peer", "name", "node1"},
		{"link", "set", "node0", "up"},
		{"link", "set", "node1", "up"},
		{"address", "add", Address + "/24", "dev", "node0"},
		{"route", "add", "default", "dev", "node0"},
	} {
		if out, err := exec.CommandContext(ctx, "ip", args...).CombinedOutput(); err != nil {
			return fmt.Errorf("set up network: ip %v: %w: %s", args, err, out)
		}
	}
	for _, name := range []string{"net/ipv4/ip_forward", "net/bridge/bridge-nf-call-iptables"} {
		if err := os.WriteFile("/proc/sys/"+name, []byte("1"), 0o644); err != nil {
			return fmt.Errorf("set up network: %w", err)
		}
	}
	return nil
}

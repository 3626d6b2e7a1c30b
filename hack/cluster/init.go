// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/igny8/wordpress-operator/hack/cluster/node"
	"github.com/igny8/wordpress-operator/hack/process"
)

// enterScript joins the control groups, then makes the namespaces, so that the groups are
// the roots of what is seen in there; then it runs the node. "--kill-child" ends it with
// the process that made the namespaces.
const enterScript = `set -e
for group in $GROUPS_TO_JOIN; do echo $$ > "$group/cgroup.procs"; done
exec unshare --mount --pid --uts --ipc --cgroup --fork --kill-child -- "$@"
`

// startInit starts the first process of the node, see package node.
func (c *Cluster) startInit() (err error) {
	if c.cgroups, err = makeCgroups(filepath.Base(c.dir)); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command("/bin/sh", "-c", enterScript, "node", self)
	cmd.Env = append(os.Environ(), node.Variable+"="+c.dir, "GROUPS_TO_JOIN="+strings.Join(c.cgroups, " "))
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
	if c.orders, err = cmd.StdinPipe(); err != nil {
		return err
	}
	answers, writer, err := os.Pipe()
	if err != nil {
		return err
	}
	defer writer.Close()
	c.answers = bufio.NewReader(answers)
	cmd.ExtraFiles = []*os.File{writer}
	c.init, err = process.Start(c.path("log", "init.log"), cmd)
	return err
}

// order has the node do something.
func (c *Cluster) order(line string) error {
	if _, err := io.WriteString(c.orders, line+"\n"); err != nil {
		return fmt.Errorf("order %q: %w", line, err)
	}
	answer, err := c.answers.ReadString('\n')
	if err != nil {
		return fmt.Errorf("order %q: %w", line, err)
	}
	if answer = strings.TrimSpace(answer); answer != "ok" {
		return fmt.Errorf("order %q: %s", line, answer)
	}
	return nil
}

func (c *Cluster) startPrograms(names []string) error {
	for _, name := range names {
		if err := c.order("start " + name); err != nil {
			return err
		}
	}
	return nil
}

// StopNode does to Pods what a machine does that is switched off: kubelet, containerd and
// every container are gone at once. The control plane stays, as it would elsewhere.
func (c *Cluster) StopNode() error {
	for _, line := range []string{"stop " + kubelet, "stop containerd", "kill-pods"} {
		if err := c.order(line); err != nil {
			return err
		}
	}
	return nil
}

// StartNode switches it on again; kubelet starts the containers as the Pods say.
func (c *Cluster) StartNode() error {
	return c.startPrograms([]string{"containerd", kubelet})
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// packages are the Debian packages that a node needs, each with a file of it.
var packages = map[string]string{
	"containerd":                    "containerd",
	"runc":                          "runc",
	"containernetworking-plugins":   filepath.Join(networkPlugins, "bridge"),
	"iptables":                      "iptables",
	"conntrack":                     "conntrack",
	"iproute2":                      "ip",
	"mount":                         "mount",
	"util-linux (command unshare)":  "unshare",
	"util-linux (command nsenter) ": "nsenter",
}

// Missing returns why no cluster can run on this machine, empty when one can.
func Missing() []string {
	var missing []string
	if os.Geteuid() != 0 {
		return []string{"root, for namespaces and containers"}
	}
	for name, file := range packages {
		if _, err := exec.LookPath(file); err != nil {
			missing = append(missing, "package "+name)
		}
	}
	if out, err := exec.Command("unshare", "--mount", "--net", "--pid", "--uts", "--ipc", "--cgroup", "--fork", "true").CombinedOutput(); err != nil {
		missing = append(missing, fmt.Sprintf("the right to make namespaces: %v: %s", err, strings.TrimSpace(string(out))))
	}
	if err := requireCgroups(); err != nil {
		missing = append(missing, "control groups: "+err.Error())
	}
	return missing
}

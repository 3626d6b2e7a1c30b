// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"os/exec"
	"path/filepath"
)

// Names of the programs of a node, in the order in which they are started.
var (
	// basePrograms need nothing but each other.
	basePrograms = []string{"etcd", "containerd", "kube-apiserver"}
	// clusterPrograms want an API server that is ready: the controller manager ends where
	// the roles that it needs are not there yet.
	clusterPrograms = []string{"kube-controller-manager", "kube-scheduler", "kube-proxy", kubelet}
)

const kubelet = "kubelet"

// programs returns the command lines by name.
func (c *Cluster) programs() (map[string][]string, error) {
	containerd, err := exec.LookPath("containerd")
	if err != nil {
		return nil, err
	}
	manager := c.component("controller-manager", "kube-controller-manager")
	return map[string][]string{
		"containerd":     {containerd, "--config", c.path("containerd.toml")},
		"etcd":           append([]string{filepath.Join(c.assets.controlPlane, "etcd")}, c.etcdFlags()...),
		"kube-apiserver": append([]string{filepath.Join(c.assets.controlPlane, "kube-apiserver")}, c.apiserverFlags()...),
		"kube-controller-manager": append(manager,
			"--use-service-account-credentials",
			"--root-ca-file="+c.path("pki", "ca.crt"),
			"--service-account-private-key-file="+c.path("pki", "tokens.key"),
			"--service-cluster-ip-range="+serviceNetwork,
			"--flex-volume-plugin-dir="+c.path("volume-plugins"),
		),
		"kube-scheduler": c.component("scheduler", "kube-scheduler"),
		"kube-proxy":     {filepath.Join(c.assets.node, "kube-proxy"), "--config=" + c.path("proxy.yaml")},
		kubelet: {
			filepath.Join(c.assets.node, kubelet),
			"--kubeconfig=" + c.path("pki", "kubelet.kubeconfig"),
			"--config=" + c.path("kubelet.yaml"),
			"--root-dir=" + c.path("kubelet"),
			"--cert-dir=" + c.path("kubelet", "pki"),
			"--hostname-override=" + nodeName,
			"--node-ip=" + Address,
			"--v=2",
		},
	}, nil
}

// component returns what the controller manager and the scheduler have in common.
func (c *Cluster) component(user, program string) []string {
	kubeconfig := c.path("pki", user+".kubeconfig")
	return []string{
		filepath.Join(c.assets.node, program),
		"--kubeconfig=" + kubeconfig,
		"--authentication-kubeconfig=" + kubeconfig,
		"--authorization-kubeconfig=" + kubeconfig,
		"--bind-address=127.0.0.1",
		"--leader-elect=false",
	}
}

func (c *Cluster) etcdFlags() []string {
	const clients, peers = "http://127.0.0.1:2379", "http://127.0.0.1:2380"
	return []string{
		"--data-dir=" + c.path("etcd"),
		// The data is thrown away.
		"--unsafe-no-fsync",
		"--listen-client-urls=" + clients, "--advertise-client-urls=" + clients,
		"--listen-peer-urls=" + peers,
		"--log-level=warn",
	}
}

func (c *Cluster) apiserverFlags() []string {
	pki := func(name string) string { return c.path("pki", name) }
	return []string{
		"--etcd-servers=http://127.0.0.1:2379",
		"--bind-address=0.0.0.0", "--secure-port=6443", "--advertise-address=" + Address,
		"--tls-cert-file=" + pki("apiserver.crt"), "--tls-private-key-file=" + pki("apiserver.key"),
		"--client-ca-file=" + pki("ca.crt"),
		"--kubelet-certificate-authority=" + pki("ca.crt"),
		"--kubelet-client-certificate=" + pki("apiserver-kubelet-client.crt"), "--kubelet-client-key=" + pki("apiserver-kubelet-client.key"),
		"--kubelet-preferred-address-types=InternalIP",
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-account-key-file=" + pki("tokens.pub"), "--service-account-signing-key-file=" + pki("tokens.key"),
		"--authorization-mode=Node,RBAC",
		"--enable-admission-plugins=NodeRestriction",
		"--service-cluster-ip-range=" + serviceNetwork,
		"--endpoint-reconciler-type=lease",
	}
}

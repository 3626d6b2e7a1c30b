// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"k8s.io/client-go/rest"

	"github.com/igny8/wordpress-operator/hack/cluster/node"
	"github.com/igny8/wordpress-operator/hack/controlplane"
)

const (
	nodeName = "node"
	// networkPlugins is where Debian's package has them.
	networkPlugins = "/usr/lib/cni"
	// pauseImage holds the namespaces of each Pod.
	pauseImage = "igny8.local/pause:1"
	// server is where the API server listens, inside the network.
	server = "https://127.0.0.1:6443"
)

//go:embed conf
var conf embed.FS

// configFiles are the templates of conf by the paths that they are written to.
var configFiles = map[string]string{
	"containerd.toml": "containerd.toml.tmpl", "kubelet.yaml": "kubelet.yaml.tmpl",
	"proxy.yaml": "proxy.yaml.tmpl", "cni/network.conflist": "network.conflist.tmpl",
}

func (c *Cluster) path(elements ...string) string {
	return filepath.Join(append([]string{c.dir}, elements...)...)
}

// socket of containerd. It is not in /run, which the node has for itself.
func (c *Cluster) socket() string { return c.path("containerd.sock") }

// writeFiles lays out the folder of a cluster.
func (c *Cluster) writeFiles() error {
	for _, dir := range []string{"pki", "cni", "log", "kubelet", "etcd", "volume-plugins"} {
		if err := os.Mkdir(c.path(dir), 0o755); err != nil {
			return err
		}
	}
	// Pods get no name server: there is none.
	if err := os.WriteFile(c.path("resolv.conf"), nil, 0o644); err != nil {
		return err
	}
	return errors.Join(c.writeConfig(), c.writePKI(), c.writeSpec())
}

func (c *Cluster) writeConfig() error {
	values := strings.NewReplacer(
		"{{Dir}}", c.dir, "{{Socket}}", c.socket(), "{{PauseImage}}", pauseImage, "{{NetworkPlugins}}", networkPlugins,
		"{{PodNetwork}}", podNetwork, "{{Node}}", nodeName,
	)
	for name, template := range configFiles {
		text, err := conf.ReadFile("conf/" + template)
		if err != nil {
			return err
		}
		if err := os.WriteFile(c.path(name), []byte(values.Replace(string(text))), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// users are the clients of the API server by the names of their kubeconfigs, each with its
// group. RBAC knows these names from the start.
var users = map[string]struct{ name, group string }{
	"admin":              {"admin", "system:masters"},
	"controller-manager": {"system:kube-controller-manager", ""},
	"scheduler":          {"system:kube-scheduler", ""},
	"proxy":              {"system:kube-proxy", ""},
	"kubelet":            {"system:node:" + nodeName, "system:nodes"},
}

// writePKI makes all keys and certificates, and the administrator's config.
func (c *Cluster) writePKI() error {
	ca, err := newAuthority()
	if err != nil {
		return err
	}
	if err := errors.Join(os.WriteFile(c.path("pki", "ca.crt"), ca.pem, 0o644), writeTokenKeys(c.path("pki"))); err != nil {
		return err
	}
	if err := c.writeServers(ca); err != nil {
		return err
	}
	for file, user := range users {
		client, err := ca.client(user.name, user.group)
		if err != nil {
			return err
		}
		config := &rest.Config{Host: server, TLSClientConfig: rest.TLSClientConfig{CAData: ca.pem, CertData: client.cert, KeyData: client.key}}
		if err := controlplane.WriteKubeconfig(c.path("pki", file+".kubeconfig"), config); err != nil {
			return err
		}
		if file == "admin" {
			c.config = config
		}
	}
	return nil
}

// writeServers makes the certificates of the two servers, and the one that the API server
// shows to kubelet.
func (c *Cluster) writeServers(ca *authority) error {
	apiserver, err := ca.server("kube-apiserver", "127.0.0.1", Address, serviceAddress, "localhost",
		"kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local")
	if err != nil {
		return err
	}
	kubelet, err := ca.server("kubelet", Address, "127.0.0.1", nodeName)
	if err != nil {
		return err
	}
	client, err := ca.client("kube-apiserver-kubelet-client", "system:masters")
	if err != nil {
		return err
	}
	dir := c.path("pki")
	return errors.Join(apiserver.write(dir, "apiserver"), kubelet.write(dir, "kubelet-serving"), client.write(dir, "apiserver-kubelet-client"))
}

// writeSpec tells the node what to run.
func (c *Cluster) writeSpec() error {
	programs, err := c.programs()
	if err != nil {
		return err
	}
	data, err := json.Marshal(node.Spec{
		Name: nodeName, Programs: programs, Logs: c.path("log"),
		Environment: []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=" + c.dir},
	})
	if err != nil {
		return fmt.Errorf("encode spec: %w", err)
	}
	return os.WriteFile(c.path(node.SpecFile), data, 0o644)
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

func TestCertificates(t *testing.T) {
	ca, err := newAuthority()
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(ca.cert)
	server, err := ca.server("kube-apiserver", "127.0.0.1", "kubernetes")
	if err != nil {
		t.Fatal(err)
	}
	client, err := ca.client("admin", "system:masters")
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		identity identity
		options  x509.VerifyOptions
	}{
		"ServerByAddress": {server, x509.VerifyOptions{DNSName: "127.0.0.1", KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}},
		"ServerByName":    {server, x509.VerifyOptions{DNSName: "kubernetes", KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}},
		"Client":          {client, x509.VerifyOptions{KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			pair, err := tls.X509KeyPair(tc.identity.cert, tc.identity.key)
			if err != nil {
				t.Fatal(err)
			}
			tc.options.Roots = roots
			if _, err := pair.Leaf.Verify(tc.options); err != nil {
				t.Error(err)
			}
		})
	}
}

// kubelet and containerd read these files; a value that was forgotten would be read as text.
func TestConfigHasNoPlaceholderLeft(t *testing.T) {
	c := &Cluster{dir: t.TempDir()}
	if err := os.Mkdir(c.path("cni"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := c.writeConfig(); err != nil {
		t.Fatal(err)
	}
	for name := range configFiles {
		text, err := os.ReadFile(c.path(name))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "{{") {
			t.Errorf("%s: %s", name, text)
		}
	}
}

func TestAClusterNeedsANetworkOfItsOwn(t *testing.T) {
	if _, err := Start(t.Context(), Options{}); err == nil {
		t.Error("it would change the machine's network")
	}
}

func TestResidentMemoryIsOfThePod(t *testing.T) {
	if _, err := ResidentMemory("no-such-pod-"+strconv.Itoa(os.Getpid()), os.Args[0]); err == nil {
		t.Error("a process that is in no Pod was measured")
	}
}

func TestFoldersOfTheDeadAreRemoved(t *testing.T) {
	temporary := t.TempDir()
	ours, err := newFolder(temporary)
	if err != nil {
		t.Fatal(err)
	}
	gone := exec.Command("true")
	if err := gone.Run(); err != nil {
		t.Fatal(err)
	}
	left := filepath.Join(temporary, folderPrefix+strconv.Itoa(gone.Process.Pid)+"-1")
	if err := os.Mkdir(left, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := removeStale(temporary); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(left); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder of a process that is gone is still there: %v", err)
	}
	if _, err := os.Stat(ours); err != nil {
		t.Errorf("the folder of this process is gone: %v", err)
	}
}

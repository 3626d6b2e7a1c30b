// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controlplane

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/mod/modfile"
)

const (
	productModule    = "github.com/igny8/wordpress-operator"
	kubernetesModule = "k8s.io/kubernetes"
	etcdModule       = "go.etcd.io/etcd/server/v3"
)

// pins are the versions that the nested module builds, each with its leading v.
type pins struct {
	Kubernetes string `json:"kubernetes"`
	Etcd       string `json:"etcd"`
}

// readPins reads the versions from the nested module's go.mod, the one place that has them.
func readPins(moduleDir string) (pins, error) {
	path := filepath.Join(moduleDir, "go.mod")
	data, err := os.ReadFile(path)
	if err != nil {
		return pins{}, fmt.Errorf("read pinned versions: %w", err)
	}
	mod, err := modfile.Parse(path, data, nil)
	if err != nil {
		return pins{}, fmt.Errorf("parse pinned versions: %w", err)
	}
	p := pins{Kubernetes: requiredVersion(mod, kubernetesModule), Etcd: requiredVersion(mod, etcdModule)}
	if p.Kubernetes == "" || p.Etcd == "" {
		return pins{}, fmt.Errorf("%s must require %s and %s", path, kubernetesModule, etcdModule)
	}
	return p, nil
}

func requiredVersion(mod *modfile.File, module string) string {
	for _, r := range mod.Require {
		if r.Mod.Path == module {
			return r.Mod.Version
		}
	}
	return ""
}

// moduleRoot finds the checkout that the working directory is in: go test runs a package's
// tests in its folder, so the sources' own location needs no trimmed build path.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find checkout: %w", err)
	}
	for {
		data, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil && modfile.ModulePath(data) == productModule {
			return dir, nil
		}
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return "", fmt.Errorf("find checkout: %w", err)
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", fmt.Errorf("find checkout: the working directory is not inside module %s", productModule)
		}
		dir = parent
	}
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"os"
)

// Options say what kind of site Start brings up. The zero value is a site at the root of its
// address, with pretty permalinks and the plugin active and paired.
type Options struct {
	// Dir is the folder of the site. It must not exist or be empty, and stays after Stop. Empty means
	// a temporary folder that Stop removes.
	Dir string

	// Title is the site's name; empty means "Test site".
	Title string

	// APIKey is the key the plugin accepts, at least 32 characters; empty means a random one.
	APIKey string

	// WithoutPlugin leaves the plugin away.
	WithoutPlugin bool

	// PlainPermalinks makes the REST API reachable through ?rest_route= only.
	PlainPermalinks bool

	// Host is the address of this machine that the site is served at; empty means 127.0.0.1. Pods of a cluster
	// reach no loopback address but their own.
	Host string

	// SubFolder is the path of the site below its host, such as "blog"; empty means the root.
	SubFolder string

	// Workers is the number of PHP processes; 0 means 4. One would deadlock when WordPress calls itself.
	Workers int

	// MUPlugins are must-use plugins: PHP source by file name. Tests inject faults with them.
	MUPlugins map[string]string
}

// withDefaults fills in what the caller left open.
func (o Options) withDefaults() (Options, error) {
	if o.Title == "" {
		o.Title = "Test site"
	}
	if o.Host == "" {
		o.Host = "127.0.0.1"
	}
	if o.Workers == 0 {
		o.Workers = 4
	}
	var err error
	if o.APIKey == "" {
		if o.APIKey, err = randomHex(24); err != nil {
			return o, err
		}
	}
	return o, nil
}

// folder makes the site's folder and says whether it is a temporary one.
func (o Options) folder() (dir string, temporary bool, err error) {
	if o.Dir == "" {
		// Not os.TempDir's usual long names: the database's socket has room for 107 bytes.
		dir, err = os.MkdirTemp("", "wp-")
		return dir, true, err
	}
	if err := os.MkdirAll(o.Dir, 0o755); err != nil {
		return "", false, err
	}
	entries, err := os.ReadDir(o.Dir)
	if err != nil {
		return "", false, err
	}
	if len(entries) > 0 {
		return "", false, fmt.Errorf("folder %s is not empty", o.Dir)
	}
	return o.Dir, false, nil
}

// randomHex returns n random bytes as hexadecimal digits.
func randomHex(n int) (string, error) {
	raw := make([]byte, n)
	if _, err := rand.Read(raw); err != nil {
		return "", fmt.Errorf("read random bytes: %w", err)
	}
	return hex.EncodeToString(raw), nil
}

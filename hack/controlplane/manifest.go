// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controlplane

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

const manifestName = "manifest.json"

// errIncomplete says that a cache folder cannot be used as it is.
var errIncomplete = errors.New("cache folder is not complete")

// manifest says what a cache folder holds, so that a folder that was cut short, altered or
// made for other pins is noticed.
type manifest struct {
	Pins pins `json:"pins"`
	// Source is where the binaries came from, for people who wonder.
	Source string `json:"source"`
	// SHA256 has the hexadecimal digest of each binary by its file name.
	SHA256 map[string]string `json:"sha256"`
}

func writeManifest(dir string, names []string, p pins, source string) error {
	if err := requireBinaries(dir, names); err != nil {
		return err
	}
	m := manifest{Pins: p, Source: source, SHA256: map[string]string{}}
	for _, name := range names {
		sum, err := digest(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		m.SHA256[name] = sum
	}
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, manifestName), append(data, '\n'), 0o644)
}

// verifyManifest returns an error unless dir has the binaries of these pins, byte for byte
// as they were put there.
func verifyManifest(dir string, names []string, want pins) error {
	data, err := os.ReadFile(filepath.Join(dir, manifestName))
	if err != nil {
		return fmt.Errorf("%w: %w", errIncomplete, err)
	}
	var m manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return fmt.Errorf("%w: %w", errIncomplete, err)
	}
	if m.Pins != want {
		return fmt.Errorf("%w: made for %v, not %v", errIncomplete, m.Pins, want)
	}
	for _, name := range names {
		sum, err := digest(filepath.Join(dir, name))
		if err != nil || sum != m.SHA256[name] {
			return fmt.Errorf("%w: %s is missing or altered", errIncomplete, name)
		}
	}
	return nil
}

func digest(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package plugin carries the WordPress plugin igny8-wp-bridge as it ships.
package plugin

import (
	"embed"
	"io/fs"
)

// Slug is the name of the plugin's folder below wp-content/plugins.
const Slug = "igny8-wp-bridge"

// MainFile is the file that has the plugin's header, relative to the plugin's folder.
const MainFile = Slug + ".php"

//go:embed igny8-wp-bridge
var tree embed.FS

// Files returns the plugin's folder: MainFile is at its root. Hidden files are not part of it.
func Files() (fs.FS, error) {
	return fs.Sub(tree, Slug)
}

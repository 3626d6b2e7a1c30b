// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package version says which build of the product a program is.
package version

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// Version is the released version, for example "v0.1.0". Release builds set it with
// -ldflags "-X github.com/igny8/wordpress-operator/internal/version.Version=v0.1.0".
// While it is empty, String falls back to what the Go toolchain recorded.
var Version = ""

// unknown stands for a version or a commit that nobody recorded.
const unknown = "unknown"

// String returns the version alone: the released one, else the module version that
// "go install" recorded, else "devel" with the commit, else "unknown".
func String() string {
	info, _ := debug.ReadBuildInfo()
	return describe(Version, info)
}

// Line returns what --version prints: program, version, Go version and platform.
func Line(program string) string {
	return fmt.Sprintf("%s %s (%s, %s/%s)", program, String(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// UserAgent returns the User-Agent under which a program calls the API server, so
// that audit logs tell the programs of this product apart.
func UserAgent(program string) string {
	return fmt.Sprintf("igny8-wordpress-operator/%s (%s/%s) %s", String(), runtime.GOOS, runtime.GOARCH, program)
}

func describe(released string, info *debug.BuildInfo) string {
	switch {
	case released != "":
		return released
	case info == nil:
		return unknown
	case info.Main.Version != "" && info.Main.Version != "(devel)":
		return info.Main.Version
	}
	if commit := setting(info, "vcs.revision"); commit != "" {
		return "devel-" + shorten(commit) + dirtySuffix(info)
	}
	return unknown
}

func setting(info *debug.BuildInfo, key string) string {
	for _, s := range info.Settings {
		if s.Key == key {
			return s.Value
		}
	}
	return ""
}

// shorten cuts a commit to the 12 characters that Go's pseudo-versions use.
func shorten(commit string) string {
	return commit[:min(len(commit), 12)]
}

func dirtySuffix(info *debug.BuildInfo) string {
	if setting(info, "vcs.modified") == "true" {
		return "-dirty"
	}
	return ""
}

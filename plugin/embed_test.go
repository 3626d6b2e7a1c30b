// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package plugin_test

import (
	"io/fs"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/igny8/wordpress-operator/plugin"
)

// A release is one version everywhere: WordPress reads the header, the REST API reports
// the constant, and readers of the readme go by its stable tag.
func TestVersionIsTheSameEverywhere(t *testing.T) {
	files := pluginFiles(t)
	header := find(t, files, plugin.MainFile, `(?m)^ \* Version: +(\S+)$`)
	got := map[string]string{
		"constant":   find(t, files, plugin.MainFile, `define\( 'IGNY8_BRIDGE_VERSION', '([^']+)' \)`),
		"stable tag": find(t, files, "readme.txt", `(?m)^Stable tag: (\S+)$`),
	}
	want := map[string]string{"constant": header, "stable tag": header}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("versions differ from the header (-want +got):\n%s", diff)
	}
}

// WordPress refuses to install a plugin by the header's requirements; the readme is what people see.
func TestRequirementsAreTheSameInHeaderAndReadme(t *testing.T) {
	files := pluginFiles(t)
	for _, field := range []string{"Requires at least", "Requires PHP", "License"} {
		header := find(t, files, plugin.MainFile, `(?m)^ \* `+field+`: +(\S+)$`)
		readme := find(t, files, "readme.txt", `(?m)^`+field+`: (\S+)$`)
		if header != readme {
			t.Errorf("%s: header %q, readme %q", field, header, readme)
		}
	}
}

func pluginFiles(t *testing.T) fs.FS {
	t.Helper()
	files, err := plugin.Files()
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func find(t *testing.T, files fs.FS, name, pattern string) string {
	t.Helper()
	text, err := fs.ReadFile(files, name)
	if err != nil {
		t.Fatal(err)
	}
	match := regexp.MustCompile(pattern).FindSubmatch(text)
	if match == nil {
		t.Fatalf("%s: nothing matches %s", name, pattern)
	}
	return string(match[1])
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package manifests_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/igny8/wordpress-operator/test/manifests"
)

func TestEveryFlagIsDocumented(t *testing.T) {
	documented, err := os.ReadFile(filepath.Join(manifests.Root(), "docs", "operations.md"))
	if err != nil {
		t.Fatal(err)
	}
	dir := build(t, "manager", "webhookserver")
	for _, program := range []string{"manager", "webhookserver"} {
		flags := regexp.MustCompile(`(?m)^ +(?:-\w, )?--([a-z-]+)`).FindAllStringSubmatch(help(t, filepath.Join(dir, program)), -1)
		if len(flags) < 10 {
			t.Errorf("%s --help has %d flags", program, len(flags))
		}
		for _, match := range flags {
			if flag := match[1]; flag != "help" && !strings.Contains(string(documented), "`--"+flag+"`") {
				t.Errorf("docs/operations.md does not explain --%s of %s", flag, program)
			}
		}
	}
}

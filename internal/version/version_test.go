// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package version

import (
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
)

func TestDescribe(t *testing.T) {
	const commit = "0123456789abcdef0123456789abcdef01234567"
	vcs := func(modified string) []debug.BuildSetting {
		return []debug.BuildSetting{{Key: "vcs.revision", Value: commit}, {Key: "vcs.modified", Value: modified}}
	}
	tests := map[string]struct {
		reason   string
		released string
		info     *debug.BuildInfo
		want     string
	}{
		"Released": {
			reason:   "what the release build says wins over what the toolchain recorded",
			released: "v0.1.0",
			info:     &debug.BuildInfo{Main: debug.Module{Version: "v0.0.9"}},
			want:     "v0.1.0",
		},
		"Module": {
			reason: "go install records the module version",
			info:   &debug.BuildInfo{Main: debug.Module{Version: "v0.0.9"}},
			want:   "v0.0.9",
		},
		"Commit": {
			reason: "a build from a checkout names the commit",
			info:   &debug.BuildInfo{Main: debug.Module{Version: "(devel)"}, Settings: vcs("false")},
			want:   "devel-0123456789ab",
		},
		"DirtyCommit": {
			reason: "a build from a changed checkout is not that commit",
			info:   &debug.BuildInfo{Settings: vcs("true")},
			want:   "devel-0123456789ab-dirty",
		},
		"Nothing": {reason: "a build outside of modules", want: "unknown"},
		"NoVCS":   {reason: "a build with -buildvcs=false", info: &debug.BuildInfo{}, want: "unknown"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if got := describe(tc.released, tc.info); got != tc.want {
				t.Errorf("%s: describe() = %q, want %q", tc.reason, got, tc.want)
			}
		})
	}
}

func TestLinesNameTheProgram(t *testing.T) {
	for _, line := range []string{Line("webhookserver"), UserAgent("webhookserver")} {
		if !strings.Contains(line, "webhookserver") || !strings.Contains(line, runtime.GOOS) {
			t.Errorf("%q must name the program and the platform", line)
		}
	}
}

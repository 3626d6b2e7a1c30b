// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package program

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/go-logr/logr"
	"github.com/spf13/pflag"
)

var errBoom = errors.New("boom")

func TestExitCodes(t *testing.T) {
	cases := map[string]struct {
		reason         string
		args           []string
		fail           error
		code           int
		stdout, stderr string
	}{
		"Served":   {reason: "a clean stop", args: []string{"--size=1"}},
		"Failed":   {reason: "a failure is logged", fail: errBoom, code: 1, stderr: `"error":"boom"`},
		"Help":     {reason: "help is no failure", args: []string{"--help"}, stdout: "server serves.\n\nUsage:\n  server [flags]"},
		"Version":  {reason: "version is no failure", args: []string{"--version"}, stdout: "server "},
		"Unknown":  {reason: "a flag nobody knows", args: []string{"--loud"}, code: 2, stderr: "server: unknown flag: --loud"},
		"Argument": {reason: "an argument nobody reads", args: []string{"now"}, code: 2, stderr: `takes no arguments, got ["now"]`},
		"Checked":  {reason: "flags that make no sense", args: []string{"--size=-1"}, code: 2, stderr: "server: --size must not be negative"},
		"LogLevel": {reason: "a level nobody knows", args: []string{"--log-level=loud"}, code: 2, stderr: "log level"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var size int
			p := &Program{
				Name: "server", Purpose: "serves",
				AddFlags: func(flags *pflag.FlagSet) { flags.IntVar(&size, "size", 0, "Size.") },
				Check: func() error {
					if size < 0 {
						return errors.New("--size must not be negative")
					}
					return nil
				},
				Serve: func(context.Context, logr.Logger) error { return tc.fail },
			}
			var stdout, stderr bytes.Buffer
			if got := p.Run(tc.args, &stdout, &stderr); got != tc.code {
				t.Errorf("%s: exit code %d, want %d", tc.reason, got, tc.code)
			}
			if !strings.Contains(stdout.String(), tc.stdout) || !strings.Contains(stderr.String(), tc.stderr) {
				t.Errorf("%s: printed %q and %q", tc.reason, stdout.String(), stderr.String())
			}
		})
	}
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestFlags(t *testing.T) {
	cases := map[string]struct {
		args []string
		want string // part of the error
	}{
		"None":            {nil, ""},
		"Argument":        {[]string{"x"}, "takes no arguments"},
		"Unknown":         {[]string{"--nope"}, "unknown flag"},
		"BadNetwork":      {[]string{"--allow-addresses=10.0.0"}, "--allow-addresses"},
		"MinOverMax":      {[]string{"--connection-retry-min=1h"}, "must not be more than --connection-retry-max"},
		"ZeroInterval":    {[]string{"--connection-retry-min=0s"}, "--connection-retry-min must be at least 1s"},
		"SidecarNowhere":  {[]string{"--webhookserver-token-file=/tmp/x"}, "--webhookserver-namespace"},
		"SidecarComplete": {[]string{"--webhookserver-token-file=/tmp/x", "--webhookserver-namespace=ns"}, ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Setenv("POD_NAMESPACE", "")
			_, err := newProgram(&options{}).Parse(tc.args)
			if (err == nil) != (tc.want == "") || (err != nil && !strings.Contains(err.Error(), tc.want)) {
				t.Errorf("Parse: %v, want %q", err, tc.want)
			}
		})
	}
}

func TestAllowedAddressesAreNetworks(t *testing.T) {
	o := &options{}
	if _, err := newProgram(o).Parse([]string{"--allow-addresses=127.0.0.0/8,fd00::/8"}); err != nil {
		t.Fatal(err)
	}
	want := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	if diff := cmp.Diff(want, o.allowedPrefixes, cmpopts.EquateComparable(netip.Prefix{})); diff != "" {
		t.Error(diff)
	}
}

func TestRunAnswersHelpVersionAndMistakes(t *testing.T) {
	cases := map[string]struct {
		args []string
		code int
		out  string
	}{
		"Help":    {[]string{"--help"}, 0, "--leader-elect"},
		"Version": {[]string{"--version"}, 0, "manager "},
		"Mistake": {[]string{"--nope"}, 2, "unknown flag"},
		"Level":   {[]string{"--log-level=loud"}, 2, "log level"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			if code := newProgram(&options{}).Run(tc.args, &out, &out); code != tc.code || !strings.Contains(out.String(), tc.out) {
				t.Errorf("run = %d %q, want %d and %q", code, out.String(), tc.code, tc.out)
			}
		})
	}
}

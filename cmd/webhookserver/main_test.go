// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/go-logr/logr"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/igny8/wordpress-operator/webhookserver"
)

func TestDefaults(t *testing.T) {
	got := &options{}
	if _, err := newProgram(got).Parse(nil); err != nil {
		t.Fatalf("Parse() = %v", err)
	}
	want := &options{
		server: webhookserver.Options{
			SiteAddress: ":9292", MetricsAddress: ":8082", HealthAddress: ":8083",
			MaxConnections: 2048, DrainDelay: 5 * time.Second, ShutdownTimeout: 15 * time.Second,
		},
		kube: webhookserver.KubeOptions{
			TokenFile: "/var/run/secrets/kubernetes.io/serviceaccount/token",
			CAFile:    "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt",
		},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(options{}), cmpopts.IgnoreTypes(logr.Logger{})); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestExitCodes(t *testing.T) {
	t.Setenv("KUBERNETES_SERVICE_HOST", "")
	tests := map[string]struct {
		reason string
		args   []string
		want   int
		stdout string
		stderr string
	}{
		"Help":         {reason: "help is no failure", args: []string{"--help"}, stdout: "--bind-address string"},
		"Version":      {reason: "version is no failure", args: []string{"--version"}, stdout: "webhookserver "},
		"UnknownFlag":  {reason: "a flag nobody knows", args: []string{"--loud"}, want: 2, stderr: "--loud"},
		"Argument":     {reason: "an argument nobody reads", args: []string{"now"}, want: 2, stderr: `"now"`},
		"Connections":  {reason: "a server without connections", args: []string{"--max-connections=0"}, want: 2, stderr: "--max-connections"},
		"DrainDelay":   {reason: "a delay into the past", args: []string{"--drain-delay=-1s"}, want: 2, stderr: "--drain-delay"},
		"LogLevel":     {reason: "a level nobody knows", args: []string{"--log-level=loud"}, want: 2, stderr: "log level"},
		"NotInCluster": {reason: "nothing says where the API server is", want: 1, stderr: "KUBERNETES_SERVICE_HOST"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			if got := newProgram(&options{}).Run(tc.args, &stdout, &stderr); got != tc.want {
				t.Errorf("%s: exit code %d, want %d", tc.reason, got, tc.want)
			}
			if !strings.Contains(stdout.String(), tc.stdout) || !strings.Contains(stderr.String(), tc.stderr) {
				t.Errorf("%s: printed %q and %q", tc.reason, stdout.String(), stderr.String())
			}
		})
	}
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// cluster answers each patch with a 404 of its own and tells what it was asked.
func cluster(t *testing.T) (url string, asked *[]string) {
	t.Helper()
	asked = &[]string{}
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*asked = append(*asked, r.Method+" "+r.URL.Path+" "+r.Header.Get("Authorization"))
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, "404 page not found")
	}))
	t.Cleanup(server.Close)
	return server.URL, asked
}

// writeKubeconfig has two contexts; the current one is called "first".
func writeKubeconfig(t *testing.T, server string) string {
	t.Helper()
	const text = `
apiVersion: v1
kind: Config
current-context: first
contexts:
- {name: first, context: {cluster: test, user: one, namespace: blog}}
- {name: second, context: {cluster: test, user: two}}
clusters: [{name: test, cluster: {server: "SERVER", insecure-skip-tls-verify: true}}]
users:
- {name: one, user: {token: token-one}}
- {name: two, user: {token: token-two}}
`
	path := filepath.Join(t.TempDir(), "config")
	if err := os.WriteFile(path, []byte(strings.ReplaceAll(text, "SERVER", server)), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFlagsChooseClusterAndNamespace(t *testing.T) {
	server, asked := cluster(t)
	path := writeKubeconfig(t, server)
	tests := map[string]struct {
		reason string
		env    string
		args   []string
		want   string
	}{
		"Flag":        {reason: "--kubeconfig", args: []string{"--kubeconfig", path}, want: "/namespaces/blog/publishrequests/hello Bearer token-one"},
		"Environment": {reason: "KUBECONFIG", env: path, want: "/namespaces/blog/publishrequests/hello Bearer token-one"},
		"Namespace":   {reason: "-n wins over the context", env: path, args: []string{"-n", "other"}, want: "/namespaces/other/publishrequests/hello Bearer token-one"},
		"Context":     {reason: "--context, which has no namespace", env: path, args: []string{"--context", "second"}, want: "/namespaces/default/publishrequests/hello Bearer token-two"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			*asked = nil
			t.Setenv("KUBECONFIG", tc.env)
			var stdout, stderr bytes.Buffer
			if code := run(t.Context(), append([]string{"retry", "hello"}, tc.args...), &stdout, &stderr); code != 1 {
				t.Errorf("%s: exit code %d for a cluster without the operator", tc.reason, code)
			}
			want := []string{"PATCH /apis/publishing.igny8.com/v1alpha1" + tc.want}
			if diff := cmp.Diff(want, *asked); diff != "" {
				t.Errorf("%s: asked the cluster: -want +got\n%s", tc.reason, diff)
			}
			if got := stderr.String(); got != "error: publishrequest/hello: the cluster does not know the kind; is the operator installed there?\n" {
				t.Errorf("%s: printed %q", tc.reason, got)
			}
		})
	}
}

func TestExitCodes(t *testing.T) {
	path := writeKubeconfig(t, "https://192.0.2.1")
	tests := map[string]struct {
		reason string
		args   []string
		want   int
		stdout string
		stderr string
	}{
		"Version":     {reason: "needs no cluster", args: []string{"version", "--kubeconfig", "/missing"}, stdout: "kubectl-igny8 "},
		"Help":        {reason: "as kubectl calls it", args: []string{"--help"}, stdout: "kubectl igny8 [command]"},
		"NoFile":      {reason: "names the file", args: []string{"test", "a", "--kubeconfig", "/missing"}, want: 1, stderr: "error: choose namespace: stat /missing"},
		"NoContext":   {reason: "names the context", args: []string{"test", "a", "--kubeconfig", path, "--context", "third"}, want: 1, stderr: "context was not found for specified context: third"},
		"UnknownFlag": {reason: "names the flag", args: []string{"test", "a", "--loud"}, want: 1, stderr: "error: unknown flag: --loud"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			if got := run(t.Context(), tc.args, &stdout, &stderr); got != tc.want {
				t.Errorf("%s: exit code %d, want %d", tc.reason, got, tc.want)
			}
			if !strings.Contains(stdout.String(), tc.stdout) || !strings.Contains(stderr.String(), tc.stderr) {
				t.Errorf("%s: printed %q and %q", tc.reason, stdout.String(), stderr.String())
			}
		})
	}
}

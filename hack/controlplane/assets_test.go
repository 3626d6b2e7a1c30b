// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controlplane

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func testPins() pins { return pins{Kubernetes: "v1.37.2", Etcd: "v3.7.3"} }

// putBinaries is a source that has everything; content tells sources apart.
func putBinaries(dir, content string) error {
	for _, name := range binaryNames() {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content+name), 0o755); err != nil {
			return err
		}
	}
	return nil
}

func readBinary(t *testing.T, dir string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "etcd"))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func working(content string) source {
	return source{name: content, fill: func(_ context.Context, dir string) error { return putBinaries(dir, content) }}
}

func failing(err error) source {
	return source{name: "failing", fill: func(_ context.Context, dir string) error {
		return errors.Join(os.WriteFile(filepath.Join(dir, "etcd"), []byte("half"), 0o755), err)
	}}
}

func TestCacheIsFilledFromTheFirstSourceThatWorks(t *testing.T) {
	broken := errors.New("broken")
	for name, tc := range map[string]struct {
		sources []source
		want    string
		reason  string
	}{
		"first":  {sources: []source{working("a-"), working("b-")}, want: "a-etcd", reason: "the order is the order of preference"},
		"second": {sources: []source{failing(broken), working("b-")}, want: "b-etcd", reason: "what a failed source left must not be in the way"},
		"none":   {sources: []source{failing(broken), failing(broken)}, reason: "nothing may look complete"},
		"incomplete": {
			sources: []source{{name: "empty", fill: func(context.Context, string) error { return nil }}, working("b-")},
			want:    "b-etcd",
			reason:  "an archive may lack a binary",
		},
	} {
		t.Run(name, func(t *testing.T) {
			parent := t.TempDir()
			c := &cache{dir: filepath.Join(parent, "x"), binaries: binaryNames(), pins: testPins(), sources: tc.sources, progress: io.Discard}
			dir, err := c.get(t.Context())
			if tc.want == "" {
				if !errors.Is(err, broken) || verifyManifest(c.dir, c.binaries, c.pins) == nil {
					t.Errorf("error %v, want %v and no manifest: %s", err, broken, tc.reason)
				}
			} else if err != nil || readBinary(t, dir) != tc.want {
				t.Errorf("error %v, want content %q: %s", err, tc.want, tc.reason)
			}
			if left, _ := filepath.Glob(filepath.Join(parent, ".incomplete-*")); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func TestCacheThatIsNotAsItWasMadeIsMadeAgain(t *testing.T) {
	for name, tc := range map[string]struct {
		spoil  func(dir string) error
		pins   pins
		want   string
		reason string
	}{
		"untouched": {
			spoil: func(string) error { return nil }, pins: testPins(), want: "old-etcd",
			reason: "a complete folder is used as it is",
		},
		"file altered": {
			spoil: func(dir string) error { return os.WriteFile(filepath.Join(dir, "kubectl"), []byte("x"), 0o755) },
			pins:  testPins(), want: "new-etcd",
			reason: "a full disk or a crash can leave half a file",
		},
		"file removed": {
			spoil: func(dir string) error { return os.Remove(filepath.Join(dir, "kube-apiserver")) },
			pins:  testPins(), want: "new-etcd",
			reason: "cleaners remove old files one by one",
		},
		"manifest unreadable": {
			spoil: func(dir string) error { return os.WriteFile(filepath.Join(dir, manifestName), []byte("{"), 0o644) },
			pins:  testPins(), want: "new-etcd",
			reason: "without a manifest nothing is known",
		},
		"other etcd": {
			spoil: func(string) error { return nil }, pins: pins{Kubernetes: "v1.37.2", Etcd: "v3.7.4"}, want: "new-etcd",
			reason: "the folder's name has the version of Kubernetes alone",
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := &cache{dir: filepath.Join(t.TempDir(), "x"), binaries: binaryNames(), pins: testPins(), sources: []source{working("old-")}, progress: io.Discard}
			if _, err := c.get(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := tc.spoil(c.dir); err != nil {
				t.Fatal(err)
			}
			c.pins, c.sources = tc.pins, []source{working("new-")}
			dir, err := c.get(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, readBinary(t, dir)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestParallelCallersFillTheCacheOnce(t *testing.T) {
	var fills atomic.Int32
	slow := source{name: "slow", fill: func(_ context.Context, dir string) error {
		fills.Add(1)
		return putBinaries(dir, "")
	}}
	dir := filepath.Join(t.TempDir(), "x")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			c := &cache{dir: dir, binaries: binaryNames(), pins: testPins(), sources: []source{slow}, progress: io.Discard}
			if _, err := c.get(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := fills.Load(); got != 1 {
		t.Errorf("filled %d times, want once", got)
	}
}

func TestCancelledFillTriesNoOtherSource(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	stopped := source{name: "stopped", fill: func(ctx context.Context, _ string) error {
		cancel()
		return ctx.Err()
	}}
	c := &cache{dir: filepath.Join(t.TempDir(), "x"), binaries: binaryNames(), pins: testPins(), sources: []source{stopped, working("b-")}, progress: io.Discard}
	if _, err := c.get(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	if _, err := os.Stat(c.dir); err == nil {
		t.Error("a cancelled call filled the cache")
	}
}

func TestAssetsVariableIsUsedAsItIs(t *testing.T) {
	dir := t.TempDir()
	t.Setenv(AssetsVariable, dir)
	if _, err := Assets(t.Context(), io.Discard); err == nil || !strings.Contains(err.Error(), "kube-apiserver") {
		t.Errorf("empty folder: %v, want the names of what is missing", err)
	}
	if err := putBinaries(dir, ""); err != nil {
		t.Fatal(err)
	}
	var progress bytes.Buffer
	got, err := Assets(t.Context(), &progress)
	if err != nil || got != dir || progress.Len() > 0 {
		t.Errorf("got %q, error %v, progress %q", got, err, progress.String())
	}
}

func TestPinsComeFromTheNestedModule(t *testing.T) {
	p, err := readPins("binaries")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(p.Kubernetes, "v1.37.") || !strings.HasPrefix(p.Etcd, "v3.") {
		t.Errorf("pins %+v", p)
	}
}

func TestPinsMustBeThere(t *testing.T) {
	for name, content := range map[string]string{
		"no etcd":       "module m\nrequire k8s.io/kubernetes v1.37.2\n",
		"no kubernetes": "module m\nrequire go.etcd.io/etcd/server/v3 v3.7.3\n",
		"not a go.mod":  "{}",
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte(content), 0o644); err != nil {
				t.Fatal(err)
			}
			if p, err := readPins(dir); err == nil {
				t.Errorf("got %+v, want an error", p)
			}
		})
	}
}

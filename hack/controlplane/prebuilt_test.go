// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controlplane

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"sigs.k8s.io/controller-runtime/tools/setup-envtest/remote"
)

// archive packs the binaries as the Kubernetes project does: in a folder, next to others.
func archive(t *testing.T, names ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	zipped := gzip.NewWriter(&out)
	files := tar.NewWriter(zipped)
	for _, name := range names {
		content := []byte("prebuilt-" + name)
		header := &tar.Header{Name: "controller-tools/envtest/" + name, Typeflag: tar.TypeReg, Mode: 0o755, Size: int64(len(content))}
		if err := files.WriteHeader(header); err != nil {
			t.Fatal(err)
		}
		if _, err := files.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := files.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zipped.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// serveArchives serves one archive under the given versions. hash replaces its checksum.
func serveArchives(t *testing.T, content []byte, hash string, versions ...string) *prebuilt {
	t.Helper()
	index := remote.Index{Releases: map[string]remote.Release{}}
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	if hash == "" {
		sum := sha512.Sum512(content)
		hash = hex.EncodeToString(sum[:])
	}
	for _, v := range versions {
		name := "envtest-" + v + "-" + runtime.GOOS + "-" + runtime.GOARCH + ".tar.gz"
		index.Releases[v] = remote.Release{name: {Hash: hash, SelfLink: server.URL + "/" + v}}
		mux.HandleFunc("/"+v, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(content) })
	}
	mux.HandleFunc("/index", func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(index) })
	return &prebuilt{pins: testPins(), progress: io.Discard, indexURL: server.URL + "/index"}
}

func TestPrebuiltArchiveIsUnpacked(t *testing.T) {
	for name, versions := range map[string][]string{
		"exact version":       {"v1.37.2", "v1.37.3"},
		"other patch version": {"v1.37.0", "v1.36.9"},
		"patch of two digits": {"v1.37.10"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			p := serveArchives(t, archive(t, append(binaryNames(), "README")...), "", versions...)
			if err := p.fill(t.Context(), dir); err != nil {
				t.Fatal(err)
			}
			if err := requireBinaries(dir, binaryNames()); err != nil {
				t.Error(err)
			}
			if got := readBinary(t, dir); got != "prebuilt-etcd" {
				t.Errorf("etcd has %q", got)
			}
		})
	}
}

func TestPrebuiltPrefersTheExactVersion(t *testing.T) {
	var told bytes.Buffer
	p := serveArchives(t, archive(t, binaryNames()...), "", "v1.37.5", "v1.37.2", "v1.37.1")
	p.progress = &told
	if err := p.fill(t.Context(), t.TempDir()); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(told.String(), "1.37.2") {
		t.Errorf("progress %q does not name the pinned version", told.String())
	}
}

func TestPrebuiltRefusesWhatItCannotTrustOrUse(t *testing.T) {
	good := archive(t, binaryNames()...)
	for name, tc := range map[string]struct {
		source *prebuilt
		want   string
		reason string
	}{
		"checksum":      {source: serveArchives(t, good, strings.Repeat("0", 128), "v1.37.2"), want: "checksum", reason: "altered on the way"},
		"other minor":   {source: serveArchives(t, good, "", "v1.36.2", "v1.38.0"), want: "no archive", reason: "tests are for one minor version"},
		"cut short":     {source: serveArchives(t, good[:len(good)/2], "", "v1.37.2"), want: "archive", reason: "published broken"},
		"not an answer": {source: &prebuilt{pins: testPins(), progress: io.Discard, indexURL: "http://127.0.0.1:1/"}, want: "refused", reason: "no way out"},
	} {
		t.Run(name, func(t *testing.T) {
			err := tc.source.fill(t.Context(), t.TempDir())
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q: %s", err, tc.want, tc.reason)
			}
		})
	}
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"archive/tar"
	"bytes"
	"crypto/x509"
	"debug/elf"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/validate"
)

const checkout = "../.."

var testLabels = labels{name: "igny8/wordpress-operator:test", version: "v1.2.3", revision: "abc", created: time.Unix(1e9, 0).UTC()}

// native builds for this machine alone: another architecture would have all packages
// compiled once more.
func native(t *testing.T, source string) v1.ImageIndex {
	t.Helper()
	index, err := build(t.Context(), source, []string{"linux/" + runtime.GOARCH}, testLabels)
	if err != nil {
		t.Fatal(err)
	}
	return index
}

// dockerContext copies what .dockerignore lets through: the files that the Dockerfile sees.
func dockerContext(t *testing.T) string {
	t.Helper()
	rules, err := os.ReadFile(filepath.Join(checkout, ".dockerignore"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for rule := range strings.Lines(string(rules)) {
		name, kept := strings.CutPrefix(strings.TrimRight(rule, "/\n"), "!")
		if !kept {
			continue
		}
		target := filepath.Join(dir, filepath.Dir(name))
		if err := os.MkdirAll(target, 0o755); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.CommandContext(t.Context(), "cp", "-r", filepath.Join(checkout, name), target).CombinedOutput(); err != nil {
			t.Fatalf("copy %s: %v\n%s", name, err, out)
		}
	}
	return dir
}

func TestOtherFoldersGiveTheSameDigest(t *testing.T) {
	var digests []string
	for _, source := range []string{checkout, dockerContext(t)} {
		digest, err := native(t, source).Digest()
		if err != nil {
			t.Fatal(err)
		}
		digests = append(digests, digest.String())
	}
	if digests[0] != digests[1] {
		t.Errorf("the checkout gives %s, the files that the Dockerfile sees %s", digests[0], digests[1])
	}
}

// onlyImage returns the image for this machine.
func onlyImage(t *testing.T) v1.Image {
	t.Helper()
	index := native(t, checkout)
	manifest, err := index.IndexManifest()
	if err != nil {
		t.Fatal(err)
	}
	image, err := index.Image(manifest.Manifests[0].Digest)
	if err != nil {
		t.Fatal(err)
	}
	return image
}

// contents returns the files of an image's one layer, with mode and owner in their names.
func contents(t *testing.T, image v1.Image) (list []string, files map[string][]byte) {
	t.Helper()
	layers, err := image.Layers()
	if err != nil || len(layers) != 1 {
		t.Fatalf("%d layers, %v", len(layers), err)
	}
	unpacked, err := layers[0].Uncompressed()
	if err != nil {
		t.Fatal(err)
	}
	defer unpacked.Close()
	files = map[string][]byte{}
	for reader := tar.NewReader(unpacked); ; {
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return list, files
		}
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, header.FileInfo().Mode().String()+" "+header.Name)
		if header.Uid != 0 || header.Gid != 0 || !header.ModTime.Equal(testLabels.created) {
			t.Errorf("%s belongs to %d:%d and is of %s", header.Name, header.Uid, header.Gid, header.ModTime)
		}
		if files[header.Name], err = io.ReadAll(reader); err != nil {
			t.Fatal(err)
		}
	}
}

// No shell, no package manager: the list is all there is.
func TestImage(t *testing.T) {
	image := onlyImage(t)
	list, files := contents(t, image)
	want := []string{
		"-rw-r--r-- LICENSE", "drwxr-xr-x etc/", "drwxr-xr-x etc/ssl/", "drwxr-xr-x etc/ssl/certs/",
		"-rw-r--r-- " + certificates, "-rwxr-xr-x kubectl-igny8", "-rwxr-xr-x manager", "-rwxr-xr-x webhookserver",
	}
	if diff := cmp.Diff(want, list); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	for _, program := range programs {
		t.Run(program, func(t *testing.T) { testProgram(t, files[program]) })
	}
	t.Run("Certificates", func(t *testing.T) { testCertificates(t, files[certificates]) })
	t.Run("Config", func(t *testing.T) { testConfig(t, image) })
}

func testProgram(t *testing.T, content []byte) {
	program, err := elf.NewFile(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range program.Progs {
		if p.Type == elf.PT_INTERP || p.Type == elf.PT_DYNAMIC {
			t.Errorf("it is not static: it has a %s segment", p.Type)
		}
	}
	if bytes.Contains(content, []byte(mustAbs(t, checkout))) {
		t.Error("it has the path of the checkout in it")
	}
}

func mustAbs(t *testing.T, path string) string {
	t.Helper()
	absolute, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return absolute
}

func testCertificates(t *testing.T, file []byte) {
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(file) {
		t.Fatal("there is no certificate in the file")
	}
	// Mozilla's programme has had between 120 and 160 for ten years.
	if count := bytes.Count(file, []byte("BEGIN CERTIFICATE")); count < 100 {
		t.Errorf("there are %d certificates", count)
	}
}

func testConfig(t *testing.T, image v1.Image) {
	file, err := image.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	want := v1.Config{User: "65532:65532", Entrypoint: []string{"/manager"}, Env: []string{"PATH=/"}, Labels: testLabels.annotations()}
	if diff := cmp.Diff(want, file.Config); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if file.OS != "linux" || file.Architecture != runtime.GOARCH {
		t.Errorf("it is for %s/%s", file.OS, file.Architecture)
	}
}

// With an engine the Dockerfile runs the tree command, so the files are the same; what
// stands in the Dockerfile itself must be, too.
func TestTheDockerfileSaysTheSame(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(checkout, "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	_, last, _ := strings.Cut(strings.ReplaceAll(string(text), "\\\n", " "), "\nFROM scratch\n")
	var instructions []string
	for line := range strings.Lines(last) {
		line = strings.Join(strings.Fields(line), " ")
		if line != "" && !strings.HasPrefix(line, "#") {
			instructions = append(instructions, line)
		}
	}
	want := []string{
		"ARG VERSION REVISION",
		`LABEL org.opencontainers.image.title="igny8-wordpress-operator"` +
			` org.opencontainers.image.description="Publishes to WordPress what Kubernetes resources say"` +
			` org.opencontainers.image.source="https://github.com/igny8/wordpress-operator"` +
			` org.opencontainers.image.licenses="Apache-2.0 AND GPL-2.0-or-later"` +
			` org.opencontainers.image.version="${VERSION:-devel}" org.opencontainers.image.revision="${REVISION:-unknown}"`,
		"COPY --from=build /rootfs/ /",
		"ENV PATH=/",
		"USER " + user,
		`ENTRYPOINT ["/manager"]`,
	}
	if diff := cmp.Diff(want, instructions); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	for name, value := range (labels{}).annotations() {
		if !strings.Contains(want[1], name+`="`+value+`"`) && !strings.Contains(want[1], name+`="${`) {
			t.Errorf("the Dockerfile has no label %s=%q", name, value)
		}
	}
}

// What a node imports: every platform, under the name that the manifests ask for.
func TestArchive(t *testing.T) {
	archive := filepath.Join(t.TempDir(), "image.tar")
	built := native(t, checkout)
	if err := writeArchive(archive, built, testLabels); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if out, err := exec.CommandContext(t.Context(), "tar", "--extract", "--file", archive, "--directory", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	read, err := layout.ImageIndexFromPath(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := validate.Index(read); err != nil {
		t.Error(err)
	}
	manifest, err := read.IndexManifest()
	if err != nil {
		t.Fatal(err)
	}
	want, err := built.Digest()
	if err != nil {
		t.Fatal(err)
	}
	if len(manifest.Manifests) != 1 || manifest.Manifests[0].Digest != want {
		t.Fatalf("the archive has %v, not %s", manifest.Manifests, want)
	}
	named := map[string]string{
		"io.containerd.image.name":          "docker.io/igny8/wordpress-operator:test",
		"org.opencontainers.image.ref.name": "test",
	}
	if diff := cmp.Diff(named, manifest.Manifests[0].Annotations); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestNames(t *testing.T) {
	tests := map[string]struct{ image, want string }{
		"Hub":      {image: "igny8/wordpress-operator:v1", want: "docker.io/igny8/wordpress-operator:v1"},
		"NoTag":    {image: "igny8/wordpress-operator", want: "docker.io/igny8/wordpress-operator:latest"},
		"Registry": {image: "registry.example.com:5000/a/b:v1", want: "registry.example.com:5000/a/b:v1"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if got := names(tc.image)["io.containerd.image.name"]; got != tc.want {
				t.Errorf("containerd would call it %q, want %q", got, tc.want)
			}
		})
	}
}

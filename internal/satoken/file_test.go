// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package satoken

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func TestWriteFileMode(t *testing.T) {
	path := filepath.Join(t.TempDir(), "token")
	// A process that was killed while writing leaves this behind.
	if err := os.WriteFile(path+".tmp", []byte("a much longer token, half written"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := writeFile(path, "token"); err != nil {
		t.Fatalf("writeFile() = %v", err)
	}
	wantFile(t, path, "token")
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode() != fileMode {
		t.Errorf("mode is %v, want %v", info.Mode(), fileMode)
	}
}

// A reader beside the writer sees one of the tokens, never a mixture or a part.
func TestWriteFileIsAtomic(t *testing.T) {
	path := filepath.Join(t.TempDir(), "token")
	tokens := []string{strings.Repeat("a", 5000), strings.Repeat("b", 9000)}
	if err := writeFile(path, tokens[0]); err != nil {
		t.Fatalf("writeFile() = %v", err)
	}
	var writer sync.WaitGroup
	writer.Go(func() {
		for round := range 500 {
			if err := writeFile(path, tokens[round%2]); err != nil {
				t.Errorf("writeFile() = %v", err)
			}
		}
	})
	for range 2000 {
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatalf("ReadFile() = %v", err)
		}
		if string(got) != tokens[0] && string(got) != tokens[1] {
			t.Fatalf("read %d bytes that are neither token", len(got))
		}
	}
	writer.Wait()
}

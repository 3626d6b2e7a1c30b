// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controlplane

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/types"
)

// TestAuditLogGrows: whatever the API server has written when the log is read, each
// entry counts once.
func TestAuditLogGrows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.log")
	entry := func(id, stage string) string {
		return fmt.Sprintf(`{"auditID":%q,"stage":%q,"verb":"get"}`+"\n", id, stage)
	}
	text := entry("a", "RequestReceived") + entry("b", "RequestReceived") + entry("a", "ResponseComplete") + entry("b", "Panic")
	log := auditLog{path: path, open: map[types.UID]bool{}}
	for end := range len(text) + 1 {
		if err := os.WriteFile(path, []byte(text[:end]), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := log.read(); err != nil {
			t.Fatalf("after %d bytes: %v", end, err)
		}
	}
	var ended []types.UID
	for i := range log.ends {
		ended = append(ended, log.ends[i].AuditID)
	}
	if diff := cmp.Diff([]types.UID{"a", "b"}, ended); diff != "" || len(log.open) > 0 {
		t.Errorf("open %v, ended (-want +got):\n%s", log.open, diff)
	}
}

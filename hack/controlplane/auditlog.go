// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controlplane

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"k8s.io/apimachinery/pkg/types"
	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"
)

// auditLog is the audit log as far as it was read. Tests ask for it again and again
// while it grows: each entry is decoded once.
type auditLog struct {
	mu   sync.Mutex
	path string
	// offset is behind the last entry that was complete, in bytes.
	offset int64
	// ends are the requests that have ended, open those that have begun and not
	// ended, but for watches, which end when their clients do.
	ends []auditv1.Event
	open map[types.UID]bool
}

// read takes in the complete entries that are new; the last one may be half-written.
func (l *auditLog) read() error {
	f, err := os.Open(l.path)
	if err != nil {
		return fmt.Errorf("read audit log: %w", err)
	}
	defer func() { _ = f.Close() }()
	start := l.offset
	if _, err := f.Seek(start, io.SeekStart); err != nil {
		return fmt.Errorf("read audit log: %w", err)
	}
	decoder := json.NewDecoder(f)
	for {
		var event auditv1.Event
		err := decoder.Decode(&event)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read audit log: %w", err)
		}
		l.offset = start + decoder.InputOffset()
		l.add(event)
	}
}

func (l *auditLog) add(event auditv1.Event) {
	switch {
	case event.Stage == auditv1.StageResponseComplete || event.Stage == auditv1.StagePanic:
		delete(l.open, event.AuditID)
		l.ends = append(l.ends, event)
	case event.Verb != "watch":
		l.open[event.AuditID] = true
	}
}

// anyOpen says that any of the requests has not ended.
func (l *auditLog) anyOpen(requests map[types.UID]bool) bool {
	for id := range requests {
		if l.open[id] {
			return true
		}
	}
	return false
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controlplane

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// logTailLines is how much of a server's log an error shows: the reason of a failed start
// is at the end.
const logTailLines = 15

// server prepares a binary to be run: its wrapper and the log that it writes to.
func (d *runDir) server(binary string) (path string, log *os.File, err error) {
	if path, err = d.wrap(binary); err != nil {
		return "", nil, err
	}
	log, err = os.Create(d.join(filepath.Base(binary) + ".log"))
	if err != nil {
		return "", nil, fmt.Errorf("create log: %w", err)
	}
	d.logs = append(d.logs, log)
	return path, log, nil
}

// logTails returns the last lines of each server's log, for an error.
func (d *runDir) logTails() string {
	var out strings.Builder
	for _, name := range []string{"etcd", "kube-apiserver"} {
		data, err := os.ReadFile(d.join(name + ".log"))
		if err != nil {
			continue
		}
		lines := bytes.Split(bytes.TrimSpace(data), []byte("\n"))
		lines = lines[max(0, len(lines)-logTailLines):]
		fmt.Fprintf(&out, "\n--- end of the log of %s:\n%s", name, bytes.Join(lines, []byte("\n")))
	}
	return out.String()
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controlplane

import (
	"bytes"
	"fmt"
	"os"
	"strings"
)

// logTailLines is how much of a server's log an error shows: the reason of a failed start
// is at the end.
const logTailLines = 15

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

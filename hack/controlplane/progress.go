// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controlplane

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// heartbeatInterval is how often a long step says that it is still going: seldom enough for
// a log, often enough for a person not to think it hangs.
const heartbeatInterval = 15 * time.Second

// heartbeat tells w what begins, and again with the time it has taken until stop is called.
func heartbeat(w io.Writer, what string) (stop func()) {
	begun := time.Now()
	_, _ = fmt.Fprintf(w, "control plane: %s\n", what)
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		ticker := time.NewTicker(heartbeatInterval)
		defer ticker.Stop()
		for {
			select {
			case <-done:
				return
			case <-ticker.C:
				elapsed := time.Since(begun).Round(time.Second)
				_, _ = fmt.Fprintf(w, "control plane: %s, %s so far\n", what, elapsed)
			}
		}
	})
	return func() {
		close(done)
		wg.Wait()
	}
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

//go:build cluster

package cluster

import (
	"testing"
	"time"
)

// From nothing to the first post, the way it is documented.
func TestInstall(t *testing.T) {
	uninstall(t, setup{})
	started := time.Now()
	install(t, setup{})
	ready := time.Now()
	m := newTeam(t)
	m.connect()
	m.create(m.request("hello"))
	m.awaitPublished(1)
	t.Logf("from apply to ready %.1f s, from the request to its post %.1f s", ready.Sub(started).Seconds(), time.Since(ready).Seconds())
	m.wantPosts(1)
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"testing"
)

// TestAnAPIServerThatStreamsNoLists: Kubernetes before 1.34 need not send the
// first list through the watch. The programs then list, which takes a right of
// its own.
func TestAnAPIServerThatStreamsNoLists(t *testing.T) {
	t.Setenv("KUBE_FEATURE_WatchListClient", "false") // client-go's own switch
	grantWatch(t)
	startManager(t, "--watch-labelled-secrets")
	s := newSpace(t)
	s.connected()
	s.create(s.request("hello"))
	s.awaitRequest("hello", "Ready=True/Published")
	server, err := shared.StartWebhookserver(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Stop(); err != nil {
		t.Error(err)
	}
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controlplane_test

import (
	"strconv"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/igny8/wordpress-operator/hack/controlplane"
)

// writesSince returns the writes of one user after the first n events.
func writesSince(t *testing.T, cp *controlplane.ControlPlane, n int) map[controlplane.Write]int {
	t.Helper()
	events, err := cp.AuditEvents(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	counts := controlplane.CountWrites(events[n:])
	for write := range counts {
		// The API server writes its own leases and default objects whenever it likes.
		if write.User != "admin" {
			delete(counts, write)
		}
	}
	return counts
}

func eventsSoFar(t *testing.T, cp *controlplane.ControlPlane) int {
	t.Helper()
	events, err := cp.AuditEvents(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return len(events)
}

func TestAuditCountsEachWriteOnce(t *testing.T) {
	cp := controlplane.Shared(t)
	namespace := createNamespace(t, cp)
	clients := clientsFor(t, cp.Config()).CoreV1().ConfigMaps(namespace)
	before := eventsSoFar(t, cp)

	cm := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "one"}}
	if _, err := clients.Create(t.Context(), cm, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	if _, err := clients.Create(t.Context(), cm, metav1.CreateOptions{}); !apierrors.IsAlreadyExists(err) {
		t.Fatalf("second create: %v, want AlreadyExists", err)
	}
	dry := metav1.PatchOptions{DryRun: []string{metav1.DryRunAll}}
	for _, o := range []metav1.PatchOptions{{}, {}, dry} {
		patch := []byte(`{"data":{"a":"b"}}`)
		if _, err := clients.Patch(t.Context(), "one", types.MergePatchType, patch, o); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := clients.Get(t.Context(), "one", metav1.GetOptions{}); err != nil {
		t.Fatal(err)
	}

	want := map[controlplane.Write]int{
		{User: "admin", Verb: "create", Resource: "configmaps"}: 1,
		{User: "admin", Verb: "patch", Resource: "configmaps"}:  2,
	}
	if diff := cmp.Diff(want, writesSince(t, cp, before)); diff != "" {
		t.Errorf("writes (-want +got):\n%s", diff)
	}
}

func TestAuditTellsSubresourcesApart(t *testing.T) {
	cp := controlplane.Shared(t)
	namespace := createNamespace(t, cp)
	clients := clientsFor(t, cp.Config()).CoreV1().Namespaces()
	before := eventsSoFar(t, cp)
	patch := []byte(`{"metadata":{"labels":{"a":"b"}}}`)
	if _, err := clients.Patch(t.Context(), namespace, types.MergePatchType, patch, metav1.PatchOptions{}, "status"); err != nil {
		t.Fatal(err)
	}
	want := map[controlplane.Write]int{
		{User: "admin", Verb: "patch", Resource: "namespaces", Subresource: "status"}: 1,
	}
	if diff := cmp.Diff(want, writesSince(t, cp, before)); diff != "" {
		t.Errorf("writes (-want +got):\n%s", diff)
	}
}

// The end of a request is logged after its answer; none may be missed all the same.
func TestAuditHasWhatWasAnsweredBeforeTheCall(t *testing.T) {
	cp := controlplane.Shared(t)
	namespace := createNamespace(t, cp)
	clients := clientsFor(t, cp.Config()).CoreV1().ConfigMaps(namespace)
	before := eventsSoFar(t, cp)
	const writers, each = 8, 25
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				cm := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "c-" + strconv.Itoa(w*each+i)}}
				if _, err := clients.Create(t.Context(), cm, metav1.CreateOptions{}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	want := map[controlplane.Write]int{{User: "admin", Verb: "create", Resource: "configmaps"}: writers * each}
	if diff := cmp.Diff(want, writesSince(t, cp, before)); diff != "" {
		t.Errorf("writes (-want +got):\n%s", diff)
	}
}

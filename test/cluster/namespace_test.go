// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

//go:build cluster

package cluster

import (
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// The Secret with the key may be the first thing to go: nothing may wait for it.
func TestANamespaceOfATeamIsDeleted(t *testing.T) {
	install(t, setup{})
	m := newTeam(t)
	m.connect()
	m.publish(some)
	m.awaitPublished(some)
	started := time.Now()
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: m.name}}
	if err := api.Delete(t.Context(), namespace); err != nil {
		t.Fatal(err)
	}
	poll(t, func() (bool, string) {
		err := api.Get(t.Context(), client.ObjectKey{Name: m.name}, namespace)
		return apierrors.IsNotFound(err), "the namespace is still there"
	})
	t.Logf("the namespace was gone after %.1f s", time.Since(started).Seconds())
	m.wantPosts(some)
	var left v1alpha1.PublishRequestList
	if err := api.List(t.Context(), &left, client.InNamespace(m.name)); err != nil || len(left.Items) != 0 {
		t.Errorf("%d requests are left, %v", len(left.Items), err)
	}
}

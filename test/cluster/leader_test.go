// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

//go:build cluster

package cluster

import (
	"slices"
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// leaseName is what the manager holds while it works.
const leaseName = "igny8-operator.publishing.igny8.com"

// holder returns the identity of the leader, which begins with the name of its Pod.
func holder(t *testing.T) string {
	t.Helper()
	var lease coordinationv1.Lease
	if err := api.Get(t.Context(), client.ObjectKey{Namespace: namespace, Name: leaseName}, &lease); err != nil || lease.Spec.HolderIdentity == nil {
		return ""
	}
	return *lease.Spec.HolderIdentity
}

// leader returns the Pod whose manager works.
func leader(t *testing.T) corev1.Pod {
	t.Helper()
	var found corev1.Pod
	poll(t, func() (bool, string) {
		identity := holder(t)
		all := pods(t.Context(), t)
		i := slices.IndexFunc(all, func(p corev1.Pod) bool { return strings.HasPrefix(identity, p.Name+"_") })
		if i >= 0 {
			found = all[i]
		}
		return i >= 0, "no Pod holds the Lease, but " + identity
	})
	return found
}

// leadership is what was seen of leaders while something happened to them.
type leadership struct {
	// leader is the last one, or empty; since when there was none.
	leader string
	since  time.Time
	// former is the last one that there was.
	former string
	// changes are the times that another one took over.
	changes        int
	longest, inAll time.Duration
}

// note looks who leads now. A leader whose Pod is being stopped works no more, though it
// still holds the Lease.
func (l *leadership) note(t *testing.T) {
	t.Helper()
	identity, now := holder(t), time.Now()
	leads := slices.ContainsFunc(pods(t.Context(), t), func(p corev1.Pod) bool {
		return strings.HasPrefix(identity, p.Name+"_") && p.DeletionTimestamp == nil
	})
	switch {
	case !leads && l.leader != "":
		l.leader, l.since = "", now
	case leads && l.leader == "" && l.former != "":
		took := now.Sub(l.since)
		l.longest, l.inAll = max(l.longest, took), l.inAll+took
	}
	if leads {
		if l.former != "" && l.former != identity {
			l.changes++
		}
		l.leader, l.former = identity, identity
	}
}

// led says that there was a leader at the last look.
func (l *leadership) led() bool { return l.leader != "" }

// rolledOut says that all Pods are new ones, and ready.
func rolledOut(t *testing.T) bool {
	t.Helper()
	var d appsv1.Deployment
	if err := api.Get(t.Context(), client.ObjectKey{Namespace: namespace, Name: "igny8-operator"}, &d); err != nil {
		t.Fatal(err)
	}
	want := *d.Spec.Replicas
	return d.Status.ObservedGeneration == d.Generation && d.Status.UpdatedReplicas == want &&
		d.Status.AvailableReplicas == want && d.Status.Replicas == want && len(pods(t.Context(), t)) == int(want)
}

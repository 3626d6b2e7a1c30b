// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

//go:build cluster

package cluster

import (
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/hack/cluster"
)

const (
	// leaseName is what the manager holds while it works.
	leaseName = "igny8-operator.publishing.igny8.com"
	// many requests take some seconds to publish, so that a disturbance comes in between.
	many = 200
	// someWay is how many are published before the disturbance.
	someWay = 20
)

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

// disturb publishes many posts and has something happen in between: in the end there are
// all of them, once.
func disturb(t *testing.T, s setup, what func()) {
	t.Helper()
	install(t, s)
	m := newTeam(t)
	m.connect()
	m.publish(many)
	m.awaitPublished(someWay)
	what()
	before := m.published()
	m.awaitPublished(many)
	t.Logf("%d of %d were published when it happened", before, many)
	m.wantPosts(many)
	if before == many {
		t.Errorf("all were published before anything happened")
	}
}

// takeover does something to the leader, and returns the time until there is another one.
func takeover(t *testing.T, do func(corev1.Pod)) time.Duration {
	t.Helper()
	former := holder(t)
	pod := leader(t)
	started := time.Now()
	do(pod)
	poll(t, func() (bool, string) {
		now := holder(t)
		return now != "" && now != former, "the leader is " + now
	})
	return time.Since(started)
}

func TestTheLeadersPodIsDeleted(t *testing.T) {
	disturb(t, setup{replicas: 2}, func() {
		took := takeover(t, func(leader corev1.Pod) {
			if err := api.Delete(t.Context(), &leader); err != nil {
				t.Fatal(err)
			}
		})
		t.Logf("without a leader for %.1f s: it gave up the Lease", took.Seconds())
	})
}

// The kernel's out-of-memory killer, or a node that is switched off, leaves no time to
// give up the Lease.
func TestTheLeaderIsKilled(t *testing.T) {
	disturb(t, setup{replicas: 2}, func() {
		took := takeover(t, func(leader corev1.Pod) {
			pids, err := cluster.Processes(string(leader.UID), "/manager")
			if err != nil || len(pids) != 1 {
				t.Fatalf("processes %v, %v", pids, err)
			}
			if err := syscall.Kill(pids[0], syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
		})
		t.Logf("without a leader for %.1f s: the Lease ran out", took.Seconds())
	})
}

func TestRollingUpdateUnderLoad(t *testing.T) {
	disturb(t, setup{replicas: 2}, func() {
		kubectl(t, "", "rollout", "restart", "--namespace="+namespace, deployment)
	})
	awaitRollout(t)
}

func TestTheNodeIsSwitchedOffAndOn(t *testing.T) {
	disturb(t, setup{}, func() {
		if err := shared.StopNode(); err != nil {
			t.Fatal(err)
		}
		if err := shared.StartNode(); err != nil {
			t.Fatal(err)
		}
		if err := shared.WaitForNode(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
}

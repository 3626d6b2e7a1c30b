// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

//go:build cluster

package cluster

import (
	"syscall"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/igny8/wordpress-operator/hack/cluster"
)

const (
	// many requests take some seconds to publish, so that a disturbance comes in between.
	many = 200
	// someWay is how many are published before the disturbance.
	someWay = 20
)

// disturb publishes many posts and has something happen in between: in the end there are
// all of them, once.
func disturb(t *testing.T, s setup, what func()) {
	t.Helper()
	install(t, s)
	m := newTeam(t)
	m.connect()
	m.publish(many)
	m.awaitPublished(someWay)
	before := m.published()
	what()
	t.Logf("of %d posts %d were published when it happened, %d when it was over", many, before, m.published())
	m.awaitPublished(many)
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

// managerOf returns the id of the process of the manager in a Pod.
func managerOf(t *testing.T, pod corev1.Pod) int {
	t.Helper()
	pids, err := cluster.Processes(string(pod.UID), "/manager")
	if err != nil || len(pids) != 1 {
		t.Fatalf("processes of the manager are %v, %v", pids, err)
	}
	return pids[0]
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
			if err := syscall.Kill(managerOf(t, leader), syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
		})
		t.Logf("without a leader for %.1f s: the Lease ran out", took.Seconds())
	})
}

// Leaders change more than once if the new one is an old Pod, too.
func TestRollingUpdateUnderLoad(t *testing.T) {
	disturb(t, setup{replicas: 2}, func() {
		var seen leadership
		seen.note(t)
		kubectl(t, "", "rollout", "restart", "--namespace="+namespace, deployment)
		poll(t, func() (bool, string) {
			seen.note(t)
			return seen.led() && rolledOut(t), "the update is not rolled out"
		})
		t.Logf("without a leader for %.1f s at most, %.1f s in all: %d times another one took over",
			seen.longest.Seconds(), seen.inAll.Seconds(), seen.changes)
		if seen.changes == 0 {
			t.Error("the leader is still the one of before")
		}
	})
}

// The Lease is that of a process, so the one that starts with the node waits until it has
// run out.
func TestTheNodeIsSwitchedOffAndOn(t *testing.T) {
	disturb(t, setup{}, func() {
		var away time.Duration
		took := takeover(t, func(leader corev1.Pod) {
			before, started := managerOf(t, leader), time.Now()
			if err := shared.StopNode(); err != nil {
				t.Fatal(err)
			}
			if err := shared.StartNode(); err != nil {
				t.Fatal(err)
			}
			poll(t, func() (bool, string) {
				pids, err := cluster.Processes(string(leader.UID), "/manager")
				return err == nil && len(pids) == 1 && pids[0] != before, "no manager runs"
			})
			away = time.Since(started)
		})
		t.Logf("without a leader for %.1f s: a manager ran again after %.1f s, and waited for the Lease to run out", took.Seconds(), away.Seconds())
	})
}

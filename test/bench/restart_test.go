// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"bytes"
	"strconv"
	"testing"
	"time"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

const (
	// inlineBytes is how much content each request has.
	inlineBytes = 32 << 10
	// heapEach is the live heap that a converged request may take, in bytes.
	heapEach = 20 << 10
	// syncToList is how many times a bare LIST a start may take.
	syncToList = 1.5
)

// TestRestartOfMany: what many requests with much content cost that are published:
// at etcd, and at a restart of the manager.
func TestRestartOfMany(t *testing.T) {
	n, blogs := 40, 4
	if *full {
		n, blogs = *requests, 20
	}
	s := newBlogs(t, blogs)
	manager := startManager(t, quiet())
	f := newPublishingFleet(t, s.fake.Key(), s.hosts, v1alpha1.Publishing{MaxConcurrent: 6})
	f.settle(blogs)
	baseline := 0.0
	if *full {
		baseline = collected(t, manager).heap
	}
	f.publishMany(s, n)
	awaitIdle(t, manager)
	f.calm()
	stopManager(t, manager)
	note("restart_requests", float64(n))
	before, calls := f.writes(), s.total()
	manager = startManager(t, quiet())
	awaitReconciles(t, manager, float64(n))
	awaitIdle(t, manager)
	count(t, "restart_of_many_writes", float64(f.writes().settled()-before.settled()), 0)
	count(t, "restart_of_many_site_calls", float64(s.total()-calls), 0)
	if *full { // of few, what they have in common weighs too much
		note("restart_heap_MiB_no_requests", baseline/(1<<20))
		count(t, "restart_heap_bytes_each", (collected(t, manager).heap-baseline)/float64(n), heapEach)
		note("restart_rss_MiB", stateOf(t, manager).resident/(1<<20))
	}
	stopManager(t, manager)
	if *full {
		atMost("restart_ready_to_bare_list", paired(pairs, func() float64 { return startSeconds(t) }, func() float64 { return listSeconds(t, n) }), syncToList)
	}
	f.clear()
	f.remove()
}

// publishMany creates and publishes n requests of much content, and shows what
// etcd grows by.
func (f *fleet) publishMany(s *sites, n int) {
	f.t.Helper()
	each := float64(n)
	size, start := etcdBytes(f.t), time.Now()
	f.request("many", n, len(s.hosts), article(inlineBytes))
	note("create_seconds", time.Since(start).Seconds())
	await(f.t, "posts at the sites", func() bool { return s.posts() == n })
	note("create_and_publish_seconds", time.Since(start).Seconds())
	note("create_and_publish_etcd_bytes_each", (etcdBytes(f.t)-size)/each)
	note("publish_etcd_value_bytes_each", f.storedBytes(requestName("many", 0)))
}

// startSeconds is how long a manager takes until it is ready.
func startSeconds(t *testing.T) float64 {
	t.Helper()
	start := time.Now()
	manager := startManager(t, quiet())
	took := time.Since(start).Seconds()
	note("restart_ready_seconds", took)
	stopManager(t, manager)
	return took
}

// listSeconds is how long it takes to list all requests at once.
func listSeconds(t *testing.T, n int) float64 {
	t.Helper()
	start := time.Now()
	var list v1alpha1.PublishRequestList
	if err := shared.Client.List(t.Context(), &list); err != nil {
		t.Fatal(err)
	}
	if len(list.Items) < n {
		t.Fatalf("%d requests, want %d", len(list.Items), n)
	}
	took := time.Since(start).Seconds()
	note("restart_bare_list_seconds", took)
	return took
}

// etcdBytes is how large the database is, as the API server knows it.
func etcdBytes(t *testing.T) float64 {
	t.Helper()
	for line := range bytes.Lines([]byte(raw(t, "/metrics"))) {
		if bytes.HasPrefix(line, []byte("apiserver_storage_size_bytes{")) {
			value, err := strconv.ParseFloat(string(bytes.TrimSpace(line[bytes.LastIndexByte(line, ' '):])), 64)
			if err != nil {
				t.Fatal(err)
			}
			return value
		}
	}
	t.Fatal("the API server does not say how large its storage is")
	return 0
}

// storedBytes is the length of a request as the API server stores it.
func (f *fleet) storedBytes(name string) float64 {
	f.t.Helper()
	return float64(len(raw(f.t, "/apis/"+v1alpha1.GroupVersion.String()+"/namespaces/"+f.namespace+"/publishrequests/"+name)))
}

// raw is what the API server answers at a path.
func raw(t *testing.T, path string) string {
	t.Helper()
	text, err := shared.Kubectl(t.Context(), "", "get", "--raw", path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

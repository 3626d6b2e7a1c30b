// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

const (
	bulkRequests = 200
	// bulkCalls is the most that the site may be called for them: ten full batches
	// would do; the first are smaller, while the site's speed is found out, and
	// what comes first goes alone.
	bulkCalls = 50
	// paceRequests are as many as show how long one takes.
	paceRequests = 60
)

// bulk is a request of a batch.
func (s *space) bulk(name, batch string) *v1alpha1.PublishRequest {
	request := s.request(name)
	request.Labels = map[string]string{v1alpha1.LabelBatch: batch}
	return request
}

// TestManyRequestsAtOnce: each has one post, and the site is called for many of
// them together; those that are held back are not among them.
func TestManyRequestsAtOnce(t *testing.T) {
	startManager(t)
	s := newSpace(t)
	s.connected()
	calls := siteCalls(t)
	held := s.createHeld()
	for i := range bulkRequests {
		s.create(s.bulk(fmt.Sprintf("bulk-%03d", i), "all"))
	}
	for n := 50; n <= bulkRequests; n += 50 { // each within the patience of a test
		poll(t, func() (bool, string) {
			posts := s.countBulk("bulk-")
			return posts >= n, fmt.Sprintf("%d posts", posts)
		})
	}
	s.awaitBatch(v1alpha1.BatchStatus{Name: "all", Total: bulkRequests, Published: bulkRequests})
	if made := siteCalls(t) - calls; made > bulkCalls {
		t.Errorf("%d calls for %d posts, want at most %d", made, bulkRequests, bulkCalls)
	} else {
		t.Logf("%d posts by %d calls", bulkRequests, made)
	}
	s.checkBulk("bulk-", bulkRequests)
	s.checkBulk("held-", 0)
	for i := range bulkRequests {
		request := s.awaitRequest(fmt.Sprintf("bulk-%03d", i), "Ready=True/Published", "Published=True/Published")
		if len(request.Status.History) != 1 || request.Status.Attempts.Count != 1 {
			t.Errorf("%s: history %+v, attempts %+v; want one of each", request.Name, request.Status.History, request.Status.Attempts)
		}
	}
	s.awaitBatch(v1alpha1.BatchStatus{Name: "held", Total: int32(held), Pending: int32(held)})
}

// createHeld creates requests that are not to be published, among which those
// that are do not wait.
func (s *space) createHeld() int {
	s.t.Helper()
	holds := []func(*v1alpha1.PublishRequestSpec){
		func(spec *v1alpha1.PublishRequestSpec) { spec.Approval = v1alpha1.ApprovalRequired },
		func(spec *v1alpha1.PublishRequestSpec) { spec.Suspend = true },
		func(spec *v1alpha1.PublishRequestSpec) { spec.Release = v1alpha1.ReleaseManual },
	}
	for i, hold := range holds {
		request := s.bulk(fmt.Sprintf("held-%03d", i), "held")
		hold(&request.Spec)
		s.create(request)
	}
	return len(holds)
}

// TestAManagerThatIsKilledWhileManyWait: what was made, and not noted, is found.
func TestAManagerThatIsKilledWhileManyWait(t *testing.T) {
	const requests, killed = 100, 3
	manager := startManager(t)
	s := newSpace(t)
	s.connected()
	for i := range requests {
		s.create(s.bulk(fmt.Sprintf("bulk-%03d", i), "killed"))
	}
	for kill := range killed {
		poll(t, func() (bool, string) { // in the middle of a batch, as a rule
			n := s.countBulk("bulk-")
			return n >= (kill+1)*requests/(killed+2), fmt.Sprintf("%d posts", n)
		})
		if err := manager.Kill(); err != nil {
			t.Fatal(err)
		}
		manager = restart(t)
	}
	s.awaitBatch(v1alpha1.BatchStatus{Name: "killed", Total: requests, Published: requests})
	s.checkBulk("bulk-", requests)
}

// TestHowFastAQueueDrains prints what a post takes in batches and alone.
func TestHowFastAQueueDrains(t *testing.T) {
	startManager(t)
	took := map[string]time.Duration{}
	for _, mode := range []struct {
		name string
		size int
	}{{"single", 1}, {"batched", 20}, {"batched again", 20}, {"single again", 1}} {
		t.Run(mode.name, func(t *testing.T) {
			s := newSpace(t)
			s.connected()
			s.patch(newNamed(s, "blog"), fmt.Sprintf(`{"spec":{"suspend":true,"publishing":{"batchSize":%d}}}`, mode.size))
			for i := range paceRequests {
				s.create(s.bulk(fmt.Sprintf("bulk-%03d", i), "pace"))
			}
			calls, began := siteCalls(t), time.Now()
			s.patch(newNamed(s, "blog"), `{"spec":{"suspend":false}}`)
			poll(t, func() (bool, string) {
				n := s.withPost()
				return n == paceRequests, fmt.Sprintf("%d of %d have their post", n, paceRequests)
			})
			took[mode.name] = time.Since(began)
			t.Logf("%d posts by %d calls in %s: %s each", paceRequests, siteCalls(t)-calls, took[mode.name].Round(time.Millisecond), took[mode.name]/paceRequests)
			s.checkBulk("bulk-", paceRequests)
		})
	}
	single, batched := took["single"]+took["single again"], took["batched"]+took["batched again"]
	t.Logf("a post takes %.2f of the time in batches", float64(batched)/float64(single))
	if batched > single {
		t.Errorf("%s in batches, %s alone: they are to be faster", batched, single)
	}
}

// newNamed is an integration to be patched.
func newNamed(s *space, name string) *v1alpha1.WordPressIntegration {
	integration := newIntegration()
	integration.Namespace, integration.Name = s.name, name
	return integration
}

// awaitBatch waits until the integration says that much of a batch, but for times.
func (s *space) awaitBatch(want v1alpha1.BatchStatus) {
	s.t.Helper()
	poll(s.t, func() (bool, string) {
		integration := newIntegration()
		if err := shared.Client.Get(s.t.Context(), client.ObjectKey{Namespace: s.name, Name: "blog"}, integration); err != nil {
			return false, err.Error()
		}
		i := slices.IndexFunc(integration.Status.Batches, func(b v1alpha1.BatchStatus) bool { return b.Name == want.Name })
		if i < 0 {
			return false, fmt.Sprintf("batches %+v, want %s", integration.Status.Batches, want.Name)
		}
		got := integration.Status.Batches[i]
		if complete := !got.CompletionTime.IsZero(); complete != (want.Pending == 0) || got.StartTime.IsZero() {
			return false, fmt.Sprintf("batch %+v", got)
		}
		diff := cmp.Diff(want, got, cmpopts.IgnoreFields(v1alpha1.BatchStatus{}, "StartTime", "CompletionTime"))
		return diff == "", "batch (-want +got):\n" + diff
	})
}

// countBulk counts the posts whose titles begin like that.
func (s *space) countBulk(prefix string) int {
	s.t.Helper()
	return s.bulkPosts(prefix)[0]
}

// checkBulk asks the site itself for as many posts, each with another title.
func (s *space) checkBulk(prefix string, want int) {
	s.t.Helper()
	if diff := cmp.Diff([]int{want, want}, s.bulkPosts(prefix)); diff != "" {
		s.t.Errorf("posts and different titles (-want +got):\n%s", diff)
	}
}

func (s *space) bulkPosts(prefix string) []int {
	s.t.Helper()
	rows, err := site.Query(s.t.Context(), "SELECT COUNT(*), COUNT(DISTINCT post_title) FROM wp_posts WHERE post_type = 'post' AND post_title LIKE '"+
		strings.ReplaceAll(s.title(prefix), "_", `\_`)+"%'")
	if err != nil {
		s.t.Fatal(err)
	}
	counts := make([]int, len(rows[0]))
	for i, text := range rows[0] {
		if counts[i], err = strconv.Atoi(text); err != nil {
			s.t.Fatal(err)
		}
	}
	return counts
}

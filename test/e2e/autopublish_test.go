// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/apimachinery/pkg/watch"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

const (
	autoRequests  = 200
	autoMaxPerRun = 50
	autoInterval  = 10 * time.Second
	// autoSeed makes the moments of the kills the same in each run.
	autoSeed = 20261124
	// A manager lives up to autoLife, and often not long enough for a run.
	autoLife = 6 * time.Second
	// autoKills bounds the test: what is published by then is all there will be.
	autoKills = 40
)

// TestAutoPublishWithAManagerThatIsKilled: what waits is released once and
// published once, in runs that are no larger and no nearer than they may be.
func TestAutoPublishWithAManagerThatIsKilled(t *testing.T) {
	manager := startManager(t)
	s := newSpace(t)
	s.create(s.secret("key", site.APIKey))
	integration := s.integration("blog", site.URL)
	integration.Spec.Publishing.MaxConcurrent = 4
	s.create(integration)
	s.await(newIntegration(), "blog", "Ready=True/Connected")
	s.createAuto()
	if looks := reconciles(t, manager, "autopublish"); looks > autoRequests/2 {
		t.Errorf("the integration was looked at %d times for %d requests: they are not gathered", looks, autoRequests)
	} else {
		t.Logf("%d requests came, and the integration was looked at %d times", autoRequests, looks)
	}
	runs := s.watchRuns()
	s.patch(integration, fmt.Sprintf(`{"spec":{"publishing":{"autoPublish":{"mode":"Scheduled","intervalSeconds":%d,"maxPerRun":%d}}}}`,
		int(autoInterval.Seconds()), autoMaxPerRun))

	random := rand.New(rand.NewPCG(autoSeed, 0))
	began, kills := time.Now(), 0
	for ; s.withPost() < autoRequests; kills++ {
		if kills == autoKills {
			t.Fatalf("%d of %d published after %d kills", s.withPost(), autoRequests, kills)
		}
		<-time.After(time.Duration(random.Float64() * float64(autoLife))) // the moment is the test: it is drawn from the seed
		if err := manager.Kill(); err != nil {
			t.Fatal(err)
		}
		manager = restart(t)
	}
	runs.stop()
	runs.check(t)
	s.checkEachOnce()
	s.await(newIntegration(), "blog", "AutoPublishing=True/Releasing", "Ready=True/Connected")
	s.checkHealth("WordPressIntegration", "blog", status.CurrentStatus)
	t.Logf("%d requests in %d runs and %s, %d kills", autoRequests, len(runs.sizes), time.Since(began).Round(time.Second), kills)
}

// TestAutoPublishAsItComes: whatever comes within a few seconds goes in one write.
func TestAutoPublishAsItComes(t *testing.T) {
	startManager(t)
	s := newSpace(t)
	s.create(s.secret("key", site.APIKey))
	integration := s.integration("blog", site.URL)
	integration.Spec.Publishing.AutoPublish.Mode = v1alpha1.AutoPublishImmediate
	s.create(integration)
	s.await(newIntegration(), "blog", "Ready=True/Connected", "AutoPublishing=True/Releasing")
	const requests = 30
	before := s.writes()["patch wordpressintegrations/status"]
	for i := range requests {
		request := s.request(fmt.Sprintf("auto-%03d", i))
		request.Spec.Release = v1alpha1.ReleaseAuto
		s.create(request)
	}
	for i := range requests {
		s.awaitRequest(fmt.Sprintf("auto-%03d", i), "Ready=True/Published", "Published=True/Published")
	}
	if writes := s.writes()["patch wordpressintegrations/status"] - before; writes > requests/3 {
		t.Errorf("%d writes of the integration's status for %d requests", writes, requests)
	}
	if got := s.integrationStatus().AutoPublish; len(got.AllReleased()) == 0 || got.Waiting != 0 {
		t.Errorf("autoPublish %+v, want what was released, and nobody waiting", got)
	}
}

func (s *space) integrationStatus() *v1alpha1.WordPressIntegrationStatus {
	s.t.Helper()
	integration := newIntegration()
	if err := shared.Client.Get(s.t.Context(), client.ObjectKey{Namespace: s.name, Name: "blog"}, integration); err != nil {
		s.t.Fatal(err)
	}
	return &integration.Status
}

// createAuto creates requests, and waits until each says that it waits.
func (s *space) createAuto() {
	s.t.Helper()
	for i := range autoRequests {
		request := s.request(fmt.Sprintf("auto-%03d", i))
		request.Spec.Release = v1alpha1.ReleaseAuto
		s.create(request)
	}
	last := fmt.Sprintf("auto-%03d", autoRequests-1)
	for i := range autoRequests {
		s.awaitRequest(fmt.Sprintf("auto-%03d", i), "Ready=True/AwaitingRelease", "Published=False/AwaitingRelease")
	}
	s.checkHealth("PublishRequest", last, status.CurrentStatus)
}

// withPost counts the requests that have their post.
func (s *space) withPost() int {
	s.t.Helper()
	n := 0
	for _, request := range s.requests() {
		if request.Status.Post.ID != 0 {
			n++
		}
	}
	return n
}

func (s *space) requests() []v1alpha1.PublishRequest {
	s.t.Helper()
	list := &v1alpha1.PublishRequestList{}
	if err := shared.Client.List(s.t.Context(), list, client.InNamespace(s.name)); err != nil {
		s.t.Fatal(err)
	}
	return list.Items
}

// checkEachOnce asks the site itself.
func (s *space) checkEachOnce() {
	s.t.Helper()
	rows, err := site.Query(s.t.Context(), "SELECT COUNT(*), COUNT(DISTINCT post_title) FROM wp_posts WHERE post_type = 'post' AND post_title LIKE '"+s.title("auto-")+"%'")
	if err != nil {
		s.t.Fatal(err)
	}
	if want := strconv.Itoa(autoRequests); !slices.Equal(rows[0], []string{want, want}) {
		s.t.Errorf("posts and different titles: %v, want %s of each", rows[0], want)
	}
}

// runLog is what each write of an integration's status has released.
type runLog struct {
	watch watch.Interface
	done  chan struct{}

	last   v1alpha1.AutoPublishStatus
	starts []time.Time
	sizes  []int
	uids   []string
}

// watchRuns follows the integration: a watch passes every version of it.
func (s *space) watchRuns() *runLog {
	s.t.Helper()
	watcher, err := client.NewWithWatch(shared.Config(), client.Options{Scheme: shared.Client.Scheme()})
	if err != nil {
		s.t.Fatal(err)
	}
	w, err := watcher.Watch(context.Background(), &v1alpha1.WordPressIntegrationList{}, client.InNamespace(s.name))
	if err != nil {
		s.t.Fatal(err)
	}
	log := &runLog{watch: w, done: make(chan struct{})}
	go func() {
		defer close(log.done)
		for e := range w.ResultChan() {
			if integration, ok := e.Object.(*v1alpha1.WordPressIntegration); ok {
				log.take(&integration.Status.AutoPublish)
			}
		}
	}()
	s.t.Cleanup(log.stop)
	return log
}

func (l *runLog) stop() {
	l.watch.Stop()
	<-l.done
}

func (l *runLog) take(status *v1alpha1.AutoPublishStatus) {
	known := sets.New(l.last.AllReleased()...)
	fresh := slices.DeleteFunc(status.AllReleased(), known.Has)
	l.last = *status.DeepCopy()
	if len(fresh) == 0 {
		return
	}
	l.starts, l.sizes, l.uids = append(l.starts, status.CurrentRun.StartTime.Time), append(l.sizes, len(fresh)), append(l.uids, fresh...)
}

// check holds the runs against the spec.
func (l *runLog) check(t *testing.T) {
	t.Helper()
	if len(l.uids) != autoRequests || sets.New(l.uids...).Len() != autoRequests {
		t.Errorf("%d releases of %d different requests, want %d of each", len(l.uids), sets.New(l.uids...).Len(), autoRequests)
	}
	for i := range l.sizes {
		if l.sizes[i] > autoMaxPerRun {
			t.Errorf("run %d released %d requests, want at most %d", i, l.sizes[i], autoMaxPerRun)
		}
		if i > 0 && l.starts[i].Sub(l.starts[i-1]) < autoInterval {
			t.Errorf("run %d came %s after the one before, want at least %s", i, l.starts[i].Sub(l.starts[i-1]), autoInterval)
		}
	}
}

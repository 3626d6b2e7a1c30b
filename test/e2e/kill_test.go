// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// killSeed makes the moments the same in each run.
const killSeed = 20261123

var kills = flag.Int("kills", 6, "how often the manager is killed while it publishes, updates or deletes")

// life are the deeds at which the manager is killed, in turn: a post is made,
// changed, and deleted with its request. Each says what is to be there then.
var life = []func(s *space, name string) (check func(moment time.Duration)){
	func(s *space, name string) func(time.Duration) {
		request := s.request(name)
		request.Spec.DeletionPolicy = v1alpha1.DeletionPolicyDelete
		s.create(request)
		return func(moment time.Duration) { s.checkOnePost(name, s.title(name), moment) }
	},
	func(s *space, name string) func(time.Duration) {
		s.retitle(s.awaitRequest(name), name+" changed")
		return func(moment time.Duration) { s.checkOnePost(name, s.title(name+" changed"), moment) }
	},
	func(s *space, name string) func(time.Duration) {
		if err := shared.Client.Delete(s.t.Context(), s.awaitRequest(name)); err != nil {
			s.t.Fatal(err)
		}
		return func(moment time.Duration) { s.checkNoPost(name, moment) }
	},
}

// TestKilledManager kills the manager at each deed; the next manager brings it to
// its end.
func TestKilledManager(t *testing.T) {
	s := newSpace(t)
	manager := startManager(t)
	s.connected()
	setOption(t, "test_slow", "1")
	span := s.undisturbed()
	random := rand.New(rand.NewPCG(killSeed, 0))
	for i := range *kills {
		check := life[i%len(life)](s, fmt.Sprintf("killed-%d", i/len(life)))
		moment := time.Duration(random.Float64() * float64(span))
		<-time.After(moment) // the moment is the test: it is drawn from the seed
		if err := manager.Kill(); err != nil {
			t.Fatal(err)
		}
		manager = restart(t)
		check(moment)
	}
	fmt.Printf("%d kills within %s of creating, changing or deleting a request: no post doubled, none lost, none left\n", *kills, span.Round(time.Millisecond))
}

// undisturbed measures how long a post takes.
func (s *space) undisturbed() time.Duration {
	s.t.Helper()
	began := time.Now()
	s.create(s.request("undisturbed"))
	s.awaitRequest("undisturbed", "Ready=True/Published")
	return time.Since(began)
}

// checkOnePost holds that the request comes to its end, and that the site has one
// post of its content key, the one that the status tells of, as it is wanted.
func (s *space) checkOnePost(name, title string, moment time.Duration) {
	s.t.Helper()
	request := s.awaitGeneration(name, "Ready=True/Published", "Synced=True/Succeeded")
	s.checkHealth("PublishRequest", name, status.CurrentStatus)
	s.checkPosts(name, moment, []string{fmt.Sprint(request.Status.Post.ID), title, "publish"})
	if n := s.posts(title); n != 1 {
		s.t.Errorf("killed after %s: %d posts called %q, want 1", moment, n, title)
	}
}

// checkNoPost holds that request and post go.
func (s *space) checkNoPost(name string, moment time.Duration) {
	s.t.Helper()
	poll(s.t, func() (bool, string) {
		err := shared.Client.Get(s.t.Context(), client.ObjectKey{Namespace: s.name, Name: name}, &v1alpha1.PublishRequest{})
		return apierrors.IsNotFound(err), fmt.Sprintf("request %s is still there (%v)", name, err)
	})
	s.checkPosts(name, moment)
}

// checkPosts compares the posts of a request's content key: id, title, status.
func (s *space) checkPosts(name string, moment time.Duration, want ...[]string) {
	s.t.Helper()
	digest := sha256.Sum256([]byte(s.name + "/" + name))
	rows, err := site.Query(s.t.Context(), "SELECT ID, post_title, post_status FROM wp_posts WHERE guid LIKE 'urn:igny8:%:"+hex.EncodeToString(digest[:])+"'")
	if err != nil {
		s.t.Fatal(err)
	}
	if diff := cmp.Diff(want, rows, cmpopts.EquateEmpty()); diff != "" {
		s.t.Errorf("killed after %s: posts of %s (-want +got):\n%s", moment, name, diff)
	}
}

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

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// killSeed makes the moments the same in each run.
const killSeed = 20261123

var kills = flag.Int("kills", 6, "how often the manager is killed while it publishes or updates")

// TestKilledManager kills the manager while it makes a post, and then while it
// updates it, and so on; the next manager brings it to its end.
func TestKilledManager(t *testing.T) {
	s := newSpace(t)
	manager := startManager(t)
	s.connected()
	setOption(t, "test_slow", "1")
	span := s.undisturbed()
	random := rand.New(rand.NewPCG(killSeed, 0))
	for i := range *kills {
		name := fmt.Sprintf("killed-%d", i/2)
		title := s.title(name)
		if i%2 == 0 {
			s.create(s.request(name))
		} else {
			title = s.title(name + " changed")
			s.retitle(s.awaitRequest(name), name+" changed")
		}
		moment := time.Duration(random.Float64() * float64(span))
		<-time.After(moment) // the moment is the test: it is drawn from the seed
		if err := manager.Kill(); err != nil {
			t.Fatal(err)
		}
		manager = restart(t)
		s.awaitGeneration(name, "Ready=True/Published", "Synced=True/Succeeded")
		s.checkHealth("PublishRequest", name, status.CurrentStatus)
		s.checkOnePost(name, title, moment)
	}
	fmt.Printf("%d kills within %s of creating or changing a request: one post each, none lost\n", *kills, span.Round(time.Millisecond))
}

// undisturbed measures how long a post takes.
func (s *space) undisturbed() time.Duration {
	s.t.Helper()
	began := time.Now()
	s.create(s.request("undisturbed"))
	s.awaitRequest("undisturbed", "Ready=True/Published")
	return time.Since(began)
}

// checkOnePost holds that the site has one post of a request's content key, the
// one that the status tells of, as it is wanted.
func (s *space) checkOnePost(name, title string, moment time.Duration) {
	s.t.Helper()
	request := &v1alpha1.PublishRequest{}
	s.await(request, name)
	digest := sha256.Sum256([]byte(s.name + "/" + name))
	rows, err := site.Query(s.t.Context(), "SELECT ID, post_title, post_status FROM wp_posts WHERE guid LIKE 'urn:igny8:%:"+hex.EncodeToString(digest[:])+"'")
	if err != nil {
		s.t.Fatal(err)
	}
	want := [][]string{{fmt.Sprint(request.Status.Post.ID), title, "publish"}}
	if diff := cmp.Diff(want, rows); diff != "" {
		s.t.Errorf("killed after %s: posts of %s (-want +got):\n%s", moment, name, diff)
	}
	if n := s.posts(title); n != 1 {
		s.t.Errorf("killed after %s: %d posts called %q, want 1", moment, n, title)
	}
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package faults

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"
)

const (
	// stormPosts are published during the storm.
	stormPosts = 50
	// A storm lasts a minute, a short one long enough for several rounds of retries.
	stormLasts, shortStormLasts = time.Minute, 8 * time.Second
	// stormPatience is how long may be needed after it: the queue of a controller
	// that has failed for a minute waits as long again at most.
	stormPatience = 3 * time.Minute
	// calmShare is which share of the requests a storm spares: without any,
	// nothing could be done twice.
	calmShare = 0.3
)

// storm is what goes wrong with an API server: conflicts, too many requests,
// errors, and timeouts of requests that had their effect or not.
type storm struct {
	mu     sync.Mutex
	on     bool
	random *rand.Rand
	struck map[strike]int
}

func newStorm() *storm {
	return &storm{random: rand.New(rand.NewPCG(*seed, 1)), struck: map[strike]int{}}
}

// set begins or ends it.
func (s *storm) set(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.on = on
}

// next draws what happens to a request; empty if nothing does.
func (s *storm) next(r *http.Request) strike {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.on || s.random.Float64() < calmShare {
		return ""
	}
	drawn := strikes[s.random.IntN(len(strikes))]
	if drawn == conflict && writeOf(r) == "" {
		return "" // reads have no conflicts
	}
	s.struck[drawn]++
	return drawn
}

func (s *storm) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fmt.Sprint(s.struck)
}

// obstruct puts the storm between an operator and the API server.
func (s *storm) obstruct(_ *space, _ int, next http.RoundTripper) http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) { return s.next(r).apply(r, next) })
}

// TestStorm has the API server fail in every way while posts are published.
func TestStorm(t *testing.T) {
	t.Parallel()
	lasts := shortStormLasts
	if *full {
		lasts = stormLasts
	}
	s, err := newSpace(t)
	if err != nil {
		t.Fatal(err)
	}
	weather := newStorm()
	s.obstruct, s.patience = weather.obstruct, stormPatience
	k, err := s.keep()
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := k.stop(); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			t.Log(s.log)
		}
	}()
	if err := s.all([]step{connect(), connected()}); err != nil {
		t.Fatal(err)
	}
	weather.set(true)
	s.publishDuring(t, k, lasts)
	weather.set(false)
	over := time.Now()
	for i := range stormPosts {
		if err := published(stormPost(i))(s); err != nil {
			t.Fatal(err)
		}
	}
	fmt.Printf("storm of %s on the API server, %s: settled %s after it, on an API server that works\n",
		lasts, weather, time.Since(over).Round(100*time.Millisecond))
	s.checkStormPosts(t)
}

func stormPost(i int) string { return fmt.Sprintf("post-%d", i) }

// publishDuring applies the requests over the first half of the storm, and on a
// machine that is too busy for that, as fast as it goes. Each second, all watches
// break off.
func (s *space) publishDuring(t *testing.T, k *keeper, lasts time.Duration) {
	t.Helper()
	end := time.After(lasts)
	apply := time.NewTicker(lasts / 2 / stormPosts)
	defer apply.Stop()
	cut := time.NewTicker(time.Second)
	defer cut.Stop()
	for applied, over := 0, false; !over || applied < stormPosts; {
		select {
		case <-end:
			over = true
		case <-cut.C:
			k.now().cut()
		case <-apply.C:
			if applied == stormPosts {
				continue
			}
			if err := publish(stormPost(applied))(s); err != nil {
				t.Fatal(err)
			}
			applied++
		}
	}
}

// checkStormPosts holds the end: each post was made once and not touched again.
func (s *space) checkStormPosts(t *testing.T) {
	t.Helper()
	if err := s.settle(); err != nil {
		t.Error(err)
	}
	effects := s.site.Effects()
	for i := range stormPosts {
		if n := s.site.Created("key-of-" + stormPost(i)); n != 1 {
			t.Errorf("%s was made %d times", stormPost(i), n)
		}
	}
	if len(effects) != stormPosts {
		t.Errorf("%d effects at the site, want the %d posts: %v", len(effects), stormPosts, effects)
	}
}

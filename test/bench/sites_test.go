// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

// siteDelay is how long a site takes over an answer: enough for calls to meet.
const siteDelay = 5 * time.Millisecond

// sites are many sites of one server, each at an address of its own in 127/8.
type sites struct {
	hosts []string

	// fake answers for all of them, but for those that have one of their own.
	fake *wordpresstest.Fake
	own  map[string]*wordpresstest.Fake

	mu        sync.Mutex
	calls     map[string]int
	probes    []probe
	publishes publishes
	inFlight  map[string]int
	most      map[string]int
	failing   string
	// delays is how long a publish takes at a site, instead of siteDelay.
	delays map[string]time.Duration
	// hanging is closed when the publishes of that site are to be answered.
	hanging map[string]chan struct{}
	closed  chan struct{}
}

// probe is a test of a connection: a read of the plugin's facts.
type probe struct {
	host string
	at   time.Time
}

func newSites(t *testing.T, n int) *sites {
	t.Helper()
	s := &sites{
		fake: wordpresstest.New(t), own: map[string]*wordpresstest.Fake{}, calls: map[string]int{}, publishes: newPublishes(),
		inFlight: map[string]int{}, most: map[string]int{}, delays: map[string]time.Duration{}, hanging: map[string]chan struct{}{}, closed: make(chan struct{}),
	}
	server := &http.Server{Handler: s, ReadHeaderTimeout: time.Minute}
	var serving sync.WaitGroup
	for i := range n {
		listener, err := net.Listen("tcp", fmt.Sprintf("127.1.%d.%d:0", i/250, i%250+1))
		if err != nil {
			t.Fatal(err)
		}
		s.hosts = append(s.hosts, listener.Addr().String())
		serving.Go(func() {
			if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
				t.Error(err)
			}
		})
	}
	t.Cleanup(func() {
		close(s.closed)
		if err := server.Close(); err != nil {
			t.Error(err)
		}
		serving.Wait()
	})
	return s
}

// newBlogs are sites that each keep posts of their own.
func newBlogs(t *testing.T, n int) *sites {
	t.Helper()
	s := newSites(t, n)
	for _, host := range s.hosts {
		s.own[host] = wordpresstest.New(t)
	}
	return s
}

// ServeHTTP answers for the site of the host.
func (s *sites) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer s.leave(r)
	delay, answered, failing := s.enter(r)
	select {
	case <-time.After(delay):
	case <-answered:
	case <-r.Context().Done():
	case <-s.closed:
	}
	switch {
	case failing:
		w.WriteHeader(http.StatusInternalServerError)
	case r.URL.Path == "/" && r.URL.RawQuery == "":
		w.Header().Set("Link", `<http://`+r.Host+`/wp-json/>; rel="https://api.w.org/"`)
	case s.own[r.Host] != nil:
		s.own[r.Host].ServeHTTP(w, r)
	default:
		s.fake.ServeHTTP(w, r)
	}
}

// isPublish says that a call is to make a post, or several.
func isPublish(r *http.Request) bool {
	return r.Method == http.MethodPost && (strings.HasSuffix(r.URL.Path, "/igny8/v1/publish") || strings.HasSuffix(r.URL.Path, "/igny8/v1/publish/batch"))
}

// enter notes a call, and says how long it takes: until a time, or until it is
// answered before.
func (s *sites) enter(r *http.Request) (delay time.Duration, answered <-chan struct{}, failing bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls[r.URL.Path]++
	if strings.HasSuffix(r.URL.Path, "/igny8/v1/site") {
		s.probes = append(s.probes, probe{r.Host, time.Now()})
	}
	delay = siteDelay
	if isPublish(r) {
		s.publishes.enter(r.Host, time.Now())
		if set, ok := s.delays[r.Host]; ok {
			delay = set
		}
		answered = s.hanging[r.Host]
	}
	s.inFlight[r.Host]++
	s.most[r.Host] = max(s.most[r.Host], s.inFlight[r.Host])
	return delay, answered, r.Host == s.failing
}

func (s *sites) leave(r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if isPublish(r) {
		s.publishes.leave(r.Host)
	}
	s.inFlight[r.Host]--
}

// fail makes one site answer 500; none if empty.
func (s *sites) fail(host string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failing = host
}

// mostInFlight is the most calls that a host had at a time.
func (s *sites) mostInFlight(host string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.most[host]
}

// total is how many calls there were, of all sorts.
func (s *sites) total() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, calls := range s.calls {
		n += calls
	}
	return n
}

// probesSince returns the probes from a moment on, in order.
func (s *sites) probesSince(start time.Time) []probe {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, p := range s.probes {
		if !p.at.Before(start) {
			return append([]probe(nil), s.probes[i:]...)
		}
	}
	return nil
}

// perHost counts probes by host.
func perHost(probes []probe) map[string]int {
	counts := map[string]int{}
	for _, p := range probes {
		counts[p.host]++
	}
	return counts
}

// worstWindow is the most probes within any span of that length.
func worstWindow(probes []probe, window time.Duration) int {
	worst, first := 0, 0
	for last := range probes {
		for probes[last].at.Sub(probes[first].at) >= window {
			first++
		}
		worst = max(worst, last-first+1)
	}
	return worst
}

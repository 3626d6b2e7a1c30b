// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"maps"
	"time"
)

// publishes are the calls that make posts, as the sites see them.
type publishes struct {
	arrivals []arrival
	inFlight map[string]int
	most     map[string]int
	// busy is how many are under way at all sites together, mostBusy the most.
	busy, mostBusy int
}

// arrival is the beginning of a call.
type arrival struct {
	host string
	at   time.Time
}

func newPublishes() publishes {
	return publishes{inFlight: map[string]int{}, most: map[string]int{}}
}

func (p *publishes) enter(host string, now time.Time) {
	p.arrivals = append(p.arrivals, arrival{host, now})
	p.inFlight[host]++
	p.most[host] = max(p.most[host], p.inFlight[host])
	p.busy++
	p.mostBusy = max(p.mostBusy, p.busy)
}

func (p *publishes) leave(host string) {
	p.inFlight[host]--
	p.busy--
}

// worstSecond is the most calls that began within any second.
func (p *publishes) worstSecond() int {
	worst, first := 0, 0
	for last := range p.arrivals {
		for p.arrivals[last].at.Sub(p.arrivals[first].at) >= time.Second {
			first++
		}
		worst = max(worst, last-first+1)
	}
	return worst
}

// takePublishes returns the publishes since it was last called, and begins anew
// but for those that are under way.
func (s *sites) takePublishes() publishes {
	s.mu.Lock()
	defer s.mu.Unlock()
	taken := s.publishes
	s.publishes = publishes{
		inFlight: maps.Clone(taken.inFlight), most: maps.Clone(taken.inFlight), busy: taken.busy, mostBusy: taken.busy,
	}
	return taken
}

// published counts the publishes since they were last taken, of one host or, if
// it is empty, of all.
func (s *sites) published(host string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.publishes.count(host)
}

func (p *publishes) count(host string) int {
	n := 0
	for _, a := range p.arrivals {
		if host == "" || a.host == host {
			n++
		}
	}
	return n
}

// delay sets how long a publish takes at a site.
func (s *sites) delay(host string, d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.delays[host] = d
}

// hangs is how long a site that hangs takes over a publish.
const hangs = 30 * time.Second

// hang has a site hang over every publish, until it is released.
func (s *sites) hang(host string) (release func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before, answered := s.delays[host], make(chan struct{})
	s.delays[host], s.hanging[host] = hangs, answered
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		close(answered)
		delete(s.hanging, host)
		s.delays[host] = before
	}
}

// underWay is how many publishes a host has now, and the most it had at a time
// since they were last taken.
func (s *sites) underWay(host string) (now, most int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.publishes.inFlight[host], s.publishes.most[host]
}

// delayAll sets how long a publish takes at any site.
func (s *sites) delayAll(d time.Duration) {
	for _, host := range s.hosts {
		s.delay(host, d)
	}
}

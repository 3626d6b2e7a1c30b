// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package sitegate

import "slices"

// ring gives turns to namespaces, and within each to its sites: neither a long
// queue nor a namespace with many sites gets more than its turn.
type ring struct {
	order []*group
}

// group is a namespace with sites for which something waits, in the order of
// their turns.
type group struct {
	namespace string
	sites     []string
}

// add puts a site at the end of its namespace's turns, and a new namespace at
// the end of all.
func (r *ring) add(namespace, site string) {
	for _, g := range r.order {
		if g.namespace == namespace {
			g.sites = append(g.sites, site)
			return
		}
	}
	r.order = append(r.order, &group{namespace: namespace, sites: []string{site}})
}

// take returns the first site that is open, whose turn is over with that: its
// namespace goes to the end. The site is not in the ring any more.
func (r *ring) take(open func(namespace, site string) bool) (string, bool) {
	for i, g := range r.order {
		at := slices.IndexFunc(g.sites, func(site string) bool { return open(g.namespace, site) })
		if at < 0 {
			continue
		}
		site := g.sites[at]
		g.sites = slices.Delete(g.sites, at, at+1)
		r.order = slices.Delete(r.order, i, i+1)
		if len(g.sites) > 0 {
			r.order = append(r.order, g)
		}
		return site, true
	}
	return "", false
}

// remove takes a site out.
func (r *ring) remove(site string) {
	for i, g := range r.order {
		at := slices.Index(g.sites, site)
		if at < 0 {
			continue
		}
		if g.sites = slices.Delete(g.sites, at, at+1); len(g.sites) == 0 {
			r.order = slices.Delete(r.order, i, i+1)
		}
		return
	}
}

// each calls f with every site of the ring.
func (r *ring) each(f func(site string)) {
	for _, g := range r.order {
		for _, site := range g.sites {
			f(site)
		}
	}
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package progress

import (
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/destination"
)

// ledger counts the requests of each batch as they come, change and go: ten
// thousand of them are not gone through for each that does.
type ledger struct {
	mu     sync.Mutex
	places map[types.NamespacedName]place
	groups map[group]map[string]*tally // by batch
}

// group are the requests of a namespace that name their integration in one way.
type group struct {
	namespace string
	way       destination.Way
}

// place is where a request is counted.
type place struct {
	group group
	batch string
	state state
}

// tally counts the requests of one batch.
type tally struct {
	counts [states]int32
	// oldest is when the first of them was created that was ever seen.
	oldest time.Time
}

func newLedger() *ledger {
	return &ledger{places: map[types.NamespacedName]place{}, groups: map[group]map[string]*tally{}}
}

// note counts a request where it is now, and returns the groups whose counts have
// changed.
func (l *ledger) note(request *v1alpha1.PublishRequest) []group {
	l.mu.Lock()
	defer l.mu.Unlock()
	name, now := client.ObjectKeyFromObject(request), place{batch: batchOf(request)}
	before, known := l.places[name]
	if now.batch != "" {
		now.group, now.state = group{request.Namespace, destination.WayOf(request)}, stateOf(request)
	}
	if known && before == now || !known && now.batch == "" {
		return nil
	}
	changed := l.leave(name)
	if now.batch != "" {
		l.places[name] = now
		t := l.tally(now)
		t.counts[now.state]++
		if created := request.CreationTimestamp.Time; t.oldest.IsZero() || created.Before(t.oldest) {
			t.oldest = created
		}
		changed = append(changed, now.group)
	}
	return changed
}

// forget takes out a request that is gone.
func (l *ledger) forget(name types.NamespacedName) []group {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.leave(name)
}

// leave takes a request out of where it is counted, if it is.
func (l *ledger) leave(name types.NamespacedName) []group {
	p, known := l.places[name]
	if !known {
		return nil
	}
	delete(l.places, name)
	t := l.tally(p)
	if t.counts[p.state]--; t.counts == [states]int32{} {
		delete(l.groups[p.group], p.batch)
	}
	if len(l.groups[p.group]) == 0 {
		delete(l.groups, p.group)
	}
	return []group{p.group}
}

func (l *ledger) tally(p place) *tally {
	batches, ok := l.groups[p.group]
	if !ok {
		batches = map[string]*tally{}
		l.groups[p.group] = batches
	}
	t, ok := batches[p.batch]
	if !ok {
		t = &tally{}
		batches[p.batch] = t
	}
	return t
}

// tallies returns those of an integration's batches, given the ways that lead to
// it.
func (l *ledger) tallies(namespace string, ways []destination.Way) map[string]tally {
	l.mu.Lock()
	defer l.mu.Unlock()
	sums := map[string]tally{}
	for _, way := range ways {
		for batch, t := range l.groups[group{namespace, way}] {
			sum := sums[batch]
			for s := range sum.counts {
				sum.counts[s] += t.counts[s]
			}
			if sum.oldest.IsZero() || t.oldest.Before(sum.oldest) {
				sum.oldest = t.oldest
			}
			sums[batch] = sum
		}
	}
	return sums
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	eventsv1 "k8s.io/api/events/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/apimachinery/pkg/watch"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// observer watches a namespace as its owner does: it notes when each request was
// published, and counts the Events that say so.
type observer struct {
	mu        sync.Mutex
	created   map[string]time.Time
	published map[string]time.Time
	// told are the Events.
	told sets.Set[types.UID]
	last time.Time
}

// observe watches until the end of the test.
func observe(t *testing.T, namespace string) *observer {
	t.Helper()
	watching, err := client.NewWithWatch(shared.Config(), client.Options{Scheme: shared.Client.Scheme()})
	if err != nil {
		t.Fatal(err)
	}
	o := &observer{}
	o.reset()
	ctx, cancel := context.WithCancel(context.Background())
	var following sync.WaitGroup
	t.Cleanup(func() {
		cancel()
		following.Wait()
	})
	for _, list := range []client.ObjectList{&v1alpha1.PublishRequestList{}, &eventsv1.EventList{}} {
		following.Go(func() { o.follow(ctx, t, watching, list, namespace) })
	}
	return o
}

// follow watches again when the API server ends the watch of one that is slow: it
// is told first of all there is.
func (o *observer) follow(ctx context.Context, t *testing.T, watching client.WithWatch, list client.ObjectList, namespace string) {
	for ctx.Err() == nil {
		w, err := watching.Watch(ctx, list, client.InNamespace(namespace))
		if err != nil {
			if ctx.Err() == nil {
				t.Error(err)
			}
			return
		}
		for e := range w.ResultChan() {
			o.note(e)
		}
		w.Stop()
	}
}

func (o *observer) note(e watch.Event) {
	o.mu.Lock()
	defer o.mu.Unlock()
	now := time.Now()
	switch object := e.Object.(type) {
	case *v1alpha1.PublishRequest:
		if e.Type == watch.Added && o.created[object.Name].IsZero() {
			o.created[object.Name] = now
		}
		if e.Type != watch.Deleted && o.published[object.Name].IsZero() && meta.IsStatusConditionTrue(object.Status.Conditions, v1alpha1.ConditionPublished) {
			o.published[object.Name], o.last = now, now
		}
	case *eventsv1.Event:
		if e.Type == watch.Added && object.Reason == v1alpha1.ReasonPublished && !o.told.Has(object.UID) {
			o.told.Insert(object.UID)
			o.last = now
		}
	}
}

// reset forgets what was seen.
func (o *observer) reset() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.created, o.published, o.told = map[string]time.Time{}, map[string]time.Time{}, sets.New[types.UID]()
}

// await waits until n requests are published, and their Events there.
func (o *observer) await(t *testing.T, n int) {
	t.Helper()
	defer func() {
		if t.Failed() {
			published, events := o.counts()
			t.Logf("%d published, by %d Events; want %d", published, events, n)
		}
	}()
	awaitSoon(t, fmt.Sprintf("%d requests published", n), func() bool {
		published, events := o.counts()
		return published >= n && events >= n
	})
}

func (o *observer) counts() (published, events int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.published), o.told.Len()
}

// latencies are how long requests took from their creation on, of those whose
// names begin so.
func (o *observer) latencies(prefix string) []time.Duration {
	o.mu.Lock()
	defer o.mu.Unlock()
	var took []time.Duration
	for name, at := range o.published {
		if strings.HasPrefix(name, prefix+"-") {
			took = append(took, at.Sub(o.created[name]))
		}
	}
	return took
}

// end is when the last thing was seen.
func (o *observer) end() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.last
}

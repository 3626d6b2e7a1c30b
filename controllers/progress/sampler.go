// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package progress

import (
	"context"
	"math"
	"sync"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/sitegate"
)

// sampler looks at the queues now and then. A queue is worth telling when it was
// there at two looks in a row, or when its site does not answer: a post that is
// made within seconds costs no writes about the queue it went through.
type sampler struct {
	mu sync.Mutex
	// last are the queues of the last look, and told those of them that stand.
	last map[string]bool
	told map[string]sitegate.Queue
}

func newSampler() *sampler { return &sampler{} }

// sample takes a look, and returns the UIDs of the integrations of which there is
// something new to tell.
func (s *sampler) sample(queues map[string]sitegate.Queue) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	last, told := map[string]bool{}, map[string]sitegate.Queue{}
	var changed []string
	for uid, q := range queues {
		last[uid] = true
		if s.last[uid] || q.Breaker != sitegate.BreakerClosed {
			told[uid] = q
		}
		if told[uid] != s.told[uid] {
			changed = append(changed, uid)
		}
	}
	for uid := range s.told {
		if !last[uid] {
			changed = append(changed, uid)
		}
	}
	s.last, s.told = last, told
	return changed
}

// standing is the queue of an integration's site, the zero value if there is none
// worth telling.
func (s *sampler) standing(uid types.UID) sitegate.Queue {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.told[string(uid)]
}

// queue is what the status says of one.
func queue(q sitegate.Queue) v1alpha1.QueueStatus {
	status := v1alpha1.QueueStatus{
		Waiting: count(q.Waiting), InFlight: count(q.InFlight), Breaker: v1alpha1.BreakerState(q.Breaker),
	}
	if !q.NextProbeTime.IsZero() {
		status.NextProbeTime = metav1.NewTime(q.NextProbeTime).Rfc3339Copy() // the API keeps no more
	}
	return status
}

func count(n int) int32 { return int32(min(n, math.MaxInt32)) }

// watchQueues wakes the integrations whose queues are to be told of, until the
// context ends.
func (r *Reconciler) watchQueues(ctx context.Context) error {
	ticker := r.Clock.NewTicker(reportInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C():
		}
		r.lookAtQueues(ctx)
	}
}

func (r *Reconciler) lookAtQueues(ctx context.Context) {
	for _, uid := range r.sampler.sample(r.Queues()) {
		if name, ok := r.name(ctx, uid); ok {
			r.wake.Wake(ctx, name)
		}
	}
}

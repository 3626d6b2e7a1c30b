// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package autopublish

import (
	"context"
	"fmt"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/phase"
)

// release starts a run if one is due and would release anything. All there is to
// a run goes into one status write: whom it releases, and whom earlier runs have
// released that are still on their way.
func (r *Reconciler) release(_ context.Context, s *scope) (phase.Result, error) {
	if s.blocked != nil {
		return phase.Proceed, nil
	}
	outstanding := s.outstanding()
	size := runSize(s.spec(), len(s.waiting), len(outstanding))
	start := newPlan(s.spec(), s.status(), s.windows).next(s.now)
	if size == 0 || start.After(s.now) {
		return phase.Proceed, nil
	}
	released := make([]string, size)
	for i := range released {
		released[i] = s.waiting[i].uid
	}
	s.waiting = s.waiting[size:]
	s.status().Outstanding = outstanding
	s.status().CurrentRun = v1alpha1.AutoPublishRun{StartTime: metav1.NewTime(start.Truncate(time.Second)), Released: released}
	s.releasedNow = size
	s.announceRun()
	return phase.Proceed, nil
}

// outstanding returns who is released and still on the way. The others have their
// post, are gone, or would need another release.
func (s *scope) outstanding() []string {
	return slices.DeleteFunc(s.status().AllReleased(), func(uid string) bool { return !s.alive.Has(uid) })
}

func (s *scope) announceRun() {
	note := fmt.Sprintf("released %d requests, %d wait", s.releasedNow, len(s.waiting))
	s.event = &occurrence{corev1.EventTypeNormal, v1alpha1.ReasonReleased, note}
	s.syncEvent = &v1alpha1.SyncEvent{
		EventType: v1alpha1.SyncEventTypePublish, Action: actionAutoPublish, Description: note,
		Success: true, CreatedTime: metav1.NewTime(s.now),
	}
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package autopublish

import (
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/sets"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/health"
	"github.com/igny8/wordpress-operator/internal/phase"
	"github.com/igny8/wordpress-operator/internal/schedule"
)

const actionAutoPublish = "AutoPublish"

// scope is one reconcile of one integration.
type scope struct {
	// integration is a copy whose status the phases change.
	integration *v1alpha1.WordPressIntegration
	now         time.Time

	// blocked is set by checkDestination or loadWindows when there are no runs.
	blocked *problem
	// windows is set by loadWindows unless that blocks.
	windows schedule.Windows
	// alive and waiting are set by collect: the requests without a post that are
	// on their way, and those of them that nobody has released.
	alive   sets.Set[string]
	waiting []waiter

	// releasedNow is set by release: how many requests a run that starts now releases.
	releasedNow int
	// event and syncEvent are set when something happened.
	event     *occurrence
	syncEvent *v1alpha1.SyncEvent
	// again is when to look at the integration again at the latest, 0 for never.
	again time.Duration
}

// problem is what keeps runs from starting: the reason and message of a condition.
type problem struct {
	reason, message string
}

// occurrence becomes an Event once the status that goes with it is written.
type occurrence struct {
	eventType, reason, note string
}

func newScope(integration *v1alpha1.WordPressIntegration, now time.Time) *scope {
	return &scope{integration: integration, now: now}
}

func (s *scope) name() types.NamespacedName {
	return types.NamespacedName{Namespace: s.integration.Namespace, Name: s.integration.Name}
}

func (s *scope) spec() *v1alpha1.AutoPublish { return &s.integration.Spec.Publishing.AutoPublish }

func (s *scope) status() *v1alpha1.AutoPublishStatus { return &s.integration.Status.AutoPublish }

func (s *scope) health() health.Status {
	return health.Status{
		Conditions:         &s.integration.Status.Conditions,
		ObservedGeneration: &s.integration.Status.ObservedGeneration,
		Generation:         s.integration.Generation,
		Now:                metav1.NewTime(s.now),
	}
}

// lookAgain has the integration reconciled after a time, unless something asks
// for it sooner, and at the most after [phase.LongestWait].
func (s *scope) lookAgain(after time.Duration) {
	if s.again == 0 || after < s.again {
		s.again = min(after, phase.LongestWait)
	}
}

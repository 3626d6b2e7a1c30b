// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// mayHold says that the request can be held back: what is published is.
func (s *scope) mayHold() bool { return mayHold(s.request) }

func mayHold(request *v1alpha1.PublishRequest) bool { return request.Status.Post.ID == 0 }

// hold keeps the request from its site until a person, a time or its integration
// lets it go. Nothing is wrong with it: it is Ready, not Published. A call that
// waits for its turn is withdrawn, and so is a retry that was planned: the hold's
// end is when the request is due.
func (r *Reconciler) hold(s *scope, reason, message string) {
	r.calls.Forget(s.name())
	s.request.Status.Attempts.NextTime = metav1.Time{}
	s.health().Succeed(reason, message)
	s.health().Set(v1alpha1.ConditionPublished, metav1.ConditionFalse, reason, message)
}

// onHold says that the status tells of a hold.
func (s *scope) onHold() bool { return isHold(s.condition(v1alpha1.ConditionReady)) }

// endHold drops what Published says of a hold as soon as Ready tells of something
// else. Until a call has an outcome both stay: there is no write before it.
func (s *scope) endHold() {
	if isHold(s.condition(v1alpha1.ConditionPublished)) && !s.onHold() {
		s.health().Remove(v1alpha1.ConditionPublished)
	}
}

func isHold(c *metav1.Condition) bool {
	if c == nil {
		return false
	}
	switch c.Reason {
	case v1alpha1.ReasonAwaitingApproval, v1alpha1.ReasonScheduled, v1alpha1.ReasonAwaitingRelease:
		return true
	}
	return false
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package health writes the conditions Ready, Reconciling and Stalled and the
// observed generation, so that kstatus (and with it kubectl, Flux, Helm and
// Argo CD) reads every situation the same way for every kind. Each function is
// one row of the table in docs/design/health.md.
package health

import (
	"slices"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// The condition types that kstatus reads.
const (
	Ready       = v1alpha1.ConditionReady
	Reconciling = v1alpha1.ConditionReconciling
	Stalled     = v1alpha1.ConditionStalled
)

// MaxMessageLength bounds condition messages, in bytes: the whole status is
// rewritten with each change.
const MaxMessageLength = 1024

// Status is the health of one object: pointers into its status.
type Status struct {
	Conditions         *[]metav1.Condition
	ObservedGeneration *int64
	// Generation is the object's metadata.generation.
	Generation int64
	// Now stamps conditions that change their status.
	Now metav1.Time
}

// Succeed records that what the spec asks for is the case, or that nothing is
// left to do for now (scheduled, awaiting approval): Current for kstatus.
func (s Status) Succeed(reason, message string) {
	s.Set(Ready, metav1.ConditionTrue, reason, message)
	s.Remove(Reconciling)
	s.Remove(Stalled)
	*s.ObservedGeneration = s.Generation
}

// Wait records that something failed and will be tried again, or is missing and
// waited for: InProgress for kstatus. The observed generation stays, so that a
// first apply does not fail.
func (s Status) Wait(reason, message string) {
	s.Set(Ready, metav1.ConditionFalse, reason, message)
	s.Set(Reconciling, metav1.ConditionTrue, v1alpha1.ReasonProgressingWithRetry, message)
	s.Remove(Stalled)
}

// Stall records that nothing will change until somebody acts: Failed for
// kstatus, which looks at the generation before it looks at Stalled.
func (s Status) Stall(reason, message string) {
	s.Set(Ready, metav1.ConditionFalse, reason, message)
	s.Remove(Reconciling)
	s.Set(Stalled, metav1.ConditionTrue, reason, message)
	*s.ObservedGeneration = s.Generation
}

// Suspend records that the object is left alone: what was known stays.
func (s Status) Suspend() {
	s.Remove(Reconciling)
}

// Set sets a condition of the current generation. The transition time changes
// only with the status.
func (s Status) Set(conditionType string, status metav1.ConditionStatus, reason, message string) {
	meta.SetStatusCondition(s.Conditions, metav1.Condition{
		Type: conditionType, Status: status, Reason: reason, Message: Truncate(message),
		ObservedGeneration: s.Generation, LastTransitionTime: s.transition(conditionType, status),
	})
}

// Remove removes a condition.
func (s Status) Remove(conditionType string) {
	*s.Conditions = slices.DeleteFunc(*s.Conditions, func(c metav1.Condition) bool { return c.Type == conditionType })
}

// transition keeps the time of an unchanged status: meta.SetStatusCondition
// takes the given one only when the status changes.
func (s Status) transition(conditionType string, status metav1.ConditionStatus) metav1.Time {
	if c := meta.FindStatusCondition(*s.Conditions, conditionType); c != nil && c.Status == status {
		return c.LastTransitionTime
	}
	return s.Now
}

// Truncate cuts a message to MaxMessageLength at a rune boundary. It is the bound
// of the API server for the note of an Event as well.
func Truncate(message string) string {
	const ellipsis = "..."
	if len(message) <= MaxMessageLength {
		return message
	}
	cut := MaxMessageLength - len(ellipsis)
	for cut > 0 && message[cut]&0xC0 == 0x80 {
		cut--
	}
	return message[:cut] + ellipsis
}

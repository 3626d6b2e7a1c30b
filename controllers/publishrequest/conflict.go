// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/jitter"
	"github.com/igny8/wordpress-operator/internal/phase"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// resolution is what is to become of a change made at the site.
type resolution int

const (
	// overwrite: the source wins.
	overwrite resolution = iota
	// accept: a person takes the site's version for that of the request.
	accept
	// keep: the site's version stays until the source changes.
	keep
	// ask: a person has to decide.
	ask
)

// resolve decides about the conflict of a request: a person's answer goes first,
// then the policy.
func resolve(request *v1alpha1.PublishRequest, integration *v1alpha1.WordPressIntegration) resolution {
	switch answer(request) {
	case "source":
		return overwrite
	case "site":
		return accept
	}
	switch conflictPolicy(request, integration) {
	case v1alpha1.ConflictPolicyPreferSite:
		return keep
	case v1alpha1.ConflictPolicyPreferSource:
		if isLost(request, integration) {
			return ask
		}
		return overwrite
	default:
		return ask
	}
}

// isLost says that the post was changed again each time before it could be
// overwritten: something at the site changes it all the time.
func isLost(request *v1alpha1.PublishRequest, integration *v1alpha1.WordPressIntegration) bool {
	a := &request.Status.Attempts
	return integration != nil && a.LastReason == v1alpha1.ReasonConflict && a.Count >= retryOf(integration).maxAttempts
}

// answer is what the annotation says that was not acted upon yet: source or
// site. What follows a colon makes another value of the same answer.
func answer(request *v1alpha1.PublishRequest) string {
	value := v1alpha1.Requested(request, v1alpha1.AnnotationResolveConflict)
	if value == v1alpha1.LookUp(request.Status.LastHandled, v1alpha1.AnnotationResolveConflict) {
		return ""
	}
	side, _, _ := strings.Cut(value, ":")
	return side
}

func conflictPolicy(request *v1alpha1.PublishRequest, integration *v1alpha1.WordPressIntegration) v1alpha1.ConflictPolicy {
	var ofSite v1alpha1.ConflictPolicy
	if integration != nil {
		ofSite = integration.Spec.Publishing.ConflictPolicy
	}
	return cmp.Or(request.Spec.ConflictPolicy, ofSite, v1alpha1.ConflictPolicyPreferSource)
}

// noteAnswer echoes the annotation once it was acted upon: it says nothing about
// the next conflict. The echo of one that was removed goes.
func (s *scope) noteAnswer(actedUpon bool) {
	status := &s.request.Status
	value := v1alpha1.Requested(s.request, v1alpha1.AnnotationResolveConflict)
	switch {
	case value == "":
		status.LastHandled = slices.DeleteFunc(status.LastHandled, func(v v1alpha1.NamedValue) bool { return v.Name == v1alpha1.AnnotationResolveConflict })
	case actedUpon && answer(s.request) != "":
		status.LastHandled = v1alpha1.Put(status.LastHandled, v1alpha1.AnnotationResolveConflict, value)
	}
}

// hasConflict says that the last outcome was a conflict, and that it is about
// what is wanted now.
func (s *scope) hasConflict() bool {
	a := &s.request.Status.Attempts
	return s.request.Status.Conflict.ContentHash != "" && a.LastReason == v1alpha1.ReasonConflict &&
		a.Generation == s.request.Generation && verdictIsCurrent(s)
}

// overwrites says that a conflict is to be ended by the next call.
func (s *scope) overwrites() bool {
	return s.hasConflict() && resolve(s.request, s.integration) == overwrite
}

// checkConflict looks at the policies and the annotation again: either may have
// changed since the conflict was found.
func (r *Reconciler) checkConflict(_ context.Context, s *scope) (phase.Result, error) {
	if s.recorded || !s.hasConflict() {
		return phase.Proceed, nil
	}
	switch resolve(s.request, s.integration) {
	case overwrite:
		return phase.Proceed, nil
	case accept:
		s.acceptSite()
	default:
		s.settleConflict()
	}
	r.calls.Forget(s.name())
	return phase.Done(), nil
}

// recordConflict notes a change made at the site before anything is done about
// it.
func (s *scope) recordConflict(call callResult, post *wordpress.PostRepresentation, random jitter.Random) {
	status := &s.request.Status
	repeated := status.Conflict.ContentHash != "" && resolve(s.request, s.integration) == overwrite
	s.noteAnswer(repeated) // it was about the change before this one
	status.Conflict = conflictOf(post)
	status.Post.SiteUUID = cmp.Or(status.Post.SiteUUID, call.siteUUID)
	s.observePost(post)
	change := s.change()
	s.health().Set(v1alpha1.ConditionConflict, metav1.ConditionTrue, v1alpha1.ReasonConflict, change)
	s.event = &occurrence{corev1.EventTypeWarning, v1alpha1.ReasonConflict, change}
	s.record(call, syncEvent{description: s.description(call), errorMessage: change, postID: status.Post.ID})
	s.noteFollowUp(call, v1alpha1.ReasonConflict, random)
	s.settleConflict()
}

// settleConflict says what becomes of the change.
func (s *scope) settleConflict() {
	policy, attempts := conflictPolicy(s.request, s.integration), &s.request.Status.Attempts
	message, decision := s.change(), resolve(s.request, s.integration)
	s.again = s.again && (decision == overwrite || decision == accept)
	switch decision {
	case keep:
		message += fmt.Sprintf("; it stays until the source changes, as conflictPolicy %s says", policy)
		attempts.NextTime = metav1.Time{}
		s.health().Succeed(v1alpha1.ReasonPublished, message)
	case ask:
		message += fmt.Sprintf("; decide with annotation %s: source overwrites the change, site keeps it", v1alpha1.AnnotationResolveConflict)
		attempts.NextTime = metav1.Time{}
		s.health().Stall(v1alpha1.ReasonConflict, message)
	default:
		s.health().Wait(v1alpha1.ReasonConflict, message+"; this is noted, and now acted upon")
	}
	s.health().Set(v1alpha1.ConditionSynced, metav1.ConditionFalse, v1alpha1.ReasonConflict, message)
}

// acceptSite makes the site's version the one the next update starts from.
func (s *scope) acceptSite() {
	status := &s.request.Status
	call := callResult{startTime: s.now, endTime: s.now, update: true}
	note := fmt.Sprintf("kept the site's version of post %d, changed by %s", status.Post.ID, by(status.Conflict))
	status.Post.ContentHash = status.Conflict.ContentHash
	status.Post.SourceDigest = status.Attempts.SourceDigest
	s.noteAnswer(true)
	s.noteApproval()
	s.endConflict()
	status.Attempts.LastReason, status.Attempts.NextTime = "", metav1.Time{}
	s.health().Set(v1alpha1.ConditionSynced, metav1.ConditionTrue, v1alpha1.ReasonSucceeded,
		fmt.Sprintf("the version of the site was accepted (annotation %s)", v1alpha1.AnnotationResolveConflict))
	s.health().Succeed(v1alpha1.ReasonPublished, s.whereabouts())
	s.event = &occurrence{corev1.EventTypeNormal, v1alpha1.ReasonPublished, note}
	s.record(call, syncEvent{success: true, description: note, postID: status.Post.ID})
}

func (s *scope) endConflict() {
	s.request.Status.Conflict = v1alpha1.PostConflict{}
	s.health().Remove(v1alpha1.ConditionConflict)
}

// maxModifiedByRunes is the bound of status.conflict.modifiedBy.
const maxModifiedByRunes = 256

func conflictOf(post *wordpress.PostRepresentation) v1alpha1.PostConflict {
	conflict := v1alpha1.PostConflict{ContentHash: post.ContentHash, ModifiedTime: metav1.NewTime(post.ModifiedGMT)}
	if person := post.ModifiedBy; person != nil {
		name := []rune(fmt.Sprintf("%s (%s)", cmp.Or(person.Name, person.Login), person.Login))
		conflict.ModifiedBy = string(name[:min(len(name), maxModifiedByRunes)])
	}
	return conflict
}

// change says who changed the post and when.
func (s *scope) change() string {
	conflict := s.request.Status.Conflict
	return fmt.Sprintf("post %d was changed at the site by %s at %s", s.request.Status.Post.ID, by(conflict), conflict.ModifiedTime.UTC().Format(time.RFC3339))
}

func by(conflict v1alpha1.PostConflict) string { return cmp.Or(conflict.ModifiedBy, "somebody") }

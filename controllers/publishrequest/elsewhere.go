// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/phase"
)

// isElsewhere says that the post is at another site than the integration's, which
// was made anew under its name, or which a person has confirmed. Ids mean nothing
// from one site to the other: what is asked about the post there is answered
// about a stranger's, and that it is gone says nothing.
func isElsewhere(request *v1alpha1.PublishRequest, integration *v1alpha1.WordPressIntegration) bool {
	known := request.Status.Post.SiteUUID
	return known != "" && integration != nil && integration.Status.Site.UUID != "" && integration.Status.Site.UUID != known
}

// hasPostElsewhere says that the post is there, as far as is known. One that was
// gone is nowhere, and may have been made anew at the integration's site.
func (s *scope) hasPostElsewhere() bool {
	return isElsewhere(s.request, s.integration) && !isMissing(s.request)
}

// siteOf names the site the post is at.
func siteOf(request *v1alpha1.PublishRequest) string {
	return fmt.Sprintf("the site with the UUID %q", request.Status.Post.SiteUUID)
}

func siteChangedMessage(request *v1alpha1.PublishRequest, integration *v1alpha1.WordPressIntegration) string {
	return fmt.Sprintf("post %d is at %s, and WordPressIntegration %q belongs to the one with %q now; have it lead to the former, and the post is removed",
		request.Status.Post.ID, siteOf(request), integration.Name, integration.Status.Site.UUID)
}

// approvedElsewhereMessage asks for an approval of the post at this site: the one
// there is was used for another.
func approvedElsewhereMessage(request *v1alpha1.PublishRequest, integration *v1alpha1.WordPressIntegration) string {
	const enough = 8
	uuid := integration.Status.Site.UUID
	return fmt.Sprintf("the approval was for another site: set annotation %s to \"%d:%s\" to approve the post for this one",
		v1alpha1.AnnotationApprovedGeneration, request.Generation, uuid[:min(enough, len(uuid))])
}

// checkSite lets a request start over at a site that it has no post at. That is
// noted before the new post is made: the status has room for one.
func (r *Reconciler) checkSite(_ context.Context, s *scope) (phase.Result, error) {
	if !isElsewhere(s.request, s.integration) {
		return phase.Proceed, nil
	}
	r.calls.Forget(s.name())
	s.leaveBehind()
	return phase.DoneFor(soon), nil
}

// leaveBehind forgets a post that stays where it is, and says where.
func (s *scope) leaveBehind() {
	status := &s.request.Status
	message := fmt.Sprintf("WordPressIntegration %q belongs to another site now, where the post is made anew", s.integration.Name)
	if s.hasPostElsewhere() {
		note := fmt.Sprintf("%s stays at %s: %s", s.subject(), siteOf(s.request), message)
		s.event = &occurrence{corev1.EventTypeWarning, v1alpha1.ReasonPostOrphaned, note}
		call := callResult{startTime: s.now, endTime: s.now}
		s.record(call, syncEvent{description: s.description(call), errorMessage: note, postID: status.Post.ID})
	}
	s.endConflict()
	status.Post, status.Media, status.ContentStatus = v1alpha1.PostInfo{}, nil, ""
	status.Attempts = v1alpha1.PublishAttempts{HandledRetry: status.Attempts.HandledRetry}
	for _, ofPost := range []string{v1alpha1.ConditionPublished, v1alpha1.ConditionSynced, v1alpha1.ConditionMediaReady} {
		s.health().Remove(ofPost)
	}
	s.health().Wait(v1alpha1.ReasonSiteChanged, message)
}

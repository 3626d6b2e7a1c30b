// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"context"
	"fmt"
	"time"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/phase"
	"github.com/igny8/wordpress-operator/internal/sitegate"
)

// retryPlanned says that an attempt failed and the next one has its time.
func (s *scope) retryPlanned() bool {
	return verdictIsCurrent(s) && !s.request.Status.Attempts.NextTime.IsZero()
}

// awaitsAttempt says that the time of the next attempt is to come. A site that is
// back brings it forward.
func (s *scope) awaitsAttempt() bool {
	return s.retryPlanned() && s.request.Status.Attempts.NextTime.After(s.now) && !connectedSince(s)
}

// checkDue waits for the time of the next attempt.
func (r *Reconciler) checkDue(_ context.Context, s *scope) (phase.Result, error) {
	if s.awaitsAttempt() {
		return phase.DoneFor(s.until(s.request.Status.Attempts.NextTime.Time)), nil
	}
	return phase.Proceed, nil
}

// publish leaves a ticket with the site's dispatcher. The status is not touched
// before the outcome: a crash leaves nothing to clean up.
func (r *Reconciler) publish(_ context.Context, s *scope) (phase.Result, error) {
	j := job{request: s.name(), uid: s.request.UID, generation: s.request.Generation, integration: s.integration, basis: basis(s.request)}
	s.asked = true
	r.calls.Leave(sitegate.Ticket[callResult]{
		Site: string(s.integration.UID), Address: s.integration.Spec.SiteURL, Object: s.name(), Revision: s.revision(),
		Due: s.dueTime(), MaxConcurrent: int(s.integration.Spec.Publishing.MaxConcurrent), Spacing: spacing(s.integration),
		Do:       func(ctx context.Context) callResult { return r.call(ctx, j) },
		MaxBatch: s.maxBatch(), BatchTime: batchTime(s.integration), Item: j,
	})
	return phase.Done(), nil
}

// dueTime is when the request could first have been published: who has waited
// longest goes first.
func (s *scope) dueTime() time.Time {
	if next := s.request.Status.Attempts.NextTime; s.retryPlanned() {
		return next.Time
	}
	if !s.siteSchedules() && s.request.Spec.PublishTime.After(s.request.CreationTimestamp.Time) {
		return s.request.Spec.PublishTime.Time
	}
	return s.request.CreationTimestamp.Time
}

// revision names everything a call for the request depends on.
func revision(request *v1alpha1.PublishRequest, integration *v1alpha1.WordPressIntegration, sourceVersion string) string {
	var integrationUID string
	if integration != nil {
		integrationUID = fmt.Sprint(integration.UID, ".", integration.Generation)
	}
	return fmt.Sprint(request.UID, "/", request.Generation, "/", sourceVersion, "/", integrationUID, "/", basis(request))
}

// basis names what a call depends on of the status and of the annotations. Each
// outcome that is recorded changes it: so no outcome is recorded twice, not even
// if the answer to the status write was lost.
func basis(request *v1alpha1.PublishRequest) string {
	post, attempts := &request.Status.Post, &request.Status.Attempts
	return fmt.Sprint(post.ID, "/", post.ContentHash, "/", post.SourceDigest, "/", isMissing(request), "/", request.Status.Conflict.ContentHash, "/",
		attempts.LastTime.Unix(), "/", attempts.Count, "/", attempts.LastReason, "/",
		request.Annotations[v1alpha1.AnnotationRetryRequestedAt], "/", request.Annotations[v1alpha1.AnnotationResolveConflict])
}

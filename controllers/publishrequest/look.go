// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/outcome"
	"github.com/igny8/wordpress-operator/internal/phase"
	"github.com/igny8/wordpress-operator/internal/siteaccess"
	"github.com/igny8/wordpress-operator/internal/sitegate"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// maxLookDelay bounds the time until a look that failed is tried again.
const maxLookDelay = time.Hour

// lookWhenDue has the site asked whether it has published a post that was left to
// it, or sees to it that the request is reconciled when it is time for that. Where
// a call was left that writes the post, its answer tells.
func (r *Reconciler) lookWhenDue(s *scope, result phase.Result) phase.Result {
	due, ok := nextLook(s.request)
	if !ok || s.asked || s.awaitsAttempt() || !s.mayLook() {
		return result
	}
	if !due.After(s.now) && !s.recorded && s.lookAgain == 0 {
		r.look(s, due)
		return result
	}
	wait := cmp.Or(s.lookAgain, s.until(due))
	return phase.DoneFor(min(cmp.Or(result.After, phase.LongestWait), wait))
}

// mayLook says that the site of the post may be called for it.
func (s *scope) mayLook() bool {
	return !s.request.Spec.Suspend && s.request.DeletionTimestamp.IsZero() && s.isSiteWell() && !isElsewhere(s.request, s.integration)
}

// look leaves a ticket with the site's dispatcher.
func (r *Reconciler) look(s *scope, due time.Time) {
	j := job{request: s.name(), uid: s.request.UID, generation: s.request.Generation, integration: s.integration, basis: basis(s.request)}
	r.calls.Leave(sitegate.Ticket[callResult]{
		Site: string(s.integration.UID), Address: s.integration.Spec.SiteURL, Object: s.name(), Revision: s.lookRevision(), Due: due,
		MaxConcurrent: int(s.integration.Spec.Publishing.MaxConcurrent), Spacing: spacing(s.integration),
		Do: func(ctx context.Context) callResult { return r.callLook(ctx, j, due) },
	})
}

// lookRevision names everything a look depends on.
func (s *scope) lookRevision() string {
	due, _ := nextLook(s.request)
	return fmt.Sprint("look/", due.Unix(), "/", s.revision())
}

// callLook asks the site for the post. It runs outside the controller's workers.
func (r *Reconciler) callLook(ctx context.Context, j job, due time.Time) callResult {
	result := callResult{startTime: r.Clock.Now(), update: true}
	result.post, result.err = r.lookAtSite(ctx, j, due, &result)
	result.endTime = r.Clock.Now()
	return result
}

// lookAtSite reads the post of the key: ids move when a database is restored.
func (r *Reconciler) lookAtSite(ctx context.Context, j job, due time.Time, result *callResult) (*wordpress.PostRepresentation, error) {
	request := &v1alpha1.PublishRequest{}
	if err := r.Live.Get(ctx, j.request, request); err != nil {
		if apierrors.IsNotFound(err) {
			return nil, errStale
		}
		return nil, fmt.Errorf("get request: %w", err)
	}
	if err := checkCurrent(request, j); err != nil {
		return nil, err
	}
	if now, ok := nextLook(request); !ok || !now.Equal(due) {
		return nil, errBehind
	}
	result.sourceVersion, result.sourceDigest = request.Status.Source.ResourceVersion, request.Status.Post.SourceDigest
	site, err := r.open(ctx, &work{request: request, integration: j.integration, result: result})
	if err != nil {
		return nil, err
	}
	post, err := r.observed("look", func() (*wordpress.PostRepresentation, error) { return site.FindPost(ctx, contentKey(request)) })
	if err == nil && post.ID != request.Status.Post.ID {
		return nil, &wordpress.Error{Kind: wordpress.KindMismatch, Op: wordpress.OpFindPost, Post: post}
	}
	return post, err
}

// recordLook takes what a look came to into the status. It says nothing about
// what is wanted: the phases after it go on. A look is not kept for a status write
// that fails, but made again.
func (r *Reconciler) recordLook(ctx context.Context, s *scope) (phase.Result, error) {
	call, ok := r.calls.Outcome(s.name(), s.lookRevision())
	if s.recorded || !ok {
		return phase.Proceed, nil
	}
	r.calls.Forget(s.name())
	var (
		access   *siteaccess.Error
		unusable *contentError
		refused  *wordpress.Error
	)
	switch {
	case call.err == nil:
		s.recordSeen(call)
	case errors.Is(call.err, errHeld):
	case errors.Is(call.err, errStale), errors.Is(call.err, errBehind), outcome.Of(call.err).Action == outcome.Drop:
		s.lookAgain = time.Second // the cache is late
	case errors.As(call.err, &access):
		s.lookAgain = sitePause
		r.Retest(ctx, s.integrationName())
	case errors.As(call.err, &unusable):
		s.recordUnseen(unusable.problem)
	case errors.As(call.err, &refused):
		return phase.Proceed, r.recordLookRefusal(ctx, s, call, refused)
	default:
		return phase.Done(), fmt.Errorf("look at post: %w", call.err)
	}
	return phase.Proceed, nil
}

// recordLookRefusal takes a failed look by the table of internal/outcome. A site
// that may answer another time is asked again, without a write: the longer it has
// failed, the later.
func (r *Reconciler) recordLookRefusal(ctx context.Context, s *scope, call callResult, refused *wordpress.Error) error {
	row := outcome.Of(refused)
	if row.Transport {
		r.Retest(ctx, s.integrationName())
	}
	switch row.Action {
	case outcome.Decide, outcome.Adopt:
		s.recorded = true
		err := r.recordChanged(ctx, s, call, row, refused)
		s.checkSynced()
		return err
	case outcome.Stall:
		s.recordUnseen(problem{row.Reason, refused.Error()})
	default:
		due, _ := nextLook(s.request)
		since := due
		if s.workingSince.After(due) {
			since = s.workingSince
		}
		s.lookAgain = max(min(s.now.Sub(since), maxLookDelay), sitePause, refused.RetryAfter)
	}
	return nil
}

// recordSeen notes the post as it is at the site. What a person has changed in it is
// found when it is next written.
func (s *scope) recordSeen(call callResult) {
	call.update = false // it was the site that did something
	before, missed := s.whereabouts(), hasMissedSchedule(s.request)
	s.request.Status.LastSyncTime = metav1.NewTime(call.endTime)
	s.request.Status.Post.SiteUUID = cmp.Or(s.request.Status.Post.SiteUUID, call.siteUUID)
	s.observePost(call.post)
	if ready := s.condition(v1alpha1.ConditionReady); ready != nil { // it stays what it is, of whatever generation that is
		ready.Message = strings.Replace(ready.Message, before, s.whereabouts(), 1)
	}
	post := &s.request.Status.Post
	switch {
	case s.request.Status.ContentStatus == v1alpha1.ContentStatusPublished:
		s.event = &occurrence{corev1.EventTypeNormal, v1alpha1.ReasonPublished, fmt.Sprintf("the site has published post %d: %s", post.ID, post.URL)}
		s.record(call, syncEvent{success: true, description: fmt.Sprintf("the site has published %q", s.title(call)), postID: post.ID})
	case !missed && hasMissedSchedule(s.request):
		s.event = &occurrence{corev1.EventTypeWarning, v1alpha1.ReasonScheduleMissed, s.missed()}
		s.record(call, syncEvent{description: s.description(call), errorMessage: s.missed(), postID: post.ID})
	}
}

// recordUnseen says that the site does not show the post. It is not asked again
// before the post is next written.
func (s *scope) recordUnseen(p problem) {
	message := fmt.Sprintf("the time of post %d has come, and whether the site has published it cannot be seen: %s", s.request.Status.Post.ID, p.message)
	s.health().Set(v1alpha1.ConditionPublished, metav1.ConditionUnknown, p.reason, message)
	s.event = &occurrence{corev1.EventTypeWarning, p.reason, message}
}

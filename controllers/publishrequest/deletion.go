// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"

	corev1 "k8s.io/api/core/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/phase"
	"github.com/igny8/wordpress-operator/internal/sitegate"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// defaultDeletionTimeoutSeconds is the schema's default, for objects that predate it.
const defaultDeletionTimeoutSeconds = 3600

// reconcileDeletion takes the post away before its request goes. It holds the
// request no longer than deletionTimeoutSeconds, whatever is in the way.
func (r *Reconciler) reconcileDeletion(ctx context.Context, s *scope) (phase.Result, error) {
	switch {
	case s.request.DeletionTimestamp.IsZero():
		return phase.Proceed, nil
	case !s.guarded: // the post stays, or is not there any more
		r.calls.Forget(s.name())
		return phase.Done(), nil
	}
	result, err := phase.Run(ctx, s,
		r.resolveIntegration,
		r.checkRetained,
		r.recordRemoval,
		r.checkObstacle,
		r.checkRemovalDue,
		r.remove,
	)
	if s.guarded {
		result.After = min(cmp.Or(result.After, phase.LongestWait), s.until(s.deadline()))
	}
	return result, err
}

// deadline is when the request goes without its post. If nobody was there to
// remove it for as long, whoever comes takes a minute to try.
func (s *scope) deadline() time.Time {
	timeout := time.Duration(cmp.Or(s.request.Spec.DeletionTimeoutSeconds, defaultDeletionTimeoutSeconds)) * time.Second
	deadline, grace := s.request.DeletionTimestamp.Add(timeout), s.workingSince.Add(min(timeout, sitePause))
	if grace.After(deadline) {
		return grace
	}
	return deadline
}

// checkRetained lets a request go whose post is to stay: also the way out for a
// person who does not want to wait.
func (r *Reconciler) checkRetained(ctx context.Context, s *scope) (phase.Result, error) {
	if deletionPolicy(s.request, s.integration) != v1alpha1.DeletionPolicyRetain {
		return phase.Proceed, nil
	}
	return phase.Done(), r.letGo(ctx, s)
}

// letGo takes the finalizer off: the API server removes the request.
func (r *Reconciler) letGo(ctx context.Context, s *scope) error {
	if err := r.patchFinalizers(ctx, s, controllerutil.RemoveFinalizer); client.IgnoreNotFound(err) != nil {
		return err
	}
	s.guarded = false
	r.calls.Forget(s.name())
	return nil
}

// checkObstacle waits for what keeps the site from being called, as long as the
// request may wait.
func (r *Reconciler) checkObstacle(ctx context.Context, s *scope) (phase.Result, error) {
	obstacle, pending := s.obstacle()
	late := !s.deadline().After(s.now)
	switch {
	case r.removes(s) && (late || pending || obstacle != nil):
		return phase.Done(), nil // its outcome decides, and comes within the time-out of a call
	case late:
		return phase.Done(), r.orphan(ctx, s, s.whyLate(obstacle))
	case obstacle == nil && !pending:
		return phase.Proceed, nil
	}
	r.calls.Forget(s.name())
	if pending {
		return phase.Done(), nil
	}
	return r.awaitSite(ctx, s, obstacle)
}

// obstacle is what keeps the site from being called; pending says that the
// integration was not tested yet as it is.
func (s *scope) obstacle() (p *problem, pending bool) {
	if s.request.Spec.Suspend {
		return &problem{v1alpha1.ReasonSuspended, "the request is suspended"}, false
	}
	p, pending = s.notReadyBy(notReadyToRemove)
	if p == nil && !pending && s.hasPostElsewhere() {
		return &problem{v1alpha1.ReasonSiteChanged, siteChangedMessage(s.request, s.integration)}, false
	}
	if p == nil && !pending && wordpress.Older(s.integration.Status.Site.PluginVersion, removingPluginVersion) {
		p = &problem{v1alpha1.ReasonPluginTooOld, fmt.Sprintf("the plugin igny8-wp-bridge of the site is older than %s, which cannot tell whose post it removes; update it", removingPluginVersion)}
	}
	return p, pending
}

// removingPluginVersion is the first plugin that compares the claim before it
// removes a post.
const removingPluginVersion = "2.2.0"

// awaitSite waits for an integration that may come back. In a namespace that is
// being deleted nothing does.
func (r *Reconciler) awaitSite(ctx context.Context, s *scope, p *problem) (phase.Result, error) {
	gone := s.integration == nil || !s.integration.DeletionTimestamp.IsZero()
	if gone {
		terminating, err := r.namespaceTerminates(ctx, s)
		if err != nil || terminating {
			return phase.Done(), orElse(err, func() error { return r.orphan(ctx, s, hopeless(p.message)) })
		}
	}
	s.health().Wait(p.reason, p.message+s.untilNote())
	if gone || p.reason == v1alpha1.ReasonPluginTooOld { // neither the deletion of a namespace nor an update wakes anybody
		return phase.DoneFor(r.Random.Extend(sitePause, retryJitter)), nil
	}
	return phase.Done(), nil
}

func orElse(err error, otherwise func() error) error {
	if err != nil {
		return err
	}
	return otherwise()
}

func hopeless(why string) string { return "the namespace is being deleted, and " + why }

// namespaceTerminates says that the namespace is being deleted, so that no object
// can be created in it any more.
func (r *Reconciler) namespaceTerminates(ctx context.Context, s *scope) (bool, error) {
	namespace := &corev1.Namespace{}
	err := r.Live.Get(ctx, client.ObjectKey{Name: s.request.Namespace}, namespace)
	if apierrors.IsNotFound(err) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("get namespace %q: %w", s.request.Namespace, err)
	}
	return !namespace.DeletionTimestamp.IsZero(), nil
}

// untilNote ends every message about a deletion that waits.
func (s *scope) untilNote() string {
	return fmt.Sprintf("; the deletion waits for it until %s, then the post stays (deletionPolicy Retain ends the wait)", s.deadline().UTC().Format(time.RFC3339))
}

// whyLate is why the site has not confirmed in time: what is in the way now, or
// what came of the last call.
func (s *scope) whyLate(obstacle *problem) string {
	ready := s.condition(v1alpha1.ConditionReady)
	switch {
	case obstacle != nil:
		return obstacle.message
	case s.removalFailed() && ready != nil:
		return strings.TrimSuffix(ready.Message, s.untilNote())
	}
	return "the site gave no answer"
}

// removalFailed says that the last attempt the status tells of was one to remove
// the post.
func (s *scope) removalFailed() bool {
	a := &s.request.Status.Attempts
	return a.LastReason != "" && !a.LastTime.Before(s.request.DeletionTimestamp)
}

// checkRemovalDue waits for the time of the next attempt. A site that is back, a
// spec that has changed and the retry annotation bring it forward.
func (r *Reconciler) checkRemovalDue(_ context.Context, s *scope) (phase.Result, error) {
	a := &s.request.Status.Attempts
	planned := s.removalFailed() && a.Generation == s.request.Generation && !retryRequested(s.request)
	if planned && a.NextTime.After(s.now) && !connectedSince(s) {
		return phase.DoneFor(s.until(a.NextTime.Time)), nil
	}
	return phase.Proceed, nil
}

// remove leaves a ticket with the site's dispatcher. It goes before anything that
// is to be published, which may wait longer than a deletion may; and after a call
// for this request that is under way, which may be making the post.
func (r *Reconciler) remove(_ context.Context, s *scope) (phase.Result, error) {
	j := job{request: s.name(), uid: s.request.UID, generation: s.request.Generation, integration: s.integration, basis: basis(s.request)}
	r.calls.Leave(sitegate.Ticket[callResult]{
		Site: string(s.integration.UID), Address: s.integration.Spec.SiteURL, Object: s.name(), Revision: s.removalRevision(), Last: true,
		MaxConcurrent: int(s.integration.Spec.Publishing.MaxConcurrent), Spacing: spacing(s.integration),
		Do: func(ctx context.Context) callResult { return r.callRemoval(ctx, j) },
	})
	return phase.Done(), nil
}

// removalRevision names everything the removal depends on.
func (s *scope) removalRevision() string {
	return removalPrefix + revision(s.request, s.integration, "")
}

// removalPrefix begins the revisions of removals.
const removalPrefix = "remove/"

// isRemoval says that a revision is that of a removal of this request's post,
// whatever has become of the integration since.
func (s *scope) isRemoval(revision string) bool {
	return strings.HasPrefix(revision, fmt.Sprint(removalPrefix, s.request.UID, "/"))
}

// removes says that the call which takes the post away is under way.
func (r *Reconciler) removes(s *scope) bool {
	revision, ok := r.calls.Running(s.name())
	return ok && s.isRemoval(revision)
}

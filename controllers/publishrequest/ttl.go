// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"context"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/health"
	"github.com/igny8/wordpress-operator/internal/phase"
)

// expiry is when a finished request is to be deleted: so long after its post was
// published. One that is not published, or asks for anything more, has none.
func (s *scope) expiry() (at time.Time, ok bool) {
	ttl, ready, published := s.request.Spec.TTLSecondsAfterPublished, s.condition(v1alpha1.ConditionReady), s.condition(v1alpha1.ConditionPublished)
	if ttl == nil || published == nil || published.Status != metav1.ConditionTrue || ready == nil || ready.Status != metav1.ConditionTrue {
		return time.Time{}, false
	}
	return published.LastTransitionTime.Add(time.Duration(*ttl) * time.Second), true
}

// expired says that the request is finished and its time is over.
func (s *scope) expired() bool {
	at, ok := s.expiry()
	return ok && verdictIsCurrent(s) && !at.After(s.now)
}

// expire deletes a request that is settled when its time is over. The post stays
// whatever deletionPolicy says: it is about those that a person deletes. So the
// finalizer goes first; a crash in between leaves the rest to the next reconcile.
func (r *Reconciler) expire(ctx context.Context, s *scope) (phase.Result, error) {
	at, ok := s.expiry()
	switch {
	case !ok:
		return phase.Done(), nil
	case at.After(s.now):
		return phase.DoneFor(s.until(at)), nil
	}
	if s.guarded {
		if err := r.patchFinalizers(ctx, s, controllerutil.RemoveFinalizer); err != nil {
			return phase.Done(), err
		}
	}
	uid := s.request.UID
	if err := r.Client.Delete(ctx, s.request, client.Preconditions{UID: &uid, ResourceVersion: &s.version}); client.IgnoreNotFound(err) != nil {
		return phase.Done(), fmt.Errorf("delete request whose ttlSecondsAfterPublished are over: %w", err)
	}
	note := fmt.Sprintf("deleted after ttlSecondsAfterPublished; post %d stays: %s", s.request.Status.Post.ID, s.request.Status.Post.URL)
	r.Recorder.Eventf(s.request, nil, corev1.EventTypeNormal, v1alpha1.ReasonExpired, actionDelete, "%s", health.Truncate(note))
	return phase.Done(), nil
}

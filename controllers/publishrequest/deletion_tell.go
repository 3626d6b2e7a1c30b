// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"cmp"
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/health"
	"github.com/igny8/wordpress-operator/internal/syncevent"
)

// tell says how a deletion ended, before the request is let go: afterwards there
// is no status to read it from. Letting go may have to be tried again; it is told
// once. In a namespace that is being deleted no Event can be made: it is about the
// namespace then, and stays when that is gone.
func (r *Reconciler) tell(ctx context.Context, s *scope, call callResult, o occurrence) error {
	terminating, err := r.namespaceTerminates(ctx, s)
	if err != nil {
		return err
	}
	if told, _ := r.told.Swap(s.name(), s.request.UID); told == s.request.UID {
		return nil
	}
	var regarding, related runtime.Object = s.request, nil
	note := o.note
	if terminating {
		// Related to the request: Events about the same objects are counted as repetitions of
		// the first one, and no other post would be named.
		regarding, related = namespaceOf(s.request), s.request
		note = fmt.Sprintf("PublishRequest %q: %s", s.request.Name, o.note)
	}
	r.Recorder.Eventf(regarding, related, o.eventType, o.reason, actionDelete, "%s", health.Truncate(note))
	r.log(s, s.newSyncEvent(call, s.ending(call, o)))
	return nil
}

// ending is what a SyncEvent says of the end of a deletion.
func (s *scope) ending(call callResult, o occurrence) syncEvent {
	e := syncEvent{description: s.description(call), errorMessage: o.note, postID: s.request.Status.Post.ID}
	if o.eventType == corev1.EventTypeNormal {
		e.success, e.description, e.errorMessage = true, o.note, ""
	}
	return e
}

func namespaceOf(request *v1alpha1.PublishRequest) *corev1.Namespace {
	return &corev1.Namespace{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Namespace"},
		ObjectMeta: metav1.ObjectMeta{Name: request.Namespace},
	}
}

// log writes a SyncEvent of the request to the durable record.
func (r *Reconciler) log(s *scope, event v1alpha1.SyncEvent) {
	syncevent.Log(r.SyncEvents.WithValues("kind", "PublishRequest", "namespace", s.request.Namespace, "name", s.request.Name), event)
}

// orphan lets the request go without its post, and says where that is.
func (r *Reconciler) orphan(ctx context.Context, s *scope, why string) error {
	note := fmt.Sprintf("%s stays at %s: %s", s.subject(), s.site(), why)
	call := callResult{removes: true, startTime: s.request.DeletionTimestamp.Time, endTime: s.now}
	return r.conclude(ctx, s, call, occurrence{corev1.EventTypeWarning, v1alpha1.ReasonPostOrphaned, note})
}

// conclude tells how the deletion ended, and lets the request go.
func (r *Reconciler) conclude(ctx context.Context, s *scope, call callResult, o occurrence) error {
	if err := r.tell(ctx, s, call, o); err != nil {
		return err
	}
	return r.letGo(ctx, s)
}

// subject names the post.
func (s *scope) subject() string {
	if post := s.request.Status.Post; post.ID != 0 {
		return fmt.Sprintf("post %d (%s)", post.ID, post.URL)
	}
	return fmt.Sprintf("the post of content key %q, if there is one,", contentKey(s.request))
}

// site names the site as well as it is known.
func (s *scope) site() string {
	switch {
	case s.hasPostElsewhere():
		return siteOf(s.request)
	case s.integration != nil:
		return s.integration.Spec.SiteURL
	}
	name := cmp.Or(s.request.Spec.IntegrationRef.Name, fmt.Sprintf("of siteID %d", s.request.Spec.SiteID))
	return fmt.Sprintf("the site of WordPressIntegration %q", name)
}

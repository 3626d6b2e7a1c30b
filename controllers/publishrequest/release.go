// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"context"
	"fmt"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/phase"
)

// checkRelease holds a request that is not to be published as soon as it can be.
func (r *Reconciler) checkRelease(_ context.Context, s *scope) (phase.Result, error) {
	if !s.mayHold() {
		return phase.Proceed, nil
	}
	switch s.request.Spec.Release {
	case v1alpha1.ReleaseManual:
		return r.checkManualRelease(s), nil
	case v1alpha1.ReleaseAuto:
		return r.checkAutoRelease(s), nil
	}
	return phase.Proceed, nil
}

func (r *Reconciler) checkManualRelease(s *scope) phase.Result {
	if releaseRequested(s.request) {
		return phase.Proceed
	}
	r.hold(s, v1alpha1.ReasonAwaitingRelease, fmt.Sprintf("waits to be released: set annotation %s to any new value", v1alpha1.AnnotationReleaseRequestedAt))
	return phase.Done()
}

// releaseRequested says that the annotation releases the request. Its value is
// handled once there is a post for it: until then the request stays released,
// through failures, retries and restarts, and nothing has to be written first.
func releaseRequested(request *v1alpha1.PublishRequest) bool {
	value := v1alpha1.Requested(request, v1alpha1.AnnotationReleaseRequestedAt)
	return value != "" && value != v1alpha1.LookUp(request.Status.LastHandled, v1alpha1.AnnotationReleaseRequestedAt)
}

// noteRelease echoes the annotation in the very write that notes the post.
func (s *scope) noteRelease() {
	if s.request.Spec.Release == v1alpha1.ReleaseManual && releaseRequested(s.request) {
		s.request.Status.LastHandled = v1alpha1.Put(s.request.Status.LastHandled, v1alpha1.AnnotationReleaseRequestedAt,
			v1alpha1.Requested(s.request, v1alpha1.AnnotationReleaseRequestedAt))
	}
}

// checkAutoRelease holds a request until a run of auto-publish has released it.
// Without an integration nothing can, which the phases after this one say.
func (r *Reconciler) checkAutoRelease(s *scope) phase.Result {
	if s.integration == nil || s.integration.Status.AutoPublish.Releases(string(s.request.UID)) {
		return phase.Proceed
	}
	r.hold(s, v1alpha1.ReasonAwaitingRelease, autoReleaseMessage(s.integration))
	return phase.Done()
}

func autoReleaseMessage(integration *v1alpha1.WordPressIntegration) string {
	switch integration.Spec.Publishing.AutoPublish.Mode {
	case "", v1alpha1.AutoPublishDisabled:
		return fmt.Sprintf("auto-publish of WordPressIntegration %q is Disabled; set publishing.autoPublish.mode", integration.Name)
	default:
		return fmt.Sprintf("waits for a run of the auto-publish of WordPressIntegration %q", integration.Name)
	}
}

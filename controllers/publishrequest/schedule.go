// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"cmp"
	"strings"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// wantedStatus is the status asked for by the request, or else by its
// integration. Future as the integration's default is for the requests that have
// a time.
func wantedStatus(spec *v1alpha1.PublishRequestSpec, defaults *v1alpha1.PublishDefaults) v1alpha1.PostStatus {
	status := cmp.Or(spec.Status, defaults.Status, v1alpha1.PostStatusPublish)
	if status == v1alpha1.PostStatusFuture && spec.PublishTime.IsZero() {
		return v1alpha1.PostStatusPublish
	}
	return status
}

// postStatus is WordPress's word for the status wanted. It stays future when the
// time has come, which the site sees by itself: time alone is no change of what
// is wanted.
func postStatus(status v1alpha1.PostStatus) string { return strings.ToLower(string(status)) }

// postDate is the date of a post that the site is to publish by itself. Any other
// gets the date at which it is made.
func postDate(spec *v1alpha1.PublishRequestSpec, defaults *v1alpha1.PublishDefaults) wordpress.UTC {
	if wantedStatus(spec, defaults) != v1alpha1.PostStatusFuture {
		return wordpress.UTC{}
	}
	return wordpress.UTC{Time: spec.PublishTime.UTC()}
}

// keepWaiting leaves a post that waits at the site there when the request has
// become one to be published, with a time: the operator's own waiting would be
// for a post that is there, and the site would publish it at the former time. The
// time is compared with what the site was given and with the last exchange, not
// with the clock: neither time alone, nor that the site has published the post
// meanwhile, nor that a person has moved it there is a change of what is wanted.
// digest is that of the post as it would be sent.
func keepWaiting(request *v1alpha1.PublishRequest, defaults *v1alpha1.PublishDefaults, digest func() string) {
	spec, status := &request.Spec, &request.Status
	if spec.PublishTime.IsZero() || status.Post.ID == 0 || wantedStatus(spec, defaults) != v1alpha1.PostStatusPublish {
		return
	}
	asked := spec.Status
	spec.Status = v1alpha1.PostStatusFuture
	isGiven := spec.PublishTime.Equal(&status.Post.ScheduledTime)
	waits := status.Post.Status == statusFuture && spec.PublishTime.After(status.LastSyncTime.Time)
	if !isGiven && !waits && wantedDigest(digest()) != wantedDigest(status.Post.SourceDigest) {
		spec.Status = asked
	}
}

// siteSchedules says that the request's time is waited for by the site. Without
// an integration, whose default may say so, it is not known to be.
func (s *scope) siteSchedules() bool {
	defaults := v1alpha1.PublishDefaults{}
	if s.integration != nil {
		defaults = s.integration.Spec.Publishing.Defaults
	}
	return wantedStatus(&s.request.Spec, &defaults) == v1alpha1.PostStatusFuture
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"fmt"
	"time"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// statusFuture is WordPress's status of a post that waits for its time.
const statusFuture = "future"

const (
	// missedAfter is how long after its time a post that still waits has missed it.
	// WP-Cron runs with a visit, and the first look may be the first visit; where the
	// system's cron runs it, that is every quarter of an hour as a rule.
	missedAfter = 20 * time.Minute
	// missedPause is how often the site is asked for a post that has missed its time.
	missedPause = 24 * time.Hour
)

// looks are how long after the time of a post the site is asked whether it has
// published it: once, if all is well.
func looks() []time.Duration {
	return []time.Duration{time.Minute, 5 * time.Minute, missedAfter, 2 * time.Hour}
}

// siteTime is when the site publishes a post that waits there, zero for any other
// post. A status that an older version has left does not have it.
func siteTime(request *v1alpha1.PublishRequest) time.Time {
	switch post := &request.Status.Post; {
	case post.Status != statusFuture:
		return time.Time{}
	case post.ScheduledTime.IsZero():
		return request.Spec.PublishTime.Time
	default:
		return post.ScheduledTime.Time
	}
}

// nextLook is when the site is to be asked whether it has published a post that
// waits there. Any exchange with the site since that time tells as well. There is
// none once the post is known to be published, to be gone, or not to be shown.
func nextLook(request *v1alpha1.PublishRequest) (due time.Time, ok bool) {
	at := siteTime(request)
	if at.IsZero() || !awaitsSite(request) {
		return time.Time{}, false
	}
	for _, after := range looks() {
		if due = at.Add(after); request.Status.LastSyncTime.Time.Before(due) {
			return due, true
		}
	}
	return request.Status.LastSyncTime.Add(missedPause), true
}

// awaitsSite says that Published tells of a post that waits at the site.
func awaitsSite(request *v1alpha1.PublishRequest) bool {
	published := (&scope{request: request}).condition(v1alpha1.ConditionPublished)
	return published != nil && (published.Reason == v1alpha1.ReasonInReview || published.Reason == v1alpha1.ReasonScheduleMissed)
}

// hasMissedSchedule says that the site was seen not to have published a post long
// after its time.
func hasMissedSchedule(request *v1alpha1.PublishRequest) bool {
	at := siteTime(request)
	return !at.IsZero() && !request.Status.LastSyncTime.Time.Before(at.Add(missedAfter))
}

// missed says what became of a post whose time the site has missed.
func (s *scope) missed() string {
	return fmt.Sprintf("post %d still waits at the site, which was to publish it at %s; see that WP-Cron runs there, or publish the post there",
		s.request.Status.Post.ID, siteTime(s.request).UTC().Format(time.RFC3339))
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"errors"
	"time"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/outcome"
	"github.com/igny8/wordpress-operator/internal/sitegate"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// sitePause keeps a site's requests back while its integration finds out what is
// wrong; a test that succeeds ends it.
const sitePause = time.Minute

// pauseAfter says how long an outcome keeps the whole site from being called:
// as long as it asks for, and where no call can succeed until its integration has
// looked.
func pauseAfter(call callResult) sitegate.Pause {
	var refused *wordpress.Error
	if !errors.As(call.err, &refused) {
		return sitegate.Pause{}
	}
	switch outcome.Of(refused).Action {
	case outcome.Retry:
		return sitegate.Pause{Until: call.endTime.Add(refused.RetryAfter), Firm: true}
	case outcome.Site:
		return sitegate.Pause{Until: call.endTime.Add(sitePause)}
	default:
		return sitegate.Pause{}
	}
}

// judge says what a call tells about its site: not whether it took the post, but
// whether it is there and works.
func judge(call callResult) sitegate.Verdict {
	var refused *wordpress.Error
	switch {
	case call.post != nil || call.removal != "":
		return sitegate.VerdictAnswered
	case !errors.As(call.err, &refused) && !call.opened:
		return sitegate.VerdictNotCalled
	case refused == nil:
		return sitegate.VerdictNone // it may have been called: for images, or before a panic
	}
	switch row := outcome.Of(refused); {
	case row.Action == outcome.Drop:
		return sitegate.VerdictNone
	case row.Action == outcome.Retry && row.Transport:
		return sitegate.VerdictFailed
	}
	return sitegate.VerdictAnswered
}

// spacing is the least time between two calls to the integration's site.
func spacing(integration *v1alpha1.WordPressIntegration) time.Duration {
	if perMinute := integration.Spec.Publishing.RequestsPerMinute; perMinute > 0 {
		return time.Minute / time.Duration(perMinute)
	}
	return 0
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package autopublish

import (
	"cmp"
	"time"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/schedule"
)

const (
	// immediateInterval is the time between two runs where mode is Immediate: what
	// comes meanwhile goes together, in one write. Times in a status have whole
	// seconds, so that writes are two seconds apart at least.
	immediateInterval = 3 * time.Second
	// Defaults of publishing.autoPublish, for objects that predate them.
	defaultInterval  = 5 * time.Minute
	defaultMaxPerRun = 50
	// maxReleased is how many requests may be released without a post: the bound
	// of status.autoPublish.outstanding. More than that only wait elsewhere.
	maxReleased = 500
	// A run that is late by no more than maxLateness, and by no more than a tenth
	// of its interval, counts as on time: the next one is not later for it.
	maxLateness   = 5 * time.Second
	latenessShare = 10
)

// plan is what the time of a run depends on.
type plan struct {
	interval time.Duration
	windows  schedule.Windows
	// last is when the newest run started, zero if there was none.
	last time.Time
}

func newPlan(spec *v1alpha1.AutoPublish, status *v1alpha1.AutoPublishStatus, windows schedule.Windows) plan {
	interval := cmp.Or(time.Duration(spec.IntervalSeconds)*time.Second, defaultInterval)
	if spec.Mode == v1alpha1.AutoPublishImmediate {
		interval = immediateInterval
	}
	return plan{interval: interval, windows: windows, last: status.CurrentRun.StartTime.Time}
}

// next returns when the next run starts: in the future, or not, and then it is to
// start now. It is an interval after the last one, however late that was begun;
// after a pause it is now, once, and nothing is caught up on.
func (p plan) next(now time.Time) time.Time {
	// A last run that is to come was dated by a clock that was wrong.
	if p.last.IsZero() || p.last.After(now.Add(p.interval)) {
		return p.windows.Open(now)
	}
	planned := p.windows.Open(p.last.Add(p.interval))
	if planned.After(now) {
		return planned
	}
	if open := p.windows.Open(now); open.After(now) || now.Sub(planned) > p.lateness() {
		return open
	}
	return planned
}

func (p plan) lateness() time.Duration { return min(maxLateness, p.interval/latenessShare) }

// runSize is how many requests the next run releases.
func runSize(spec *v1alpha1.AutoPublish, waiting, outstanding int) int {
	return max(0, min(int(cmp.Or(spec.MaxPerRun, defaultMaxPerRun)), waiting, maxReleased-outstanding))
}

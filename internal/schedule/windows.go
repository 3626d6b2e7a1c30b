// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package schedule says when the weekly windows of a spec are open. They are
// times as clocks on the wall show them: in spring and in autumn a window is
// shorter or longer than on other days.
package schedule

import (
	"fmt"
	"slices"
	"time"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// Windows are times of the week; the zero value is always open.
type Windows struct {
	zone  *time.Location
	spans []span
}

// span is one window: minutes of the day, and the days on which it opens.
type span struct {
	days       []time.Weekday
	start, end int
}

// New returns the windows of a spec, in the named zone of the IANA database or,
// without a name, in UTC. It fails if the zone or a time of day is unknown.
func New(windows []v1alpha1.TimeWindow, zone string) (Windows, error) {
	// "Local" is what the operator's machine is set to, which is no answer.
	if zone == "Local" {
		return Windows{}, fmt.Errorf("unknown time zone %s", zone)
	}
	location, err := time.LoadLocation(zone)
	if err != nil {
		return Windows{}, err
	}
	spans := make([]span, len(windows))
	for i := range windows {
		if spans[i], err = newSpan(&windows[i]); err != nil {
			return Windows{}, err
		}
	}
	return Windows{location, spans}, nil
}

func newSpan(window *v1alpha1.TimeWindow) (s span, err error) {
	if s.start, err = minutes(window.Start); err != nil {
		return span{}, err
	}
	if s.end, err = minutes(window.End); err != nil {
		return span{}, err
	}
	for _, name := range window.Days {
		for d := time.Sunday; d <= time.Saturday; d++ {
			if d.String() == string(name) {
				s.days = append(s.days, d)
			}
		}
	}
	return s, nil
}

func minutes(timeOfDay string) (int, error) {
	t, err := time.Parse("15:04", timeOfDay)
	if err != nil {
		return 0, fmt.Errorf("time of day %q is not of the form HH:MM", timeOfDay)
	}
	return t.Hour()*60 + t.Minute(), nil
}

// Around a moment, windows that opened up to two days before can still be open
// (one of 24 hours, on a day of 25), and each of the week opens within the next
// eight days, or in the week after if the clock is put forward over all of it.
const (
	daysBehind = 2
	daysAhead  = 15
)

// Open returns the first moment not before the given one at which a window is
// open: the given one itself where one is.
func (w Windows) Open(at time.Time) time.Time {
	if len(w.spans) == 0 {
		return at
	}
	today := dayOf(at.In(w.zone))
	for i := -daysBehind; i <= daysAhead; i++ {
		if first := w.openOn(today.add(i), at); !first.IsZero() {
			return first // what opens on a later day opens later
		}
	}
	return time.Time{}
}

// openOn returns the first moment not before the given one at which a window that
// opens on the day is open; zero if there is none.
func (w Windows) openOn(d day, at time.Time) time.Time {
	var first time.Time
	for _, s := range w.spans {
		if opening := s.openFrom(d, w.zone, at); !opening.IsZero() && (first.IsZero() || opening.Before(first)) {
			first = opening
		}
	}
	return first
}

// openFrom is openOn of one window.
func (s span) openFrom(d day, zone *time.Location, at time.Time) time.Time {
	if len(s.days) > 0 && !slices.Contains(s.days, d.weekday()) {
		return time.Time{}
	}
	last := d
	if s.end <= s.start {
		last = d.add(1)
	}
	opens, _ := d.instants(s.start, zone)
	_, closes := last.instants(s.end, zone)
	if opens.Before(at) {
		opens = at
	}
	if !opens.Before(closes) {
		return time.Time{}
	}
	return opens
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package schedule

import "time"

// furthest is more than any two zones are apart: 24 hours before and after a
// wall-clock time, taken as UTC, both sides of a change of its zone are in effect.
const furthest = 24 * time.Hour

// day is a date without a place.
type day struct {
	year  int
	month time.Month
	date  int
}

func dayOf(t time.Time) day {
	year, month, date := t.Date()
	return day{year, month, date}
}

// add returns the date so many days later. Noon in UTC is far from any change.
func (d day) add(days int) day {
	return dayOf(time.Date(d.year, d.month, d.date+days, 12, 0, 0, 0, time.UTC))
}

func (d day) weekday() time.Weekday {
	return time.Date(d.year, d.month, d.date, 12, 0, 0, 0, time.UTC).Weekday()
}

// instants returns the first and the last moment at which clocks of the zone
// show the time on the day. They differ where the clock is put back over it;
// where it is put forward past it, both are the moment of the change. time.Date
// promises neither.
func (d day) instants(minutes int, zone *time.Location) (first, last time.Time) {
	wall := time.Date(d.year, d.month, d.date, 0, minutes, 0, 0, time.UTC)
	before, after := wall.Add(-offset(wall.Add(-furthest), zone)), wall.Add(-offset(wall.Add(furthest), zone))
	switch shows, showsLater := shown(before, zone).Equal(wall), shown(after, zone).Equal(wall); {
	case shows && showsLater:
		return before, after
	case shows:
		return before, before
	case showsLater:
		return after, after
	}
	change, _ := before.In(zone).ZoneBounds()
	return change, change
}

// offset is how far the zone is ahead of UTC at a moment.
func offset(at time.Time, zone *time.Location) time.Duration {
	_, seconds := at.In(zone).Zone()
	return time.Duration(seconds) * time.Second
}

// shown is what clocks of the zone show at a moment, as if it were UTC.
func shown(at time.Time, zone *time.Location) time.Time { return at.Add(offset(at, zone)).UTC() }

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package schedule

import (
	"testing"
	"time"
	_ "time/tzdata" // the tests know every zone, as the manager does

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

func window(start, end string, days ...v1alpha1.Weekday) v1alpha1.TimeWindow {
	return v1alpha1.TimeWindow{Start: start, End: end, Days: days}
}

const (
	vienna  = "Europe/Vienna"
	newYork = "America/New_York"
)

// TestOpen: 2026-11-23 is a Monday. In 2026 clocks are put forward on 29 March in
// Vienna (02:00 CET is 03:00 CEST) and on 8 March in New York (02:00 EST is 03:00
// EDT), and put back on 25 October (03:00 CEST is 02:00 CET) and on 1 November
// (02:00 EDT is 01:00 EST).
func TestOpen(t *testing.T) {
	cases := map[string]struct {
		reason   string
		windows  []v1alpha1.TimeWindow
		zone     string
		at, want string
	}{
		"NoWindows":          {"without windows it is always open", nil, "", "2026-11-23T03:00:00Z", "2026-11-23T03:00:00Z"},
		"Inside":             {"an open window is open at once", []v1alpha1.TimeWindow{window("08:00", "17:00")}, "", "2026-11-23T08:30:00Z", "2026-11-23T08:30:00Z"},
		"AtStart":            {"the start belongs to it", []v1alpha1.TimeWindow{window("08:00", "17:00")}, "", "2026-11-23T08:00:00Z", "2026-11-23T08:00:00Z"},
		"AtEnd":              {"the end does not", []v1alpha1.TimeWindow{window("08:00", "17:00")}, "", "2026-11-23T17:00:00Z", "2026-11-24T08:00:00Z"},
		"Before":             {"it opens later today", []v1alpha1.TimeWindow{window("08:00", "17:00")}, "", "2026-11-23T07:59:59Z", "2026-11-23T08:00:00Z"},
		"Zone":               {"times are the zone's", []v1alpha1.TimeWindow{window("08:00", "17:00")}, vienna, "2026-11-23T06:00:00Z", "2026-11-23T07:00:00Z"},
		"OtherDays":          {"it opens on its days alone", []v1alpha1.TimeWindow{window("08:00", "17:00", "Friday")}, "", "2026-11-23T09:00:00Z", "2026-11-27T08:00:00Z"},
		"SameDayNextWeek":    {"closed for today: a week from now", []v1alpha1.TimeWindow{window("08:00", "09:00", "Monday")}, "", "2026-11-23T10:00:00Z", "2026-11-30T08:00:00Z"},
		"OverMidnight":       {"an end before the start is on the next day", []v1alpha1.TimeWindow{window("22:00", "02:00", "Sunday")}, "", "2026-11-23T01:00:00Z", "2026-11-23T01:00:00Z"},
		"OverMidnightClosed": {"and no later", []v1alpha1.TimeWindow{window("22:00", "02:00", "Sunday")}, "", "2026-11-23T02:00:00Z", "2026-11-29T22:00:00Z"},
		"WeekWrap":           {"Saturday's night ends on Sunday", []v1alpha1.TimeWindow{window("23:00", "01:00", "Saturday")}, "", "2026-11-29T00:30:00Z", "2026-11-29T00:30:00Z"},
		"WholeDay":           {"the same start and end is a whole day", []v1alpha1.TimeWindow{window("06:00", "06:00", "Sunday")}, "", "2026-11-23T05:59:00Z", "2026-11-23T05:59:00Z"},
		"WholeDayOver":       {"and not more", []v1alpha1.TimeWindow{window("06:00", "06:00", "Sunday")}, "", "2026-11-23T06:00:00Z", "2026-11-29T06:00:00Z"},
		"First":              {"of several windows the first", []v1alpha1.TimeWindow{window("20:00", "21:00"), window("12:00", "13:00")}, "", "2026-11-23T11:00:00Z", "2026-11-23T12:00:00Z"},
		"YearEnd":            {"Thursday's night ends in another year", []v1alpha1.TimeWindow{window("23:00", "01:00", "Thursday")}, "", "2027-01-01T00:30:00Z", "2027-01-01T00:30:00Z"},

		"ViennaSpringStartInGap":   {"02:30 is not shown: it opens with the change", []v1alpha1.TimeWindow{window("02:30", "04:00")}, vienna, "2026-03-28T23:00:00Z", "2026-03-29T01:00:00Z"},
		"ViennaSpringEndInGap":     {"it closes with the change: at 03:00 it is closed", []v1alpha1.TimeWindow{window("01:00", "02:30", "Sunday")}, vienna, "2026-03-29T01:00:00Z", "2026-04-04T23:00:00Z"},
		"ViennaSpringLastMinute":   {"and open right before", []v1alpha1.TimeWindow{window("01:00", "02:30", "Sunday")}, vienna, "2026-03-29T00:59:00Z", "2026-03-29T00:59:00Z"},
		"ViennaSpringAllInGap":     {"a window that no clock shows does not open that week", []v1alpha1.TimeWindow{window("02:10", "02:50", "Sunday")}, vienna, "2026-03-28T23:00:00Z", "2026-04-05T00:10:00Z"},
		"ViennaSpringAfter":        {"after the change the new offset counts", []v1alpha1.TimeWindow{window("08:00", "17:00")}, vienna, "2026-03-29T02:00:00Z", "2026-03-29T06:00:00Z"},
		"ViennaAutumnStartTwice":   {"02:30 comes twice: the first counts", []v1alpha1.TimeWindow{window("02:30", "04:00")}, vienna, "2026-10-24T23:00:00Z", "2026-10-25T00:30:00Z"},
		"ViennaAutumnBothHours":    {"between the two it stays open", []v1alpha1.TimeWindow{window("02:30", "02:45", "Sunday")}, vienna, "2026-10-25T01:10:00Z", "2026-10-25T01:10:00Z"},
		"ViennaAutumnEndTwice":     {"it closes the second time", []v1alpha1.TimeWindow{window("01:00", "02:30", "Sunday")}, vienna, "2026-10-25T01:29:00Z", "2026-10-25T01:29:00Z"},
		"ViennaAutumnClosed":       {"and then it is closed", []v1alpha1.TimeWindow{window("01:00", "02:30", "Sunday")}, vienna, "2026-10-25T01:30:00Z", "2026-11-01T00:00:00Z"},
		"ViennaAutumnLongDay":      {"a whole day has 25 hours", []v1alpha1.TimeWindow{window("00:00", "00:00", "Sunday")}, vienna, "2026-10-25T22:59:00Z", "2026-10-25T22:59:00Z"},
		"NewYorkSpringStartInGap":  {"as in Vienna", []v1alpha1.TimeWindow{window("02:30", "04:00")}, newYork, "2026-03-08T05:00:00Z", "2026-03-08T07:00:00Z"},
		"NewYorkSpringNight":       {"Saturday's night is an hour shorter", []v1alpha1.TimeWindow{window("22:00", "06:00", "Saturday")}, newYork, "2026-03-08T10:00:00Z", "2026-03-15T02:00:00Z"},
		"NewYorkAutumnStartTwice":  {"01:30 comes twice: the first counts", []v1alpha1.TimeWindow{window("01:30", "03:00")}, newYork, "2026-11-01T04:00:00Z", "2026-11-01T05:30:00Z"},
		"NewYorkAutumnEndTwice":    {"it closes the second time", []v1alpha1.TimeWindow{window("00:00", "01:30", "Sunday")}, newYork, "2026-11-01T06:29:00Z", "2026-11-01T06:29:00Z"},
		"NewYorkAutumnClosed":      {"and then it is closed", []v1alpha1.TimeWindow{window("00:00", "01:30", "Sunday")}, newYork, "2026-11-01T06:30:00Z", "2026-11-08T05:00:00Z"},
		"LordHoweHalfHour":         {"a change of half an hour: 02:15 on 4 October is not shown", []v1alpha1.TimeWindow{window("02:15", "04:00", "Sunday")}, "Australia/Lord_Howe", "2026-10-03T14:00:00Z", "2026-10-03T15:30:00Z"},
		"ApiaWithoutFriday":        {"Samoa had no 30 December 2011", []v1alpha1.TimeWindow{window("08:00", "09:00", "Friday")}, "Pacific/Apia", "2011-12-30T00:00:00Z", "2012-01-05T18:00:00Z"},
		"ApiaOverTheMissingFriday": {"a window into the missing day closes as it would begin", []v1alpha1.TimeWindow{window("22:00", "08:00", "Thursday")}, "Pacific/Apia", "2011-12-30T09:59:00Z", "2011-12-30T09:59:00Z"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			windows, err := New(tc.windows, tc.zone)
			if err != nil {
				t.Fatal(err)
			}
			if got := windows.Open(moment(t, tc.at)); !got.Equal(moment(t, tc.want)) {
				t.Errorf("%s: opens %s, want %s", tc.reason, got.UTC().Format(time.RFC3339), tc.want)
			}
		})
	}
}

func moment(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// TestOpenAgreesWithTheClock holds each quarter of an hour of a year against
// what a clock in the zone shows, but for the hours of a change.
func TestOpenAgreesWithTheClock(t *testing.T) {
	for _, zone := range []string{"UTC", vienna, newYork} {
		t.Run(zone, func(t *testing.T) {
			windows, err := New([]v1alpha1.TimeWindow{window("09:00", "17:15", "Tuesday", "Saturday"), window("21:30", "04:45", "Sunday")}, zone)
			if err != nil {
				t.Fatal(err)
			}
			location, err := time.LoadLocation(zone)
			if err != nil {
				t.Fatal(err)
			}
			end := moment(t, "2027-01-01T00:00:00Z")
			for at := moment(t, "2026-01-01T00:00:00Z"); at.Before(end); at = at.Add(15 * time.Minute) {
				if got := windows.Open(at).Equal(at); got != shownOpen(at.In(location)) {
					t.Fatalf("at %s: open %v", at.In(location), got)
				}
			}
		})
	}
}

// shownOpen reads the windows of TestOpenAgreesWithTheClock off a clock. No change
// of a clock falls on the edge of one.
func shownOpen(local time.Time) bool {
	minute := local.Hour()*60 + local.Minute()
	switch local.Weekday() {
	case time.Tuesday, time.Saturday:
		return minute >= 9*60 && minute < 17*60+15
	case time.Sunday:
		return minute >= 21*60+30
	case time.Monday:
		return minute < 4*60+45
	}
	return false
}

func TestUnknownZonesAndTimes(t *testing.T) {
	cases := map[string]struct {
		reason  string
		windows []v1alpha1.TimeWindow
		zone    string
	}{
		"NoZone":    {"no such zone", nil, "Europe/Atlantis"},
		"Local":     {"the operator's own zone is nobody's wish", nil, "Local"},
		"Path":      {"a path is no zone", nil, "../../etc/passwd"},
		"TimeOfDay": {"no such time", []v1alpha1.TimeWindow{window("25:00", "26:00")}, ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if _, err := New(tc.windows, tc.zone); err == nil {
				t.Errorf("%s: accepted", tc.reason)
			}
		})
	}
}

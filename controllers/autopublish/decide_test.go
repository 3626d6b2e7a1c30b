// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package autopublish

import (
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/schedule"
)

// start is a Monday.
var start = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func TestNextRun(t *testing.T) {
	at := start.Add
	scheduled := v1alpha1.AutoPublish{Mode: v1alpha1.AutoPublishScheduled, IntervalSeconds: 300}
	immediate := v1alpha1.AutoPublish{Mode: v1alpha1.AutoPublishImmediate, IntervalSeconds: 300}
	morning := scheduled
	morning.Windows = []v1alpha1.TimeWindow{{Start: "08:00", End: "10:00"}}
	cases := map[string]struct {
		reason    string
		spec      v1alpha1.AutoPublish
		last, now time.Time
		want      time.Time
	}{
		"First":             {"the first run is at once", scheduled, time.Time{}, at(0), at(0)},
		"FirstOutside":      {"or when the window opens", morning, time.Time{}, at(2 * time.Hour), at(23 * time.Hour)},
		"Early":             {"the next one is an interval later", scheduled, at(0), at(time.Second), at(5 * time.Minute)},
		"OnTime":            {"and then it is due", scheduled, at(0), at(5 * time.Minute), at(5 * time.Minute)},
		"Late":              {"a little late is on time: no drift", scheduled, at(0), at(5*time.Minute + 4*time.Second), at(5 * time.Minute)},
		"NothingWaited":     {"the run starts with what comes first", scheduled, at(0), at(7 * time.Minute), at(7 * time.Minute)},
		"AfterADay":         {"nothing is caught up on", scheduled, at(0), at(24 * time.Hour), at(24 * time.Hour)},
		"WindowCloses":      {"not after the window closed", morning, at(58 * time.Minute), at(61 * time.Minute), at(23 * time.Hour)},
		"NothingSince":      {"nothing waited since yesterday", morning, at(-24 * time.Hour), at(-time.Hour + time.Second), at(-time.Hour + time.Second)},
		"OpeningIsPlanned":  {"it is planned before", morning, at(58 * time.Minute), at(2 * time.Hour), at(23 * time.Hour)},
		"LateOverTheEdge":   {"a little late, but closed", morning, at(55*time.Minute - time.Second), at(60*time.Minute + time.Second), at(23 * time.Hour)},
		"Immediate":         {"as it comes, but not in one write each", immediate, at(0), at(time.Second), at(3 * time.Second)},
		"ImmediateLater":    {"at once after a pause", immediate, at(0), at(time.Minute), at(time.Minute)},
		"ClockSetBack":      {"a run that is to come was dated by a wrong clock", scheduled, at(time.Hour), at(0), at(0)},
		"ClockALittleBack":  {"one within an interval may be another machine's", scheduled, at(time.Minute), at(0), at(6 * time.Minute)},
		"UnsetInterval":     {"the default is five minutes", v1alpha1.AutoPublish{Mode: v1alpha1.AutoPublishScheduled}, at(0), at(time.Second), at(5 * time.Minute)},
		"ShortIntervalLate": {"a tenth of the interval at most is on time", v1alpha1.AutoPublish{IntervalSeconds: 10}, at(0), at(12 * time.Second), at(12 * time.Second)},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			windows, err := schedule.New(tc.spec.Windows, "")
			if err != nil {
				t.Fatal(err)
			}
			status := &v1alpha1.AutoPublishStatus{CurrentRun: v1alpha1.AutoPublishRun{StartTime: metav1.NewTime(tc.last)}}
			if got := newPlan(&tc.spec, status, windows).next(tc.now); !got.Equal(tc.want) {
				t.Errorf("%s: next run %s, want %s", tc.reason, got, tc.want)
			}
		})
	}
}

// TestRunsDoNotDrift plays a day of runs that are each begun late.
func TestRunsDoNotDrift(t *testing.T) {
	spec := &v1alpha1.AutoPublish{Mode: v1alpha1.AutoPublishScheduled, IntervalSeconds: 60}
	status, now := &v1alpha1.AutoPublishStatus{}, start
	const runs = 24 * 60
	for range runs {
		now = newPlan(spec, status, schedule.Windows{}).next(now)
		status.CurrentRun.StartTime = metav1.NewTime(newPlan(spec, status, schedule.Windows{}).next(now.Add(3 * time.Second)))
		now = now.Add(3 * time.Second)
	}
	// The first run has no plan: it is dated when it is begun.
	if got, want := status.CurrentRun.StartTime.Sub(start), 3*time.Second+(runs-1)*time.Minute; got != want {
		t.Errorf("after a day the last run is at %s, want %s", got, want)
	}
}

func TestRunSize(t *testing.T) {
	cases := map[string]struct {
		reason                             string
		maxPerRun                          int32
		waiting, outstanding, wantReleased int
	}{
		"Few":          {"all that wait", 50, 7, 0, 7},
		"Many":         {"maxPerRun of them", 50, 500, 0, 50},
		"Unset":        {"the default is 50", 0, 500, 0, 50},
		"Largest":      {"the bound of the list", 500, 10000, 0, 500},
		"NearlyFull":   {"no more than are released in all", 50, 500, 480, 20},
		"Full":         {"none while 500 have no post", 50, 500, 500, 0},
		"NobodyWaits":  {"none", 50, 0, 0, 0},
		"MoreThanFull": {"never fewer than none", 50, 500, 600, 0},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := runSize(&v1alpha1.AutoPublish{MaxPerRun: tc.maxPerRun}, tc.waiting, tc.outstanding); got != tc.wantReleased {
				t.Errorf("%s: %d, want %d", tc.reason, got, tc.wantReleased)
			}
		})
	}
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package netguard

import (
	"testing"
	"time"
)

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	cases := map[string]struct {
		value  string
		want   time.Duration
		reason string
	}{
		"seconds":        {"120", 2 * time.Minute, "RFC 9110: delay-seconds"},
		"white space":    {" 7 ", 7 * time.Second, "trimmed"},
		"zero":           {"0", 0, "at once"},
		"capped":         {"86400", time.Hour, "contract: up to an hour"},
		"overflow":       {"99999999999999999999", time.Hour, "more than an int64"},
		"near overflow":  {"9223372036854775807", time.Hour, "more than a Duration"},
		"date":           {"Mon, 23 Nov 2026 09:05:00 GMT", 5 * time.Minute, "IMF-fixdate"},
		"old date":       {"Monday, 23-Nov-26 09:05:00 GMT", 5 * time.Minute, "RFC 850"},
		"asctime":        {"Mon Nov 23 09:05:00 2026", 5 * time.Minute, "asctime"},
		"past":           {"Mon, 23 Nov 2026 08:00:00 GMT", 0, "over"},
		"distant date":   {"Wed, 23 Nov 2033 09:00:00 GMT", time.Hour, "capped"},
		"missing":        {"", 0, "not said"},
		"negative":       {"-5", 0, "not the grammar"},
		"fraction":       {"1.5", 0, "not the grammar"},
		"something else": {"soon", 0, "not the grammar"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := RetryAfter(tc.value, now); got != tc.want {
				t.Errorf("got %s, want %s (%s)", got, tc.want, tc.reason)
			}
		})
	}
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"errors"
	"testing"
	"time"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/sitegate"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

func TestWhatACallTellsAboutItsSite(t *testing.T) {
	refused := func(kind wordpress.Kind) callResult {
		return callResult{opened: true, err: &wordpress.Error{Kind: kind}}
	}
	cases := map[string]struct {
		reason string
		call   callResult
		want   sitegate.Verdict
	}{
		"Published":   {"the site works", callResult{post: &wordpress.PostRepresentation{}}, sitegate.VerdictAnswered},
		"Rejected":    {"it works, and does not want this post", refused(wordpress.KindRejected), sitegate.VerdictAnswered},
		"InProgress":  {"it works on the post", refused(wordpress.KindInProgress), sitegate.VerdictAnswered},
		"RateLimited": {"it answers, and asks for time: a pause, not a failure", refused(wordpress.KindRateLimited), sitegate.VerdictAnswered},
		"KeyRefused":  {"it answers; the pause for credentials keeps calls away", refused(wordpress.KindCredentialsRefused), sitegate.VerdictAnswered},
		"Timeout":     {"each call would hold a slot until its timeout", refused(wordpress.KindTimeout), sitegate.VerdictFailed},
		"ServerError": {"it is broken for now", refused(wordpress.KindUnavailable), sitegate.VerdictFailed},
		"Refused":     {"nothing listens", refused(wordpress.KindConnectionRefused), sitegate.VerdictFailed},
		"Cancelled":   {"the process stops", refused(wordpress.KindCanceled), sitegate.VerdictNone},
		"NotCalled":   {"the content could not be rendered", callResult{err: &contentError{}}, sitegate.VerdictNotCalled},
		"NothingToDo": {"no call was needed", callResult{err: errUnchanged}, sitegate.VerdictNotCalled},
		"APIServer":   {"the API server failed, not the site", callResult{err: errors.New("etcd")}, sitegate.VerdictNotCalled},
		"Unopened":    {"the integration was suspended meanwhile", callResult{err: errHeld}, sitegate.VerdictNotCalled},
		"OnlyImages":  {"images may have been uploaded before that was found", callResult{opened: true, err: errUnchanged}, sitegate.VerdictNone},
		"NoImage":     {"others may have been uploaded", callResult{opened: true, err: &imagesError{}}, sitegate.VerdictNone},
		"Panic":       {"nobody knows how far the call came", recovered("bad payload", start), sitegate.VerdictNone},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := judge(tc.call); got != tc.want {
				t.Errorf("%s: judge = %d, want %d", tc.reason, got, tc.want)
			}
		})
	}
}

func TestSpacingFollowsTheRate(t *testing.T) {
	for perMinute, want := range map[int32]time.Duration{0: 0, 1: time.Minute, 60: time.Second, 6000: 10 * time.Millisecond} {
		i := &v1alpha1.WordPressIntegration{}
		i.Spec.Publishing.RequestsPerMinute = perMinute
		if got := spacing(i); got != want {
			t.Errorf("spacing at %d a minute = %s, want %s", perMinute, got, want)
		}
	}
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

func TestWhoIsDueLongestGoesFirst(t *testing.T) {
	cases := map[string]struct {
		reason      string
		publishTime time.Time
		want        time.Time
	}{
		"NoTime":    {"since it was created", time.Time{}, start},
		"Past":      {"a time before that was no reason to wait", start.Add(-time.Hour), start},
		"Scheduled": {"since its time came, not before those that were waiting then", start.Add(time.Hour), start.Add(time.Hour)},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			s := newScope(published(func(p *v1alpha1.PublishRequest) { p.Spec.PublishTime = metav1.NewTime(tc.publishTime) }), start.Add(2*time.Hour))
			if got := s.dueTime(); !got.Equal(tc.want) {
				t.Errorf("%s: due %s, want %s", tc.reason, got, tc.want)
			}
		})
	}
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/internal/wordpress"
)

func TestPositionIsTheHighestOfTheKnownEpoch(t *testing.T) {
	at := func(epoch string, mark int64) wordpress.Position { return wordpress.Position{Epoch: epoch, Mark: mark} }
	cases := map[string]struct {
		reason  string
		reached []wordpress.Position
		status  string // the epoch in the status
		want    wordpress.Position
	}{
		"Nothing":    {reason: "a site never seen", want: at("", 0)},
		"Restart":    {reason: "the mark was in memory only", status: "a", want: at("a", 0)},
		"Highest":    {reason: "answers overtake each other", reached: []wordpress.Position{at("a", 5), at("a", 9), at("a", 7)}, status: "a", want: at("a", 9)},
		"NewEpoch":   {reason: "marks begin anew", reached: []wordpress.Position{at("a", 9), at("b", 2)}, status: "b", want: at("b", 2)},
		"NotWritten": {reason: "the status has the last word", reached: []wordpress.Position{at("a", 9), at("b", 2)}, status: "a", want: at("a", 0)},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			s := newSightings()
			for _, position := range tc.reached {
				s.reached(blogName, position)
			}
			i := blog("https://blog.example.com", nil)
			i.Status.Site.Epoch = tc.status
			if got := s.position(i); got != tc.want {
				t.Errorf("position %+v, want %+v: %s", got, tc.want, tc.reason)
			}
		})
	}
}

func TestContactIsTheLatest(t *testing.T) {
	s, i := newSightings(), blog("https://blog.example.com", nil)
	s.show(i)
	if got := i.Status.LastContactTime; !got.IsZero() {
		t.Errorf("a site that never answered did so at %s", got)
	}
	i.Status.LastContactTime = metav1.NewTime(start)
	s.answered(blogName, start.Add(-time.Minute))
	if got := s.contact(i); !got.Equal(start) {
		t.Errorf("contact %s, want what the status says", got)
	}
	s.answered(blogName, start.Add(time.Minute))
	s.answered(blogName, start)
	s.show(i)
	if got := i.Status.LastContactTime; !got.Time.Equal(start.Add(time.Minute)) {
		t.Errorf("shows %s, want the latest", got)
	}
	s.forget(blogName)
	if got := s.contact(blog("https://blog.example.com", nil)); !got.IsZero() {
		t.Errorf("contact %s after it was forgotten", got)
	}
}

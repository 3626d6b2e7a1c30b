// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"context"
	"errors"
	"net/http"
	"runtime"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// take takes a slot, which must be free.
func (s *imageSlots) take(t *testing.T, namespace string) {
	t.Helper()
	if err := s.acquire(t.Context(), namespace); err != nil {
		t.Fatalf("a slot for %q: %v", namespace, err)
	}
}

func TestImageSlotsLeaveRoom(t *testing.T) {
	cases := map[string]struct {
		why  string
		asks []string
		want map[string]int
	}{
		"Alone":     {"half stay free for whoever comes", []string{"a", "a", "a", "a", "a", "a"}, map[string]int{"a": 4}},
		"Two":       {"what both leave is shared", []string{"a", "a", "a", "a", "b", "b", "b", "b"}, map[string]int{"a": 4, "b": 2}},
		"InTurns":   {"neither gets more than the other", []string{"a", "b", "a", "b", "a", "b", "a", "b"}, map[string]int{"a": 3, "b": 3}},
		"Newcomers": {"each gets its first", []string{"a", "a", "a", "a", "b", "b", "c", "d", "d"}, map[string]int{"a": 4, "b": 2, "c": 1, "d": 1}},
		"Full":      {"there are no more", []string{"a", "b", "c", "d", "e", "f", "g", "h", "i"}, map[string]int{"a": 1, "b": 1, "c": 1, "d": 1, "e": 1, "f": 1, "g": 1, "h": 1}},
	}
	for name, tc := range cases {
		s := newImageSlots(8, time.Minute)
		for _, namespace := range tc.asks {
			s.enqueue(namespace)
		}
		if diff := cmp.Diff(tc.want, s.held); diff != "" {
			t.Errorf("%s: %s (-want +got):\n%s", name, tc.why, diff)
		}
	}
}

func TestImageSlotsAreGrantedInTurn(t *testing.T) {
	s := newImageSlots(1, time.Minute)
	s.take(t, "a")
	turns := []*slotTurn{s.enqueue("a"), s.enqueue("b"), s.enqueue("c")}
	s.withdraw(turns[1])
	for _, i := range []int{0, 2} {
		select {
		case <-turns[i].granted:
			t.Fatalf("turn %d has a slot before it is free", i)
		default:
		}
		s.release("a")
		<-turns[i].granted
	}
	s.release("c")
	if s.free != 1 || len(s.held) != 0 || len(s.waiting) != 0 {
		t.Errorf("%d free, held %v, %d waiting; want 1, none, none", s.free, s.held, len(s.waiting))
	}
}

func TestAWaitForASlotEnds(t *testing.T) {
	cases := map[string]struct {
		timeout time.Duration
		cancel  bool
		want    error
	}{
		"TooLong":   {time.Millisecond, false, errUnfinished},
		"CallEnded": {time.Minute, true, context.Canceled},
	}
	for name, tc := range cases {
		s := newImageSlots(1, tc.timeout)
		s.take(t, "a")
		ctx, cancel := context.WithCancel(t.Context())
		if tc.cancel {
			cancel()
		}
		if err := s.acquire(ctx, "b"); !errors.Is(err, tc.want) || len(s.waiting) != 0 {
			t.Errorf("%s: %v, %d waiting; want %v, none", name, err, len(s.waiting), tc.want)
		}
		cancel()
		s.release("a")
		s.take(t, "b")
	}
}

// TestASlotThatIsGrantedTooLateIsGivenBack: the wait was over at the same time.
func TestASlotThatIsGrantedTooLateIsGivenBack(t *testing.T) {
	s := newImageSlots(1, time.Minute)
	s.withdraw(s.enqueue("a"))
	if s.free != 1 || len(s.held) != 0 {
		t.Errorf("%d free, held %v; want 1, none", s.free, s.held)
	}
}

// TestACallWithoutASlotIsNoAttempt: other sites hold all slots. Nothing is
// published without the images for that, and those that are there stay known.
func TestACallWithoutASlotIsNoAttempt(t *testing.T) {
	h, images := newImageHarness(t, nil)
	h.imageSlots = newImageSlots(1, 10*time.Millisecond)
	h.duringUpload(1, func() { h.imageSlots.enqueue("slow") })
	if got := h.call(); got.RequeueAfter != busyDelay {
		t.Errorf("looks again after %s, want %s", got.RequeueAfter, busyDelay)
	}
	request := h.get()
	if len(h.site.Posts()) != 0 || len(request.Status.Media) != 1 || len(request.Status.Conditions) != 0 || !cmp.Equal(request.Status.Attempts, v1alpha1.PublishAttempts{}) {
		t.Errorf("%d posts, status %+v; want none, and the first image alone", len(h.site.Posts()), request.Status)
	}
	h.imageSlots.release("slow")
	h.call()
	h.expect("Ready=True/Published", "MediaReady=True/Succeeded")
	if h.uploadCalls() != 3 || images.count() != 3 || h.site.CountCalls(http.MethodPost, "publish") != 1 {
		t.Errorf("%d uploads, %d reads; want each image once", h.uploadCalls(), images.count())
	}
	if h.imageSlots.free != 1 {
		t.Errorf("%d slots are free, want all", h.imageSlots.free)
	}
}

// TestTheWaitForASlotIsNotReading: the time that others take is not the images'.
func TestTheWaitForASlotIsNotReading(t *testing.T) {
	h, _ := newImageHarness(t, bare)
	h.imageSlots = newImageSlots(1, time.Minute)
	h.imageSlots.take(t, "slow")
	h.reconcile()
	for {
		h.imageSlots.mu.Lock()
		waiting := len(h.imageSlots.waiting)
		h.imageSlots.mu.Unlock()
		if waiting == 1 {
			break
		}
		runtime.Gosched()
	}
	h.clock.Step(2 * imagesTimeout)
	h.imageSlots.release("slow")
	h.awaitCall()
	h.reconcile()
	h.expect("Ready=True/Published", "MediaReady=True/Succeeded")
}

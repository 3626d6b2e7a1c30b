// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/siteaccess"
)

const overlap = 35 * time.Second

// keysOf reads keys from pairs of entry and key.
func keysOf(pairs ...string) siteaccess.Keys {
	return siteaccess.KeysIn(&corev1.Secret{Data: entries(pairs...)})
}

// keyOf is one key as a person provides it.
func keyOf(text string) siteaccess.Credentials { return keysOf(currentEntry, text).Current }

// TestWhatARotationDoesNext: the whole decision, without client, site or clock.
func TestWhatARotationDoesNext(t *testing.T) {
	atRest := keysOf(currentEntry, keyA)
	offered := keysOf(currentEntry, keyA, candidateEntry, keyB)
	retiring := keysOf(currentEntry, keyB, previousEntry, keyA)
	type next struct {
		Writes []string
		Calls  bool
		In     time.Duration
	}
	cases := map[string]struct {
		reason string
		known  situation
		want   next
	}{
		"AtRest":           {"nobody asked", situation{keys: atRest, connected: true, accepted: true}, next{}},
		"Requested":        {"a candidate is written first", situation{keys: atRest, connected: true, accepted: true, request: "now"}, next{Writes: []string{candidateEntry, currentEntry}}},
		"RequestedUnseen":  {"a key that was never accepted can offer no other", situation{keys: atRest, connected: true, request: "now"}, next{}},
		"RequestedRefused": {"nor can one that is refused", situation{keys: atRest, refused: true, accepted: true, request: "now"}, next{}},
		"RequestedDown":    {"nor while the site is away", situation{keys: atRest, accepted: true, request: "now"}, next{}},
		"Provided":         {"a person wants another key", situation{keys: atRest, wanted: keyOf(keyB), connected: true}, next{Writes: []string{candidateEntry, currentEntry}}},
		"ProvidedRefused":  {"the other key may be the one the site has", situation{keys: atRest, wanted: keyOf(keyB), refused: true}, next{Writes: []string{candidateEntry, currentEntry}}},
		"ProvidedSame":     {"the key in use is the wanted one", situation{keys: atRest, wanted: keyOf(keyA), connected: true}, next{}},
		"ProvidedDown":     {"the site is away", situation{keys: atRest, wanted: keyOf(keyB)}, next{}},
		"Offered":          {"the candidate is there", situation{keys: offered, connected: true, request: "again"}, next{Calls: true}},
		"OfferedRefused":   {"the site may have the candidate", situation{keys: offered, refused: true}, next{Calls: true}},
		"OfferedDown":      {"the site is away", situation{keys: offered}, next{}},
		"Superseded":       {"the candidate may be in use: the site is asked", situation{keys: offered, wanted: keyOf(keyC), connected: true}, next{Calls: true}},
		"RetiringUnlisted": {"the time counts from when it is written down", situation{keys: retiring, connected: true}, next{Calls: true, In: overlap}},
		"Retiring":         {"calls may be on their way", situation{keys: retiring, connected: true, retiring: start.Add(-10 * time.Second)}, next{Calls: true, In: overlap - 10*time.Second}},
		"RetiringRefused":  {"the site may have gone back to the former one", situation{keys: retiring, refused: true, retiring: start}, next{Calls: true}},
		"RetiringDown":     {"the site is away", situation{keys: retiring, retiring: start.Add(-time.Minute)}, next{}},
		"RetiredByItself":  {"the site has dropped it by now", situation{keys: retiring, retiring: start.Add(-siteOverlap - overlap)}, next{Writes: []string{currentEntry}}},
		"NotYetByItself":   {"a second before", situation{keys: retiring, retiring: start.Add(time.Second - siteOverlap - overlap)}, next{}},
		"StillUseful":      {"the key in use is refused: the former one is what is left", situation{keys: retiring, refused: true, retiring: start.Add(-time.Hour)}, next{Calls: true}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			tc.known.now, tc.known.overlap = start, overlap
			var got next
			if change := tc.known.change(); change != nil {
				store := &corev1.Secret{Data: entries(currentEntry, keyA)}
				if tc.known.keys.Previous.Usable() {
					store.Data[previousEntry] = []byte(keyA)
				}
				change(store)
				for _, entry := range []string{candidateEntry, currentEntry, previousEntry} {
					if len(store.Data[entry]) > 0 {
						got.Writes = append(got.Writes, entry)
					}
				}
			} else if due, ok := tc.known.callDue(); ok {
				got.Calls, got.In = true, due.Sub(start)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestWhatAStatusSaysOfKeys(t *testing.T) {
	const accepted, candidate, retiring = v1alpha1.APIKeyStateAccepted, v1alpha1.APIKeyStateCandidate, v1alpha1.APIKeyStateRetiring
	type listed = map[string]v1alpha1.APIKeyState
	cases := map[string]struct {
		reason string
		known  listed
		keys   siteaccess.Keys
		want   listed
	}{
		"AtRest":     {"as it was", listed{keyA: accepted}, keysOf(currentEntry, keyA), listed{keyA: accepted}},
		"Unpaired":   {"the test of the connection has the word", nil, keysOf(currentEntry, keyA), listed{}},
		"Candidate":  {"before the site hears of it", listed{keyA: accepted}, keysOf(currentEntry, keyA, candidateEntry, keyB), listed{keyA: accepted, keyB: candidate}},
		"Promoted":   {"the site was seen to accept it", listed{keyA: accepted, keyB: candidate}, keysOf(currentEntry, keyB, previousEntry, keyA), listed{keyB: accepted, keyA: retiring}},
		"Retired":    {"the former one is gone", listed{keyB: accepted, keyA: retiring}, keysOf(currentEntry, keyB), listed{keyB: accepted}},
		"WentBack":   {"the former one is in use again", listed{keyB: accepted, keyA: retiring}, keysOf(currentEntry, keyA, candidateEntry, keyB), listed{keyA: accepted, keyB: candidate}},
		"Edited":     {"the known one stays until another is accepted", listed{keyA: accepted}, keysOf(currentEntry, keyC), listed{keyA: accepted}},
		"Deleted":    {"what only the Secret had is gone", listed{keyA: accepted, keyB: candidate}, siteaccess.Keys{}, listed{keyA: accepted}},
		"AppliedNew": {"a status that was lost", nil, keysOf(currentEntry, keyB, previousEntry, keyA), listed{keyA: retiring}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var known []v1alpha1.APIKeyStatus
			for key, state := range tc.known {
				known = append(known, keyStatus(nil, keyOf(key), state, start))
			}
			got := listed{}
			for _, k := range listKeys(known, tc.keys, start.Add(time.Hour)) {
				for _, key := range []string{keyA, keyB, keyC} {
					if keyOf(key).Digest == k.Digest && keyOf(key).CallbackDigest == k.CallbackDigest {
						got[key] = k.State
					}
				}
				since := start.Add(time.Hour)
				if old := findKey(known, k.Digest); old != nil && old.State == k.State {
					since = start
				}
				if !k.SinceTime.Time.Equal(since) {
					t.Errorf("%s since %s, want %s", k.State, k.SinceTime, since)
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestTheLongestTimeoutCounts(t *testing.T) {
	times := newTimeouts()
	times.longest(blogName, time.Minute)
	if got := times.longest(blogName, time.Second); got != time.Minute {
		t.Errorf("longest %s, want the one that calls may still have", got)
	}
	times.forget(blogName)
	if got := times.longest(blogName, time.Second); got != time.Second {
		t.Errorf("longest %s after all was forgotten", got)
	}
}

// A status may come from a manager whose clock was wrong: a key that is said to
// retire in the future would do so for as long, and nothing else be rotated.
func TestAStateOfTheFutureBeginsNow(t *testing.T) {
	key := siteaccess.Credentials{Digest: "sha256:a"}
	cases := map[string]struct {
		reason string
		since  time.Time
		want   time.Time
	}{
		"Past":   {"that is when it began", start.Add(-time.Hour), start.Add(-time.Hour)},
		"Future": {"no key has retired since next year", start.Add(9000 * time.Hour), start},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			known := []v1alpha1.APIKeyStatus{{Digest: key.Digest, State: v1alpha1.APIKeyStateRetiring, SinceTime: metav1.NewTime(tc.since)}}
			if got := keyStatus(known, key, v1alpha1.APIKeyStateRetiring, start); !got.SinceTime.Time.Equal(tc.want) {
				t.Errorf("%s: since %s, want %s", tc.reason, got.SinceTime, tc.want)
			}
		})
	}
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"testing"
	"time"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// Keys that come one after the other, and one that is taken back.
func TestProvidedKeysInARow(t *testing.T) {
	cases := map[string]struct {
		reason string
		keys   []string
		settle bool
	}{
		"AtOnce":       {"the first one was never looked at", []string{keyB, keyC}, false},
		"InTheMidst":   {"the first one is in use and the former one not retired", []string{keyB, keyC}, true},
		"TakenBack":    {"nothing happened yet", []string{keyB, keyA}, false},
		"BackAgain":    {"the site knows the key as the retiring one", []string{keyB, keyA}, true},
		"ManyAndBack":  {"each is brought to its end", []string{keyB, keyC, keyB, keyA, keyC}, true},
		"TheSameTwice": {"a write without a change", []string{keyB, keyB}, true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			r := newRotating(t, v1alpha1.CredentialsPolicyProvided)
			for _, key := range tc.keys {
				r.update(keySecret(key))
				if tc.settle {
					r.settle()
				}
			}
			for range tc.keys {
				r.through()
				r.clock.Step(time.Minute)
			}
			r.through()
			r.uses(tc.keys[len(tc.keys)-1])
		})
	}
}

// What a person, or another tool, may do to the Secret in the midst of it.
func TestSecretsThatAreEditedInTheMidst(t *testing.T) {
	cases := map[string]struct {
		reason string
		site   func(*rotating)
		store  []string
		want   string
	}{
		"CandidateInUse":   {"a process died after the first use", inUse(keyB, keyA), []string{currentEntry, keyA, candidateEntry, keyB}, keyB},
		"CandidateOffered": {"a process died after the offer", nil, []string{currentEntry, keyA, candidateEntry, keyB}, keyB},
		"CurrentEmptied":   {"the candidate is all that is left", entered(keyB), []string{currentEntry, "", candidateEntry, keyB}, keyB},
		"CurrentRemoved":   {"the former one is all that is left, and the site knows it", nil, []string{previousEntry, keyA}, keyA},
		"CandidateGarbage": {"what cannot be a key is dropped", nil, []string{currentEntry, keyA, candidateEntry, "garbage"}, keyA},
		"PreviousGarbage":  {"what cannot be a key is dropped", nil, []string{currentEntry, keyA, previousEntry, "garbage"}, keyA},
		"TheSameKeyTwice":  {"one key is one key", nil, []string{currentEntry, keyA, candidateEntry, keyA, previousEntry, keyA}, keyA},
		"DatabaseWentBack": {"the site knows the former key only, and gets the new one again", nil, []string{currentEntry, keyB, previousEntry, keyA}, keyB},
		"AllThree":         {"the former one ends before the next is offered", inUse(keyA, keyC), []string{currentEntry, keyA, previousEntry, keyC, candidateEntry, keyB}, keyB},
		"SwappedByHand":    {"the site knows the candidate only", entered(keyB), []string{currentEntry, keyC, candidateEntry, keyB}, keyB},
		"NothingLeftToDo":  {"the former one was retired already", nil, []string{currentEntry, keyA, previousEntry, keyC}, keyA},
		"KeyEnteredByHand": {"a person entered the candidate at the site", entered(keyB), []string{currentEntry, keyA, candidateEntry, keyB}, keyB},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			r := newRotating(t, v1alpha1.CredentialsPolicyGenerated)
			if tc.site != nil {
				tc.site(r)
			}
			r.editStore(tc.store...)
			for range 3 {
				r.through()
				r.clock.Step(6 * time.Minute) // a test of the connection finds out about the key in use
			}
			r.through()
			r.uses(tc.want)
			if keys := r.get().Status.Keys; len(keys) != 1 {
				t.Errorf("%s: keys %+v, want one", tc.reason, keys)
			}
		})
	}
}

func TestAnIntegrationThatIsAppliedAgainGoesOn(t *testing.T) {
	for name, entry := range map[string]string{"Offered": candidateEntry, "Retiring": previousEntry} {
		t.Run(name, func(t *testing.T) {
			r := newRotating(t, v1alpha1.CredentialsPolicyGenerated)
			r.annotate(v1alpha1.AnnotationRotateRequestedAt, "now")
			for i := 0; len(r.store().Data[entry]) == 0; i++ {
				if i > 10 {
					t.Fatal("the rotation does not come so far")
				}
				r.reconcile()
				r.awaitCall()
			}
			old := r.get()
			if err := r.client.Delete(t.Context(), old); err != nil {
				t.Fatal(err)
			}
			r.reconcile()
			again := blog(r.site.URL(), func(i *v1alpha1.WordPressIntegration) { i.Spec.Credentials, i.UID = old.Spec.Credentials, "uid-again" })
			again.Annotations = old.Annotations
			if err := r.client.Create(t.Context(), again); err != nil {
				t.Fatal(err)
			}
			for range 3 {
				r.through()
				r.clock.Step(time.Minute)
			}
			r.through()
			key := string(r.store().Data[currentEntry])
			if key == keyA {
				t.Error("the rotation was forgotten")
			}
			r.uses(key)
			r.quiet("the request was answered before the integration was applied again")
		})
	}
}

// A Secret that is deleted takes its keys with it; the site is asked with what is
// left.
func TestASecretThatIsDeletedInTheMidst(t *testing.T) {
	r := newRotating(t, v1alpha1.CredentialsPolicyProvided)
	r.update(keySecret(keyB))
	r.settle()
	if err := r.client.Delete(t.Context(), r.store()); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		r.clock.Step(max(r.settle().RequeueAfter, time.Minute))
	}
	r.expect("Ready=True/Connected")
	if got := r.store().Data; string(got[currentEntry]) != keyB || len(got) != 1 {
		t.Errorf("%d keys are kept, want the provided one", len(got))
	}
}

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/api/meta"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

func TestAGeneratedKeyIsReplacedOnRequest(t *testing.T) {
	r := newRotating(t, v1alpha1.CredentialsPolicyGenerated)
	r.annotate(v1alpha1.AnnotationRotateRequestedAt, "now")
	r.settle()
	store := r.store()
	if string(store.Data[previousEntry]) != keyA || len(store.Data) != 2 {
		t.Fatalf("the Secret has %d entries, want the new key and the former one", len(store.Data))
	}
	i := r.expect("Ready=True/Connected", "KeyRotated=False/KeyRotating")
	if len(i.Status.Keys) != 2 || i.Status.Keys[1].State != v1alpha1.APIKeyStateRetiring || i.Status.Keys[1].Digest != digestOf([]byte(keyA)) {
		t.Errorf("keys %+v, want the former one retiring", i.Status.Keys)
	}
	r.clock.Step(34 * time.Second) // timeoutSeconds and the margin are 35
	r.settle()
	if r.site.KeyStates().Retiring == "" {
		t.Error("the former key ended while a call might be on its way with it")
	}
	r.clock.Step(time.Second)
	r.through()
	r.uses(string(store.Data[currentEntry]))
	if diff := cmp.Diff([]string{"Normal KeyRotated the site uses the new API key"}, r.drain()); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	if h := r.get().Status.History; h[0].Action != actionRotate || !h[0].Success {
		t.Errorf("history begins with %+v", h[0])
	}
	r.quiet("nothing is left to do")
}

func TestAProvidedKeyIsReplacedByChangingItsSecret(t *testing.T) {
	r := newRotating(t, v1alpha1.CredentialsPolicyProvided)
	if got := string(r.store().Data[currentEntry]); got != keyA {
		t.Fatal("the accepted key was not kept")
	}
	r.update(keySecret(keyB))
	r.through()
	r.uses(keyB)
}

func TestTheFormerKeyIsKeptByASiteThatTakesOneOnly(t *testing.T) {
	r := newRotating(t, v1alpha1.CredentialsPolicyProvided)
	r.site.SetHook(func(request *http.Request) wordpresstest.Fault {
		if !strings.HasSuffix(request.URL.Path, "keys/rotate") {
			return wordpresstest.Fault{}
		}
		return wordpresstest.Fault{Answer: &wordpresstest.Answer{
			Status: http.StatusNotFound, Header: http.Header{"Content-Type": {"application/json"}}, Body: `{"code":"rest_no_route"}`,
		}}
	})
	r.update(keySecret(keyB))
	for range 5 {
		r.clock.Step(max(r.settle().RequeueAfter, time.Second))
	}
	i := r.expect("Ready=True/Connected", "KeyRotated=False/KeyRotationFailed")
	if c := meta.FindStatusCondition(i.Status.Conditions, v1alpha1.ConditionKeyRotated); !strings.Contains(c.Message, "older than 2.1.0") {
		t.Errorf("message %q does not say what to do", c.Message)
	}
	if events := r.drain(); len(events) != 1 || !strings.HasPrefix(events[0], "Warning KeyRotationFailed") {
		t.Errorf("events %q, want one", events)
	}
	r.site.SetKey(keyB) // a person enters it
	r.annotate(v1alpha1.AnnotationTestRequestedAt, "now")
	r.through()
	r.uses(keyB)
}

func TestAKeyTheSiteDoesNotAcceptIsTriedUntilItIsCorrected(t *testing.T) {
	cases := map[string]string{
		"TooLong": strings.Repeat("x", 600),
		"NoASCII": strings.Repeat("ä", 40),
	}
	for name, key := range cases {
		t.Run(name, func(t *testing.T) {
			r := newRotating(t, v1alpha1.CredentialsPolicyProvided)
			r.update(keySecret(key))
			r.settle()
			i := r.expect("Ready=True/Connected", "KeyRotated=False/KeyRotationFailed")
			if c := meta.FindStatusCondition(i.Status.Conditions, v1alpha1.ConditionKeyRotated); !strings.Contains(c.Message, `Secret "key"`) || strings.Contains(c.Message, key) {
				t.Errorf("message %q does not name the Secret, or shows the key", c.Message)
			}
			r.update(keySecret(keyB))
			r.through()
			r.uses(keyB)
		})
	}
}

func TestARequestForAProvidedKeyIsAnswered(t *testing.T) {
	r := newRotating(t, v1alpha1.CredentialsPolicyProvided)
	r.annotate(v1alpha1.AnnotationRotateRequestedAt, "now")
	r.settle()
	if events := r.drain(); len(events) != 1 || !strings.Contains(events[0], `under "apiKey" of Secret "key"`) {
		t.Errorf("events %q, want one that says where to put a new key", events)
	}
	if got := v1alpha1.LookUp(r.get().Status.LastHandled, v1alpha1.AnnotationRotateRequestedAt); got != "now" {
		t.Errorf("handled %q, want now", got)
	}
	r.quiet("it is answered")
	r.uses(keyA)
}

func TestARequestDuringARotationIsAnswered(t *testing.T) {
	r := newRotating(t, v1alpha1.CredentialsPolicyGenerated)
	r.annotate(v1alpha1.AnnotationRotateRequestedAt, "first")
	r.settle()
	first := string(r.store().Data[currentEntry])
	r.annotate(v1alpha1.AnnotationRotateRequestedAt, "second")
	r.through()
	r.clock.Step(time.Minute)
	r.through()
	second := string(r.store().Data[currentEntry])
	if second == first || first == keyA {
		t.Error("the second request got no key of its own: the first one's may be what leaked")
	}
	r.uses(second)
}

func TestARotationWaitsForTheSiteThatItIsFor(t *testing.T) {
	cases := map[string]struct {
		reason        string
		disrupt, mend func(*rotating)
	}{
		"Suspended": {
			"a suspended site is not called", func(r *rotating) { r.suspend(true) }, func(r *rotating) { r.suspend(false) },
		},
		"Down": {
			"a site that is down is left to the test of the connection",
			func(r *rotating) {
				r.site.SetHook(func(*http.Request) wordpresstest.Fault { return wordpresstest.Fault{Drop: true} })
			},
			func(r *rotating) { r.site.SetHook(nil) },
		},
		"Clone": {
			"another site may not get the key", func(r *rotating) { r.rename("11111111-1111-4111-8111-111111111111") }, func(r *rotating) { r.rename("") },
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			r := newRotating(t, v1alpha1.CredentialsPolicyGenerated)
			tc.disrupt(r)
			r.annotate(v1alpha1.AnnotationRotateRequestedAt, "now")
			for range 5 {
				r.clock.Step(max(r.settle().RequeueAfter, time.Minute))
			}
			if r.site.Key() != keyA || string(r.store().Data[currentEntry]) != keyA || r.site.CountCalls(http.MethodPost, "keys/rotate") != 0 {
				t.Errorf("%s: the key was replaced, or offered", tc.reason)
			}
			tc.mend(r)
			for range 3 {
				r.clock.Step(6 * time.Minute)
				r.settle()
			}
			r.through()
			if r.site.Key() == keyA {
				t.Error("the key was not replaced once the site was well")
			}
			r.uses(r.site.Key())
		})
	}
}

func TestASiteThatStaysAwayHasDroppedTheFormerKeyByItself(t *testing.T) {
	r := newRotating(t, v1alpha1.CredentialsPolicyGenerated)
	r.annotate(v1alpha1.AnnotationRotateRequestedAt, "now")
	r.settle()
	r.site.SetHook(func(*http.Request) wordpresstest.Fault { return wordpresstest.Fault{Drop: true} })
	for range 30 {
		r.clock.Step(30 * time.Second)
		r.settle()
	}
	if len(r.store().Data) != 1 {
		t.Error("the former key is still in the Secret after a quarter of an hour")
	}
	if keys := r.get().Status.Keys; len(keys) != 1 {
		t.Errorf("keys %+v, want one", keys)
	}
}

func TestRefusedCredentialsThatOnceWorkedStall(t *testing.T) {
	r := newRotating(t, v1alpha1.CredentialsPolicyProvided)
	r.site.SetKey(keyB)
	r.clock.Step(6 * time.Minute)
	r.settle()
	r.expect("Stalled=True/CredentialsRefused", "Connected=False/CredentialsRefused")
	r.update(keySecret(keyB))
	for range 3 {
		r.clock.Step(r.settle().RequeueAfter)
	}
	r.through()
	r.uses(keyB)
	if keys := r.get().Status.Keys; len(keys) != 1 {
		t.Errorf("keys %+v, want the new one only", keys)
	}
}

// The site accepts neither key: the operator goes on asking with the new one.
func TestANewKeyTheSiteDoesNotKnowYetIsWaitedFor(t *testing.T) {
	r := newRotating(t, v1alpha1.CredentialsPolicyProvided)
	r.site.SetKey(keyC)
	r.clock.Step(6 * time.Minute)
	r.settle()
	r.update(keySecret(keyB))
	r.settle()
	r.expect("Connected=False/CredentialsRefused", "KeyRotated=False/KeyRotationFailed")
	r.site.SetKey(keyB)
	r.annotate(v1alpha1.AnnotationTestRequestedAt, "now")
	r.through()
	r.uses(keyB)
}

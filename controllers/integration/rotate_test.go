// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/siteaccess"
	"github.com/igny8/wordpress-operator/internal/wordpress"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

const (
	currentEntry   = siteaccess.GeneratedSecretKey
	candidateEntry = siteaccess.CandidateSecretKey
	previousEntry  = siteaccess.PreviousSecretKey
)

var (
	keyA = strings.Repeat("a", 40)
	keyB = strings.Repeat("b", 40)
	keyC = strings.Repeat("c", 40)
)

// rotating is a harness whose site accepts keyA.
type rotating struct {
	*harness
	site *wordpresstest.Fake
}

func newRotating(t *testing.T, policy v1alpha1.CredentialsPolicy) *rotating {
	t.Helper()
	site := wordpresstest.New(t, wordpresstest.WithKey(keyA))
	objects := []client.Object{blog(site.URL(), func(i *v1alpha1.WordPressIntegration) {
		if policy == v1alpha1.CredentialsPolicyGenerated {
			i.Spec.Credentials = v1alpha1.Credentials{Policy: policy}
		}
	}), keySecret(keyA)}
	if policy == v1alpha1.CredentialsPolicyGenerated {
		objects = append(objects, &corev1.Secret{ObjectMeta: storeMeta(), Data: entries(currentEntry, keyA)})
	}
	r := &rotating{harness: newHarness(t, objects...), site: site}
	r.settle()
	r.expect("Ready=True/Connected")
	r.drain()
	return r
}

func storeMeta() (m metav1.ObjectMeta) {
	name := siteaccess.StoreOf(blog("", nil))
	m.Namespace, m.Name = name.Namespace, name.Name
	return m
}

// entries makes the data of a Secret of pairs of entry and key.
func entries(pairs ...string) map[string][]byte {
	data := map[string][]byte{}
	for i := 0; i < len(pairs); i += 2 {
		data[pairs[i]] = []byte(pairs[i+1])
	}
	return data
}

func (r *rotating) store() *corev1.Secret {
	r.t.Helper()
	store := &corev1.Secret{}
	if err := r.client.Get(r.t.Context(), siteaccess.StoreOf(blog("", nil)), store); err != nil {
		r.t.Fatal(err)
	}
	return store
}

// edit changes the entries of the operator's Secret by hand.
func (r *rotating) editStore(pairs ...string) {
	r.t.Helper()
	store := r.store()
	store.Data = entries(pairs...)
	r.update(store)
}

// drain returns the Events so far.
func (h *harness) drain() []string {
	var events []string
	for {
		select {
		case e := <-h.recorder.Events:
			events = append(events, e)
		default:
			return events
		}
	}
}

// through lets time pass until a rotation is over.
func (r *rotating) through() {
	r.t.Helper()
	for range 100 {
		result := r.settle()
		if c := meta.FindStatusCondition(r.get().Status.Conditions, v1alpha1.ConditionKeyRotated); c == nil || c.Status == "True" {
			return
		}
		r.clock.Step(max(result.RequeueAfter, time.Second))
	}
	r.t.Fatalf("the rotation does not end; conditions %+v", r.get().Status.Conditions)
}

// uses checks that the Secret has one key, and the site accepts that alone.
func (r *rotating) uses(key string) {
	r.t.Helper()
	if diff := cmp.Diff(entries(currentEntry, key), r.store().Data); diff != "" {
		r.t.Errorf("Secret (-want +got):\n%s", diff)
	}
	if states := r.site.KeyStates(); r.site.Key() != key || states.Candidate != "" || states.Retiring != "" {
		r.t.Errorf("the site accepts %+v, want one key, %q", states, key)
	}
	r.expect("Ready=True/Connected")
}

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

// inUse makes a site use a key that was offered, the former one retiring.
func inUse(key, former string) func(*rotating) {
	return func(r *rotating) {
		r.site.SetKey(former)
		if _, err := r.caller(former).OfferKey(r.t.Context(), wordpress.NewKey(key)); err != nil {
			r.t.Fatal(err)
		}
		if _, err := r.caller(key).Site(r.t.Context(), wordpress.Position{}); err != nil {
			r.t.Fatal(err)
		}
	}
}

// entered makes a site accept one key, as its settings page does.
func entered(key string) func(*rotating) { return func(r *rotating) { r.site.SetKey(key) } }

// caller calls the site past the operator.
func (r *rotating) caller(key string) *wordpress.Client {
	r.t.Helper()
	c, err := wordpress.NewClient(wordpress.Config{SiteURL: r.site.URL(), Key: wordpress.NewKey(key)}, wordpresstest.LoopbackTransports(r.t))
	if err != nil {
		r.t.Fatal(err)
	}
	return c
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

func (r *rotating) suspend(suspended bool) {
	r.t.Helper()
	i := r.get()
	i.Spec.Suspend = suspended
	r.update(i)
}

// rename makes the known site another one than the one that answers, and the
// empty name the same.
func (r *rotating) rename(uuid string) {
	r.t.Helper()
	if uuid == "" {
		found, err := r.caller(r.site.Key()).Site(r.t.Context(), wordpress.Position{})
		if err != nil {
			r.t.Fatal(err)
		}
		uuid = found.UUID
	}
	i := r.get()
	i.Status.Site.UUID = uuid
	if err := r.client.Status().Update(r.t.Context(), i); err != nil {
		r.t.Fatal(err)
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

// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
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

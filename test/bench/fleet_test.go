// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"bytes"
	"fmt"
	"sync"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/hack/controlplane"
	"github.com/igny8/wordpress-operator/hack/stack"
)

const (
	managerUser = "system:serviceaccount:" + stack.Namespace + ":manager"
	// patience bounds every wait for something to happen.
	patience = 5 * time.Minute
	// creators create objects side by side.
	creators = 8
)

// fleet is a namespace of integrations.
type fleet struct {
	t          *testing.T
	namespace  string
	publishing v1alpha1.Publishing
}

// newFleet applies one integration per host, all at once.
func newFleet(t *testing.T, key string, hosts []string) *fleet {
	t.Helper()
	return newPublishingFleet(t, key, hosts, v1alpha1.Publishing{})
}

// newPublishingFleet is a fleet whose integrations say how to publish.
func newPublishingFleet(t *testing.T, key string, hosts []string, publishing v1alpha1.Publishing) *fleet {
	t.Helper()
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "bench-"}}
	if err := shared.Client.Create(t.Context(), namespace); err != nil {
		t.Fatal(err)
	}
	f := &fleet{t: t, namespace: namespace.Name, publishing: publishing}
	secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: f.namespace, Name: "key"}, StringData: map[string]string{"apiKey": key}}
	if err := shared.Client.Create(t.Context(), secret); err != nil {
		t.Fatal(err)
	}
	sideBySide(t, len(hosts), func(i int) error { return shared.Client.Create(t.Context(), f.integration(i, hosts[i])) })
	return f
}

// sideBySide does something for each number below n, several at a time.
func sideBySide(t *testing.T, n int, do func(i int) error) {
	t.Helper()
	indices := make(chan int)
	var doing sync.WaitGroup
	for range creators {
		doing.Go(func() {
			for i := range indices {
				if err := do(i); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for i := range n {
		indices <- i
	}
	close(indices)
	doing.Wait()
}

func nameOf(i int) string { return fmt.Sprintf("site-%04d", i) }

func (f *fleet) integration(i int, host string) *v1alpha1.WordPressIntegration {
	return &v1alpha1.WordPressIntegration{
		ObjectMeta: metav1.ObjectMeta{Namespace: f.namespace, Name: nameOf(i)},
		Spec: v1alpha1.WordPressIntegrationSpec{
			SiteURL: "http://" + host,
			Credentials: v1alpha1.Credentials{
				Policy: v1alpha1.CredentialsPolicyProvided, SecretRef: v1alpha1.SecretKeyReference{Name: "key", Key: "apiKey"},
			},
			Transport:  v1alpha1.Transport{Plaintext: v1alpha1.PlaintextAllowed},
			Publishing: f.publishing,
		},
	}
}

// connected counts the integrations whose site is connected.
func (f *fleet) connected() int {
	f.t.Helper()
	var all v1alpha1.WordPressIntegrationList
	if err := shared.Client.List(f.t.Context(), &all, client.InNamespace(f.namespace)); err != nil {
		f.t.Fatal(err)
	}
	n := 0
	for i := range all.Items {
		if meta.IsStatusConditionTrue(all.Items[i].Status.Conditions, v1alpha1.ConditionConnected) {
			n++
		}
	}
	return n
}

// settle waits until n integrations are connected and nothing is written any
// more: what follows from the first contact is then done.
func (f *fleet) settle(n int) {
	f.t.Helper()
	await(f.t, fmt.Sprintf("%d sites connected", n), func() bool { return f.connected() == n })
	last := -1
	await(f.t, "no more writes", func() bool {
		before := last
		last = f.writes().total
		return last == before
	})
}

// remove deletes the integrations.
func (f *fleet) remove() {
	f.t.Helper()
	if err := shared.Client.DeleteAllOf(f.t.Context(), &v1alpha1.WordPressIntegration{}, client.InNamespace(f.namespace)); err != nil {
		f.t.Fatal(err)
	}
}

// writes are what the manager wrote in the namespace since the beginning.
type writes struct {
	total, status, events int
	// requests are the status writes of PublishRequests, others what is neither
	// that nor an Event.
	requests, others int
	// updates are those of the status that note the daily reading of a site's
	// structure; they count in none of the others.
	updates int
	// to counts by object.
	to map[string]int
}

func (f *fleet) writes() writes {
	f.t.Helper()
	events, err := shared.AuditEvents(f.t.Context())
	if err != nil {
		f.t.Fatal(err)
	}
	w := writes{to: map[string]int{}}
	for i := range events {
		e := &events[i]
		if e.ObjectRef == nil || e.User.Username != managerUser || e.ObjectRef.Namespace != f.namespace || len(controlplane.CountWrites(events[i:i+1])) == 0 {
			continue
		}
		if e.RequestObject != nil && bytes.Contains(e.RequestObject.Raw, []byte(`"lastUpdateTime"`)) {
			w.updates++
			continue
		}
		w.total++
		w.to[e.ObjectRef.Name]++
		w.count(e.ObjectRef)
	}
	return w
}

// settled are the writes that must not be there where nothing happens. How long a
// queue was is told of integrations up to ten seconds after it; the short variant
// does not wait for that.
func (w writes) settled() int {
	if *full {
		return w.total
	}
	return w.requests + w.events
}

// calm waits until the integrations have told all there is to tell of the queue.
func (f *fleet) calm() {
	f.t.Helper()
	if !*full {
		return
	}
	<-time.After(12 * time.Second)
	await(f.t, "the integrations to tell of no queue", func() bool {
		var all v1alpha1.WordPressIntegrationList
		if err := shared.Client.List(f.t.Context(), &all, client.InNamespace(f.namespace)); err != nil {
			f.t.Fatal(err)
		}
		for i := range all.Items {
			if queue := all.Items[i].Status.Queue; queue.Waiting > 0 || queue.InFlight > 0 {
				return false
			}
		}
		return true
	})
}

func (w *writes) count(ref *auditv1.ObjectReference) {
	status := ref.Subresource == "status"
	if status {
		w.status++
	}
	switch {
	case ref.Resource == "events":
		w.events++
	case status && ref.Resource == "publishrequests":
		w.requests++
	default:
		w.others++
	}
}

// await asks twice a second until the answer is yes.
func await(t *testing.T, what string, done func() bool) {
	t.Helper()
	awaitEvery(t, 500*time.Millisecond, what, done)
}

// awaitSoon asks often: what it waits for comes soon, and asking is cheap.
func awaitSoon(t *testing.T, what string, done func() bool) {
	t.Helper()
	awaitEvery(t, 20*time.Millisecond, what, done)
}

func awaitEvery(t *testing.T, interval time.Duration, what string, done func() bool) {
	t.Helper()
	deadline := time.After(patience)
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for !done() {
		select {
		case <-ticker.C:
		case <-deadline:
			t.Fatalf("not within %s: %s", patience, what)
		}
	}
}

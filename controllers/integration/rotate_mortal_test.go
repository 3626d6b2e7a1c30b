// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/siteaccess"
	"github.com/igny8/wordpress-operator/internal/wordpress"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

var errKilled = errors.New("the process is dead")

// newProvidedKey is what a person changes a provided Secret to.
const newProvidedKey = "igny8_a-new-key-that-a-person-made-0000000"

// mortal is a harness whose process dies at given points: before and after each
// write to the API server and each call of the site. What it leaves behind there
// stays.
type mortal struct {
	*harness
	site       *wordpresstest.Fake
	transports *wordpress.Transports

	// over says that a process has done what the test waits for.
	over func() bool

	mu sync.Mutex
	// armed says that points count; paired that the site is to accept the key in
	// use from now on.
	armed  bool
	paired bool
	dead   bool
	passed int
	kills  []int
	trace  []string
}

// point is a moment at which the process may die. It returns false if it is, or
// was, its last.
func (m *mortal) point(name string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.armed || m.dead {
		return !m.dead
	}
	m.passed++
	m.trace = append(m.trace, name)
	if len(m.kills) > 0 && m.passed == m.kills[0] {
		m.kills, m.dead = m.kills[1:], true
		m.trace = append(m.trace, "killed")
	}
	return !m.dead
}

// write makes one write with a point before and after it.
func (m *mortal) write(what string, do func() error) error {
	if !m.point("before " + what) {
		return errKilled
	}
	err := do()
	if err == nil {
		m.checkAccess("after " + what)
	}
	if !m.point("after " + what) {
		return errKilled
	}
	return err
}

func newMortal(t *testing.T, policy v1alpha1.CredentialsPolicy) *mortal {
	t.Helper()
	site := wordpresstest.New(t)
	m := &mortal{site: site, transports: wordpresstest.LoopbackTransports(t)}
	m.over = m.rotated
	integration := blog(site.URL(), func(i *v1alpha1.WordPressIntegration) {
		if policy == v1alpha1.CredentialsPolicyGenerated {
			i.Spec.Credentials = v1alpha1.Credentials{Policy: policy}
		}
	})
	m.harness = newHarnessWith(t, m.transports, integration, keySecret(site.Key()))
	m.client = interceptor.NewClient(m.client, interceptor.Funcs{
		Create: func(ctx context.Context, c client.WithWatch, o client.Object, opts ...client.CreateOption) error {
			return m.write("create of the Secret", func() error { return c.Create(ctx, o, opts...) })
		},
		Patch: func(ctx context.Context, c client.WithWatch, o client.Object, p client.Patch, opts ...client.PatchOption) error {
			return m.write("patch of the Secret", func() error { return c.Patch(ctx, o, p, opts...) })
		},
		SubResourcePatch: func(ctx context.Context, c client.Client, sub string, o client.Object, p client.Patch, opts ...client.SubResourcePatchOption) error {
			return m.write("write of the status", func() error { return c.SubResource(sub).Patch(ctx, o, p, opts...) })
		},
	})
	site.SetHook(m.strike)
	return m
}

// strike kills the process before or after the effect of a call.
func (m *mortal) strike(r *http.Request) wordpresstest.Fault {
	call := "call " + r.Method + " " + r.URL.Path
	if !m.point("before " + call) {
		return wordpresstest.Fault{Drop: true}
	}
	if !m.point("after " + call) {
		return wordpresstest.Fault{Drop: true, Stage: wordpresstest.AfterEffect}
	}
	return wordpresstest.Fault{}
}

// pair lets the site accept the key in use, and the operator find that out.
func (m *mortal) pair() {
	m.t.Helper()
	stop := m.boot(m.transports)
	defer stop()
	m.settle()
	if key := m.secret().Data[siteaccess.GeneratedSecretKey]; string(key) != m.site.Key() {
		m.site.SetKey(string(key))
		m.clock.Step(DefaultIntervals().FailingMin)
		m.settle()
	}
	m.expect("Ready=True/Connected")
	m.paired = true
}

// ask asks for a new key, in the way of the policy.
func (m *mortal) ask() {
	m.t.Helper()
	i := m.get()
	if i.Spec.Credentials.Policy == v1alpha1.CredentialsPolicyProvided {
		m.update(keySecret(newProvidedKey))
		return
	}
	m.annotate(v1alpha1.AnnotationRotateRequestedAt, "now")
}

// live runs processes, each until it is killed, until it is over.
func (m *mortal) live() {
	m.t.Helper()
	m.armed = true
	for range 100 {
		if m.process() {
			return
		}
	}
	m.t.Fatalf("it does not end:\n%s", strings.Join(m.trace, "\n"))
}

// revive lets points count for the next process. A call that the one before has
// given up may still be at the site.
func (m *mortal) revive() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.dead = false
}

// process runs one process, and says whether it is over.
func (m *mortal) process() bool {
	m.revive()
	stop := m.boot(m.transports)
	defer stop()
	for range 100 {
		result, err := m.Reconcile(m.t.Context(), ctrl.Request{NamespacedName: blogName})
		called := m.awaitCall()
		m.checkAccess("after a reconcile")
		switch {
		case m.killed():
			return false
		case err != nil:
			m.t.Fatalf("Reconcile: %v\n%s", err, strings.Join(m.trace, "\n"))
		case called:
		case m.over():
			return true
		default:
			m.clock.Step(max(result.RequeueAfter, time.Second))
		}
	}
	m.t.Fatalf("the process does not end it:\n%s", strings.Join(m.trace, "\n"))
	return false
}

func (m *mortal) killed() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.dead
}

// rotated says that a rotation has ended.
func (m *mortal) rotated() bool {
	c := meta.FindStatusCondition(m.get().Status.Conditions, v1alpha1.ConditionKeyRotated)
	return c != nil && c.Reason == v1alpha1.ReasonKeyRotated
}

func (m *mortal) secret() *corev1.Secret {
	m.t.Helper()
	secret := &corev1.Secret{}
	if err := m.client.Get(context.Background(), siteaccess.StoreOf(blog("", nil)), secret); err != nil {
		m.t.Fatal(err)
	}
	return secret
}

// checkAccess holds what must be so at every moment: the site accepts the key
// that calls take, and knows no key whose callback token the webhookserver would
// not know.
func (m *mortal) checkAccess(when string) {
	m.t.Helper()
	if !m.armed || !m.paired {
		return
	}
	states := m.site.KeyStates()
	inUse := digestOf(m.secret().Data[siteaccess.GeneratedSecretKey])
	if inUse != states.Current && inUse != states.Candidate && inUse != states.Retiring {
		m.t.Errorf("%s: the site refuses the key in use; it has %+v\n%s", when, states, strings.Join(m.trace, "\n"))
	}
	keys := m.get().Status.Keys
	for _, digest := range []string{states.Current, states.Candidate, states.Retiring} {
		if digest != "" && findKey(keys, digest) == nil {
			m.t.Errorf("%s: the status does not list a key of the site: %+v, %+v\n%s", when, keys, states, strings.Join(m.trace, "\n"))
		}
	}
}

// checkOver holds what must be so in the end: one key, everywhere, and not the old.
func (m *mortal) checkOver(old string) {
	m.t.Helper()
	secret, status := m.secret(), m.get().Status
	key := string(secret.Data[siteaccess.GeneratedSecretKey])
	if key == old || len(secret.Data) != 1 {
		m.t.Errorf("the Secret has %d keys, the old one in use: %t", len(secret.Data), key == old)
	}
	if diff := cmp.Diff(wordpress.KeyStates{Current: digestOf([]byte(key))}, m.site.KeyStates()); diff != "" {
		m.t.Errorf("keys of the site (-want +got):\n%s", diff)
	}
	if len(status.Keys) != 1 || status.Keys[0].State != v1alpha1.APIKeyStateAccepted || status.Keys[0].Digest != digestOf([]byte(key)) {
		m.t.Errorf("keys in the status %+v, want the new one", status.Keys)
	}
	if m.get().Spec.Credentials.Policy == v1alpha1.CredentialsPolicyGenerated &&
		v1alpha1.LookUp(status.LastHandled, v1alpha1.AnnotationRotateRequestedAt) != "now" {
		m.t.Error("the request is not noted as handled")
	}
	if provided := digestOf([]byte(newProvidedKey)); m.get().Spec.Credentials.Policy == v1alpha1.CredentialsPolicyProvided && status.Keys[0].Digest != provided {
		m.t.Error("the key in use is not the provided one")
	}
	m.expect("Ready=True/Connected", "Connected=True/Connected", "KeyRotated=True/KeyRotated")
}

func digestOf(key []byte) string {
	sum := sha256.Sum256(key)
	return "sha256:" + hex.EncodeToString(sum[:])
}

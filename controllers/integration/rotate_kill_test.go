// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/siteaccess"
)

// rotate runs one rotation whose processes are killed at the given points, and
// returns what it went through.
func rotate(t *testing.T, policy v1alpha1.CredentialsPolicy, kills ...int) *mortal {
	t.Helper()
	m := newMortal(t, policy)
	m.pair()
	old := string(m.secret().Data[siteaccess.GeneratedSecretKey])
	m.ask()
	m.kills = kills
	m.live()
	m.checkOver(old)
	return m
}

// TestARotationSurvivesAKillAtEachPoint: every write and every call, before and
// after, in both policies.
func TestARotationSurvivesAKillAtEachPoint(t *testing.T) {
	for _, policy := range []v1alpha1.CredentialsPolicy{v1alpha1.CredentialsPolicyGenerated, v1alpha1.CredentialsPolicyProvided} {
		t.Run(string(policy), func(t *testing.T) {
			undisturbed := rotate(t, policy)
			points := undisturbed.passed
			survived := 0
			for n := 1; n <= points; n++ {
				if t.Run(fmt.Sprint(n), func(t *testing.T) {
					if m := rotate(t, policy, n); len(m.kills) > 0 {
						t.Errorf("the process was not killed: %d points only", m.passed)
					}
				}) {
					survived++
				}
			}
			t.Logf("kill points %d/%d: %s", survived, points, strings.Join(undisturbed.trace, ", "))
		})
	}
}

// TestARotationSurvivesManyKills: several processes in a row die, at points drawn
// from a seed.
func TestARotationSurvivesManyKills(t *testing.T) {
	const seed, rounds = 20261123, 40
	random := rand.New(rand.NewPCG(seed, 0))
	for n := range rounds {
		policy := v1alpha1.CredentialsPolicyGenerated
		if n%2 == 1 {
			policy = v1alpha1.CredentialsPolicyProvided
		}
		var kills []int
		for at := 0; len(kills) < 6; {
			at += 1 + random.IntN(8)
			kills = append(kills, at)
		}
		t.Run(fmt.Sprintf("%s%v", policy, kills), func(t *testing.T) { rotate(t, policy, kills...) })
	}
}

// TestPairingSurvivesAKillAtEachPoint: a key is made once, and a provided one is
// kept from the moment on in which the site is said to accept it.
func TestPairingSurvivesAKillAtEachPoint(t *testing.T) {
	pair := func(t *testing.T, policy v1alpha1.CredentialsPolicy, kills ...int) *mortal {
		m := newMortal(t, policy)
		made := map[string]bool{}
		m.over = func() bool {
			secret := &corev1.Secret{}
			_ = m.client.Get(t.Context(), siteaccess.StoreOf(blog("", nil)), secret)
			key := string(secret.Data[siteaccess.GeneratedSecretKey])
			connected := meta.IsStatusConditionTrue(m.get().Status.Conditions, v1alpha1.ConditionConnected)
			if connected && key != m.site.Key() {
				t.Errorf("the integration is connected, and the key in use is not kept\n%s", strings.Join(m.trace, "\n"))
			}
			if key != "" {
				made[key] = true
				m.site.SetKey(key)
			}
			return connected
		}
		m.kills = kills
		m.live()
		if len(made) != 1 {
			t.Errorf("%d keys were made, want one", len(made))
		}
		return m
	}
	for _, policy := range []v1alpha1.CredentialsPolicy{v1alpha1.CredentialsPolicyGenerated, v1alpha1.CredentialsPolicyProvided} {
		t.Run(string(policy), func(t *testing.T) {
			points, survived := pair(t, policy).passed, 0
			for n := 1; n <= points; n++ {
				if t.Run(fmt.Sprint(n), func(t *testing.T) { pair(t, policy, n) }) {
					survived++
				}
			}
			t.Logf("kill points %d/%d", survived, points)
		})
	}
}

// TestTwoManagersReplaceOneKey: for a moment there may be two, a leader that does
// not know yet that it is none. Whose turn it is, and whether it waits for its
// calls, is drawn from a seed.
func TestTwoManagersReplaceOneKey(t *testing.T) {
	const seed, rounds = 20261123, 10
	for n := range uint64(rounds) {
		for _, policy := range []v1alpha1.CredentialsPolicy{v1alpha1.CredentialsPolicyGenerated, v1alpha1.CredentialsPolicyProvided} {
			t.Run(fmt.Sprint(policy, n), func(t *testing.T) {
				random := rand.New(rand.NewPCG(seed, n))
				m := newMortal(t, policy)
				m.pair()
				old := string(m.secret().Data[siteaccess.GeneratedSecretKey])
				m.ask()
				m.armed = true
				var managers []*Reconciler
				for range 2 {
					m.boot(m.transports)
					managers = append(managers, m.Reconciler)
				}
				for turn := 0; !m.over(); turn++ {
					if turn > 1000 {
						t.Fatal("the two do not come to an end")
					}
					m.Reconciler = managers[random.IntN(2)]
					if _, err := m.Reconcile(t.Context(), ctrl.Request{NamespacedName: blogName}); err != nil && !apierrors.IsConflict(err) {
						t.Fatal(err)
					}
					if random.IntN(2) == 0 {
						m.awaitCall()
						m.clock.Step(5 * time.Second)
					}
					m.checkAccess("after a turn")
				}
				for _, m.Reconciler = range managers {
					m.settle()
				}
				m.checkOver(old)
			})
		}
	}
}

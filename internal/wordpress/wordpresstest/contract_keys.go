// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpresstest

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// newKey returns a key that no site has.
func newKey() string { return "igny8_" + rand.Text() + rand.Text() }

// withKey returns the client of a key.
func (s *suite) withKey(t *testing.T, key string) *wordpress.Client {
	t.Helper()
	return s.clientWith(t, key, wordpress.AuthHeaderAuto)
}

// rotateTo makes a new key the current one until the test ends.
func (s *suite) rotateTo(t *testing.T, key string) *wordpress.Client {
	t.Helper()
	mustOffer(t, s.client, key)
	next := s.withKey(t, key)
	mustWork(t, next, "the candidate")
	t.Cleanup(func() { s.rotateBack(t, next) })
	return next
}

// rotateBack ends a test with the key it began with: the site is the next
// case's too.
func (s *suite) rotateBack(t *testing.T, current *wordpress.Client) {
	t.Helper()
	// The test is over, but its clean-up is not.
	if _, err := current.OfferKey(context.WithoutCancel(t.Context()), wordpress.NewKey(s.target.Key)); err != nil {
		t.Errorf("offer the first key again: %v", err)
	}
	mustStates(t, s.client, wordpress.KeyStates{Current: keyDigest(s.target.Key)})
}

func mustOffer(t *testing.T, client *wordpress.Client, key string) *wordpress.KeyStates {
	t.Helper()
	states, err := client.OfferKey(t.Context(), wordpress.NewKey(key))
	if err != nil {
		t.Fatalf("OfferKey: %v", err)
	}
	return states
}

// mustStates retires what is older than the client's key.
func mustStates(t *testing.T, client *wordpress.Client, want wordpress.KeyStates) {
	t.Helper()
	states, err := client.RetireKeys(context.WithoutCancel(t.Context()))
	if err != nil {
		t.Fatalf("RetireKeys: %v", err)
	}
	if diff := cmp.Diff(want, *states); diff != "" {
		t.Errorf("states (-want +got):\n%s", diff)
	}
}

func mustWork(t *testing.T, client *wordpress.Client, what string) {
	t.Helper()
	if err := second(client.FindPost(t.Context(), "no such key")); wordpress.KindOf(err) != wordpress.KindNotFound {
		t.Errorf("%s: %v, want it accepted", what, err)
	}
}

func mustProblem(t *testing.T, err error, problem, what string) {
	t.Helper()
	var e *wordpress.Error
	if !errors.As(err, &e) || e.Kind != wordpress.KindCredentialsRefused || e.Problem != problem {
		t.Errorf("%s: %v, want %s", what, err, problem)
	}
}

// testOffer covers a candidate until its first use.
func testOffer(t *testing.T, s *suite) {
	current, never, key := keyDigest(s.target.Key), newKey(), newKey()
	mustOffer(t, s.client, never)
	for what, states := range map[string]*wordpress.KeyStates{
		"first": mustOffer(t, s.client, key), "again": mustOffer(t, s.client, key),
	} {
		if diff := cmp.Diff(&wordpress.KeyStates{Current: current, Candidate: keyDigest(key)}, states); diff != "" {
			t.Errorf("states after the offer, %s (-want +got):\n%s", what, diff)
		}
	}
	mustProblem(t, second(s.withKey(t, never).FindPost(t.Context(), "k")), "key-unknown", "a replaced candidate")
	mustWork(t, s.client, "the current key beside a candidate")
	mustStates(t, s.client, wordpress.KeyStates{Current: current, Candidate: keyDigest(key)})
	s.rotateTo(t, key)
}

// testPromotion covers the first use of a candidate until the former key dies.
func testPromotion(t *testing.T, s *suite) {
	key := newKey()
	next := s.rotateTo(t, key)
	mustWork(t, s.client, "the retiring key")
	mustProblem(t, second(s.client.OfferKey(t.Context(), wordpress.NewKey(newKey()))), "key-retiring", "an offer by the retiring key")
	mustProblem(t, second(s.client.RetireKeys(t.Context())), "key-retiring", "the retiring key retiring others")

	other := newKey()
	want := &wordpress.KeyStates{Current: keyDigest(key), Candidate: keyDigest(other)}
	if diff := cmp.Diff(want, mustOffer(t, next, other)); diff != "" {
		t.Errorf("states after an offer while a key retires (-want +got):\n%s", diff)
	}
	mustProblem(t, second(s.client.FindPost(t.Context(), "k")), "key-unknown", "the retiring key after the next offer")
}

// testRetire covers the end of a rotation.
func testRetire(t *testing.T, s *suite) {
	key := newKey()
	next := s.rotateTo(t, key)
	for range 2 {
		mustStates(t, next, wordpress.KeyStates{Current: keyDigest(key)})
	}
	mustProblem(t, second(s.client.FindPost(t.Context(), "k")), "key-unknown", "a retired key")
	mustProblem(t, second(s.client.OfferKey(t.Context(), wordpress.NewKey(newKey()))), "key-unknown", "an offer by a retired key")
}

// testRotationUnderLoad uses both keys at once while the new one takes over.
func testRotationUnderLoad(t *testing.T, s *suite) {
	const calls = 100
	key := newKey()
	mustOffer(t, s.client, key)
	clients := []*wordpress.Client{s.client, s.withKey(t, key)}
	errs := make([]error, calls)
	var all sync.WaitGroup
	for i := range calls {
		all.Go(func() { errs[i] = second(clients[i%2].FindPost(t.Context(), "no such key")) })
	}
	all.Wait()
	refused := slices.DeleteFunc(errs, func(err error) bool { return wordpress.KindOf(err) == wordpress.KindNotFound })
	if len(refused) > 0 {
		t.Errorf("%d of %d calls were refused, the first: %v", len(refused), calls, refused[0])
	}
	mustStates(t, clients[1], wordpress.KeyStates{Current: keyDigest(key)})
	s.rotateBack(t, clients[1])
}

// testBadKeys offers what cannot be a key, past the client's own check.
func testBadKeys(t *testing.T, s *suite) {
	for name, body := range map[string]string{
		"missing":      `{}`,
		"null":         `{"key":null}`,
		"short":        `{"key":"` + strings.Repeat("k", 31) + `"}`,
		"long":         `{"key":"` + strings.Repeat("k", 513) + `"}`,
		"white space":  `{"key":"` + strings.Repeat("k", 32) + ` "}`,
		"line break":   `{"key":"` + strings.Repeat("k", 32) + `\n"}`,
		"not ASCII":    `{"key":"` + strings.Repeat("ü", 32) + `"}`,
		"a number":     `{"key":12345678901234567890123456789012}`,
		"a list":       `{"key":["` + strings.Repeat("k", 32) + `"]}`,
		"another name": `{"key":"` + newKey() + `","user":1}`,
	} {
		res := s.raw(t, http.MethodPost, "igny8/v1/keys/rotate", body, s.json())
		if res.status != http.StatusBadRequest || res.problem() != "invalid-payload" || len(res.fields()) == 0 {
			t.Errorf("%s: answer %d %q, want 400 invalid-payload", name, res.status, res.problem())
		}
		if strings.Contains(res.body, "kkkk") {
			t.Errorf("%s: the answer repeats the key", name)
		}
	}
	mustStates(t, s.client, wordpress.KeyStates{Current: keyDigest(s.target.Key)})
}

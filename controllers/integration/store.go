// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"context"
	"crypto/rand"
	"encoding/hex"

	corev1 "k8s.io/api/core/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/siteaccess"
)

const (
	// generatedKeyBytes of randomness make a key that cannot be guessed.
	generatedKeyBytes = 32
	// generatedKeyPrefix lets secret scanners and people recognise a key.
	generatedKeyPrefix = "igny8_"
)

// putNewKey puts a key that nobody knows yet into a new Secret.
func putNewKey(store *corev1.Secret) { store.Data[siteaccess.GeneratedSecretKey] = newKey() }

// newKey makes an API key.
func newKey() []byte {
	random := make([]byte, generatedKeyBytes)
	_, _ = rand.Read(random) // never fails: crypto/rand ends the process instead
	return []byte(generatedKeyPrefix + hex.EncodeToString(random))
}

// putCandidate makes a new key the candidate, and notes the request it answers.
func putCandidate(store *corev1.Secret, request string) {
	store.Data[siteaccess.CandidateSecretKey] = newKey()
	if store.Annotations == nil {
		store.Annotations = map[string]string{}
	}
	store.Annotations[v1alpha1.AnnotationRotateRequestedAt] = request
}

// promote makes the candidate the key in use.
func promote(store *corev1.Secret) {
	move(store, siteaccess.GeneratedSecretKey, siteaccess.PreviousSecretKey)
	move(store, siteaccess.CandidateSecretKey, siteaccess.GeneratedSecretKey)
}

// restore makes the previous key the one in use again: the site knows no newer
// one. That one is offered to it anew.
func restore(store *corev1.Secret) {
	move(store, siteaccess.GeneratedSecretKey, siteaccess.CandidateSecretKey)
	move(store, siteaccess.PreviousSecretKey, siteaccess.GeneratedSecretKey)
}

func move(store *corev1.Secret, from, to string) {
	store.Data[to] = store.Data[from]
	delete(store.Data, from)
}

func dropPrevious(store *corev1.Secret) { delete(store.Data, siteaccess.PreviousSecretKey) }

// dropCandidate gives a candidate up, and with it the answer to a request.
func dropCandidate(store *corev1.Secret) {
	delete(store.Data, siteaccess.CandidateSecretKey)
	delete(store.Annotations, v1alpha1.AnnotationRotateRequestedAt)
}

// repairStore puts right what a person may have done to the Secret: an entry that
// cannot be a key, or is one of the others, is dropped; and where the key in use
// is lost another takes its place. Whether the site knows that one, calls tell.
func (r *Reconciler) repairStore(ctx context.Context, s *scope) error {
	if s.store == nil || !damaged(s) {
		return nil
	}
	keys := s.keys
	return r.writeStore(ctx, s, func(store *corev1.Secret) {
		if broken(store, siteaccess.CandidateSecretKey, keys.Candidate) {
			dropCandidate(store)
		}
		if broken(store, siteaccess.PreviousSecretKey, keys.Previous) {
			dropPrevious(store)
		}
		switch {
		case keys.Current.Usable():
		case keys.Previous.Usable():
			move(store, siteaccess.PreviousSecretKey, siteaccess.GeneratedSecretKey)
		case keys.Candidate.Usable():
			move(store, siteaccess.CandidateSecretKey, siteaccess.GeneratedSecretKey)
		}
	})
}

// damaged says that the Secret is not as the operator leaves it. A key in use that
// is lost without another one is for a person to put back.
func damaged(s *scope) bool {
	return broken(s.store, siteaccess.CandidateSecretKey, s.keys.Candidate) ||
		broken(s.store, siteaccess.PreviousSecretKey, s.keys.Previous) ||
		!s.keys.Current.Usable() && (s.keys.Candidate.Usable() || s.keys.Previous.Usable())
}

func broken(store *corev1.Secret, entry string, key siteaccess.Credentials) bool {
	_, there := store.Data[entry]
	return there && !key.Usable()
}

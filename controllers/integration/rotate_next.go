// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/igny8/wordpress-operator/internal/siteaccess"
)

// situation is what decides on the next step of a rotation.
type situation struct {
	now  time.Time
	keys siteaccess.Keys
	// wanted is the key that a person provides, the zero value if none does.
	wanted siteaccess.Credentials
	// request is the value of the annotation that asks for a new key and has got
	// none yet.
	request string
	// connected, refused and accepted: the last test was a success; the site
	// refused the key in use; it accepted it at some time.
	connected, refused, accepted bool
	// retiring is since when the previous key is known to be retiring.
	retiring time.Time
	// overlap is how long a call with the previous key may still be on its way.
	overlap time.Duration
}

// reachable says that a call has a chance. A site that is down, or may be another
// one, is left to the test of the connection.
func (k situation) reachable() bool { return k.connected || k.refused }

// idle says that no rotation is under way.
func (k situation) idle() bool { return !k.keys.Candidate.Usable() && !k.keys.Previous.Usable() }

// superseded says that a person provides another key than the candidate by now.
// The candidate may be in use at the site already: it is not given up unasked.
func (k situation) superseded() bool {
	return k.wanted.Usable() && k.keys.Candidate.Usable() && k.keys.Candidate.Digest != k.wanted.Digest
}

// change is what is to be changed in the Secret before the site is called, nil
// for nothing.
func (k situation) change() func(*corev1.Secret) {
	wanted, request := k.wanted, k.request
	switch {
	case k.forgotten():
		return dropPrevious
	case !k.idle():
		return nil
	case wanted.Usable() && wanted.Digest != k.keys.Current.Digest && k.reachable():
		return func(store *corev1.Secret) { wanted.CopyTo(store, siteaccess.CandidateSecretKey) }
	case request != "" && k.connected && k.accepted:
		return func(store *corev1.Secret) { putCandidate(store, request) }
	}
	return nil
}

// forgotten says that the site has dropped the previous key by itself. Where it
// refuses the key in use, the previous one may be what it went back to.
func (k situation) forgotten() bool {
	return k.keys.Previous.Usable() && !k.retiring.IsZero() && !k.refused && !k.now.Before(k.retiring.Add(siteOverlap+k.overlap))
}

// callDue is when the site is to be called, and whether it is at all.
func (k situation) callDue() (due time.Time, ok bool) {
	switch {
	case !k.reachable() || k.idle():
		return time.Time{}, false
	case k.keys.Previous.Usable() && !k.refused && !k.retiring.IsZero():
		return k.retiring.Add(k.overlap), true
	case k.keys.Previous.Usable() && !k.refused:
		return k.now.Add(k.overlap), true
	}
	return k.now, true
}

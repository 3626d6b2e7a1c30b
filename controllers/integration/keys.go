// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"slices"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/siteaccess"
)

// accept notes that the site takes the key. What it took before is forgotten,
// unless a rotation has use for it.
func accept(keys []v1alpha1.APIKeyStatus, credentials siteaccess.Credentials, test testResult) []v1alpha1.APIKeyStatus {
	if keyAccepted(keys, credentials.Digest) {
		return keys
	}
	accepted := keyStatus(nil, credentials, v1alpha1.APIKeyStateAccepted, test.endTime)
	others := slices.DeleteFunc(slices.Clone(keys), func(k v1alpha1.APIKeyStatus) bool {
		return k.State == v1alpha1.APIKeyStateAccepted || k.Digest == credentials.Digest
	})
	return append([]v1alpha1.APIKeyStatus{accepted}, others...)
}

func keyAccepted(keys []v1alpha1.APIKeyStatus, digest string) bool {
	known := findKey(keys, digest)
	return known != nil && known.State == v1alpha1.APIKeyStateAccepted
}

func findKey(keys []v1alpha1.APIKeyStatus, digest string) *v1alpha1.APIKeyStatus {
	i := slices.IndexFunc(keys, func(k v1alpha1.APIKeyStatus) bool { return digest != "" && k.Digest == digest })
	if i < 0 {
		return nil
	}
	return &keys[i]
}

// listKeys is what a status says of the keys in the operator's Secret. Which key
// is in use is decided there; a key that was a candidate or retiring and is now
// in use is one that the site was seen to accept. A key in use that the status
// does not know is left to the test of the connection.
func listKeys(known []v1alpha1.APIKeyStatus, keys siteaccess.Keys, at time.Time) []v1alpha1.APIKeyStatus {
	var list []v1alpha1.APIKeyStatus
	if findKey(known, keys.Current.Digest) != nil {
		list = append(list, keyStatus(known, keys.Current, v1alpha1.APIKeyStateAccepted, at))
	} else {
		list = slices.DeleteFunc(slices.Clone(known), func(k v1alpha1.APIKeyStatus) bool {
			return k.State != v1alpha1.APIKeyStateAccepted || k.Digest == keys.Previous.Digest || k.Digest == keys.Candidate.Digest
		})
	}
	if keys.Previous.Usable() {
		list = append(list, keyStatus(known, keys.Previous, v1alpha1.APIKeyStateRetiring, at))
	}
	if keys.Candidate.Usable() {
		list = append(list, keyStatus(known, keys.Candidate, v1alpha1.APIKeyStateCandidate, at))
	}
	return list
}

// keyStatus describes a key; the time is that of the change of its state. A time
// to come was written by a clock that was wrong: taken as it is, a rotation would
// not end before it.
func keyStatus(known []v1alpha1.APIKeyStatus, credentials siteaccess.Credentials, state v1alpha1.APIKeyState, at time.Time) v1alpha1.APIKeyStatus {
	if k := findKey(known, credentials.Digest); k != nil && k.State == state && !k.SinceTime.After(at) {
		return *k
	}
	return v1alpha1.APIKeyStatus{
		Digest: credentials.Digest, CallbackDigest: credentials.CallbackDigest, State: state, SinceTime: metav1.NewTime(at),
	}
}

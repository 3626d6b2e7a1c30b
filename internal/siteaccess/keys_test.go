// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package siteaccess

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

const (
	otherKey = "igny8_ffffffffffffffffffffffffffffffff"
	thirdKey = "igny8_eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"
)

// A call takes the key that is in use; the person's Secret says which is wanted.
func TestLoadTakesTheKeyInUse(t *testing.T) {
	cases := map[string]struct {
		reason  string
		policy  v1alpha1.CredentialsPolicy
		secrets []client.Object
		want    string
		reads   int
	}{
		"Kept":         {"a rotation is under way", v1alpha1.CredentialsPolicyProvided, []client.Object{secret("mine", "token", otherKey), secret("blog-igny8", GeneratedSecretKey, key)}, key, 1},
		"NotKeptYet":   {"the site has accepted none", v1alpha1.CredentialsPolicyProvided, []client.Object{secret("mine", "token", otherKey)}, otherKey, 2},
		"KeptIsBroken": {"somebody emptied it", v1alpha1.CredentialsPolicyProvided, []client.Object{secret("mine", "token", otherKey), secret("blog-igny8", GeneratedSecretKey, "")}, otherKey, 2},
		"Generated":    {"there is one Secret", v1alpha1.CredentialsPolicyGenerated, []client.Object{secret("mine", "token", otherKey), secret("blog-igny8", GeneratedSecretKey, key)}, key, 1},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			reads := 0
			reader := fake.NewClientBuilder().WithObjects(tc.secrets...).WithInterceptorFuncs(interceptor.Funcs{
				Get: func(ctx context.Context, c client.WithWatch, k client.ObjectKey, o client.Object, opts ...client.GetOption) error {
					reads++
					return c.Get(ctx, k, o, opts...)
				},
			}).Build()
			got, err := Load(t.Context(), reader, integration(tc.policy))
			if err != nil {
				t.Fatal(err)
			}
			if !got.Key.Equal(wordpress.NewKey(tc.want)) {
				t.Errorf("%s: another key", tc.reason)
			}
			if reads != tc.reads {
				t.Errorf("%s: %d reads, want %d", tc.reason, reads, tc.reads)
			}
		})
	}
}

func TestKeysIn(t *testing.T) {
	cases := map[string]struct {
		reason                       string
		store                        map[string]string
		current, candidate, previous string
	}{
		"Each":              {"a rotation", map[string]string{GeneratedSecretKey: key, CandidateSecretKey: otherKey, PreviousSecretKey: thirdKey}, key, otherKey, thirdKey},
		"OneAlone":          {"at rest", map[string]string{GeneratedSecretKey: key + "\n"}, key, "", ""},
		"Unusable":          {"too short to be keys", map[string]string{GeneratedSecretKey: "a", CandidateSecretKey: "", PreviousSecretKey: " "}, "", "", ""},
		"CandidateInUse":    {"one key is one key", map[string]string{GeneratedSecretKey: key, CandidateSecretKey: key}, key, "", ""},
		"PreviousInUse":     {"one key is one key", map[string]string{GeneratedSecretKey: key, PreviousSecretKey: key + " "}, key, "", ""},
		"CandidatePrevious": {"one key is one key", map[string]string{GeneratedSecretKey: key, CandidateSecretKey: otherKey, PreviousSecretKey: otherKey}, key, "", otherKey},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			store := &corev1.Secret{Data: map[string][]byte{}}
			for entry, value := range tc.store {
				store.Data[entry] = []byte(value)
			}
			keys := KeysIn(store)
			got := []string{textOf(keys.Current), textOf(keys.Candidate), textOf(keys.Previous)}
			if diff := cmp.Diff([]string{tc.current, tc.candidate, tc.previous}, got); diff != "" {
				t.Errorf("%s: keys (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
	if got := KeysIn(nil); got.Current.Usable() {
		t.Error("no Secret has a key")
	}
}

func textOf(c Credentials) string {
	if !c.Usable() {
		return ""
	}
	secret := &corev1.Secret{}
	c.CopyTo(secret, "x")
	return string(secret.Data["x"])
}

func TestCredentialsShowNoKey(t *testing.T) {
	keys := KeysIn(secret("blog-igny8", GeneratedSecretKey, key))
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		if text := fmt.Sprintf(verb, keys); strings.Contains(text, key) || strings.Contains(text, fmt.Sprintf("%x", key)) {
			t.Errorf("%s prints the key", verb)
		}
	}
}

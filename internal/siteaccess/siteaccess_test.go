// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package siteaccess

import (
	"errors"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

const key = "igny8_0123456789abcdef0123456789abcdef"

func integration(policy v1alpha1.CredentialsPolicy) *v1alpha1.WordPressIntegration {
	i := &v1alpha1.WordPressIntegration{ObjectMeta: metav1.ObjectMeta{Namespace: "team", Name: "blog"}}
	i.Spec.SiteURL = "https://blog.example.com"
	i.Spec.Credentials.Policy = policy
	if policy == v1alpha1.CredentialsPolicyProvided {
		i.Spec.Credentials.SecretRef = v1alpha1.SecretKeyReference{Name: "mine", Key: "token"}
	}
	return i
}

func secret(name, entry, value string) *corev1.Secret {
	return &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: "team", Name: name}, Data: map[string][]byte{entry: []byte(value)}}
}

func TestLoad(t *testing.T) {
	cases := map[string]struct {
		policy v1alpha1.CredentialsPolicy
		secret *corev1.Secret
		want   string
		names  string
	}{
		"Provided":  {v1alpha1.CredentialsPolicyProvided, secret("mine", "token", key), "", ""},
		"Newline":   {v1alpha1.CredentialsPolicyProvided, secret("mine", "token", key+"\n"), "", ""},
		"Generated": {v1alpha1.CredentialsPolicyGenerated, secret("blog-igny8", GeneratedSecretKey, key), "", ""},
		"Default":   {"", secret("blog-igny8", GeneratedSecretKey, key), "", ""},
		"Missing":   {v1alpha1.CredentialsPolicyProvided, nil, v1alpha1.ReasonSecretNotFound, `Secret "mine" does not exist`},
		"NoEntry":   {v1alpha1.CredentialsPolicyProvided, secret("mine", "other", key), v1alpha1.ReasonSecretKeyMissing, `no key "token"`},
		"Empty":     {v1alpha1.CredentialsPolicyProvided, secret("mine", "token", " "), v1alpha1.ReasonSecretKeyEmpty, `"token" of Secret "mine" is empty`},
		"Short":     {v1alpha1.CredentialsPolicyProvided, secret("mine", "token", "short"), v1alpha1.ReasonKeyTooShort, "fewer than 32"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			builder := fake.NewClientBuilder()
			if tc.secret != nil {
				builder.WithObjects(tc.secret)
			}
			got, err := Load(t.Context(), builder.Build(), integration(tc.policy))
			var problem *Error
			if errors.As(err, &problem) != (tc.want != "") || (problem != nil && (problem.Reason != tc.want || !strings.Contains(problem.Message, tc.names))) {
				t.Fatalf("Load: %v, want %s naming %s", err, tc.want, tc.names)
			}
			if tc.want == "" && !got.Key.Equal(wordpress.NewKey(key)) {
				t.Error("the key is another one")
			}
		})
	}
}

// The vectors were computed with openssl: sha256 of the key, and sha256 of the
// hex HMAC-SHA256 of "igny8/callback/v1" under the key.
func TestDigests(t *testing.T) {
	var reader client.Reader = fake.NewClientBuilder().WithObjects(secret("mine", "token", key)).Build()
	got, err := Load(t.Context(), reader, integration(v1alpha1.CredentialsPolicyProvided))
	if err != nil {
		t.Fatal(err)
	}
	const wantDigest, wantCallback = "sha256:c110d19ff77c7feb31c94ab59fde027b9591f5246ad79e4e5bb66d838a5af7e5", "sha256:ac2ded0814eab8ca0257f034ea4bbffd6ed24a77af5264e84ebf0aa7364c3018"
	if got.Digest != wantDigest || got.CallbackDigest != wantCallback {
		t.Errorf("digests %s, %s; want %s, %s", got.Digest, got.CallbackDigest, wantDigest, wantCallback)
	}
}

func TestClientRefuses(t *testing.T) {
	cases := map[string]struct {
		siteURL, key string
		allow        bool
		want         string
	}{
		"Plaintext":     {"http://blog.example.com", key, false, v1alpha1.ReasonPlaintextDenied},
		"Allowed":       {"http://blog.example.com", key, true, ""},
		"HTTPS":         {"https://blog.example.com", key, false, ""},
		"NoHost":        {"https://", key, false, v1alpha1.ReasonSiteURLInvalid},
		"UnsendableKey": {"https://blog.example.com", strings.Repeat("ü", 40), false, v1alpha1.ReasonKeyInvalid},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			access := &Access{Transports: wordpress.NewTransports(wordpress.TransportOptions{}), AllowPlaintext: tc.allow}
			i := integration(v1alpha1.CredentialsPolicyProvided)
			i.Spec.SiteURL = tc.siteURL
			_, err := access.Client(i, Credentials{Key: wordpress.NewKey(tc.key)}, "")
			var problem *Error
			if errors.As(err, &problem) != (tc.want != "") || (problem != nil && problem.Reason != tc.want) {
				t.Errorf("Client: %v, want %q", err, tc.want)
			}
		})
	}
}

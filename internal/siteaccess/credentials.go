// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package siteaccess leads from a WordPressIntegration to a client of its site.
package siteaccess

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

const (
	// MinKeyLength is the shortest key the plugin accepts, in characters.
	MinKeyLength = 32
	// GeneratedSecretKey is the key under which a generated Secret has the API key.
	GeneratedSecretKey = "apiKey"

	// callbackContext separates the callback token from every other use of the
	// key (contract 3: T = HMAC-SHA256(K, "igny8/callback/v1")).
	callbackContext = "igny8/callback/v1"
)

// Error says why a site cannot be accessed, before any call was made.
type Error struct {
	// Reason is the condition's.
	Reason string
	// Message names the object and what to do.
	Message string
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// Credentials are what a site is called with: an API key and the digests that may
// be shown of it, and whom to trust.
type Credentials struct {
	Key wordpress.Key
	// CABundle has the certificates (PEM) that are trusted besides the system's,
	// nil for none.
	CABundle []byte
	// Digest is "sha256:" and the SHA-256 of the key, in hex.
	Digest string
	// CallbackDigest is the same of the callback token derived from the key.
	CallbackDigest string
}

// SecretOf names the Secret of the integration's key and the entry in it.
func SecretOf(integration *v1alpha1.WordPressIntegration) v1alpha1.SecretKeyReference {
	if integration.Spec.Credentials.Policy == v1alpha1.CredentialsPolicyProvided {
		return integration.Spec.Credentials.SecretRef
	}
	return v1alpha1.SecretKeyReference{Name: integration.Name + "-igny8", Key: GeneratedSecretKey}
}

// Load reads the key of an integration and the certificates it trusts. The reader
// must not be a cache: Secrets are never kept. What is missing or unusable is an
// *Error; any other error is one of the API server.
func Load(ctx context.Context, reader client.Reader, integration *v1alpha1.WordPressIntegration) (Credentials, error) {
	credentials, err := loadKey(ctx, reader, integration)
	if err != nil {
		return Credentials{}, err
	}
	credentials.CABundle, err = loadCA(ctx, reader, integration)
	return credentials, err
}

func loadKey(ctx context.Context, reader client.Reader, integration *v1alpha1.WordPressIntegration) (Credentials, error) {
	ref := SecretOf(integration)
	secret := &corev1.Secret{}
	err := reader.Get(ctx, client.ObjectKey{Namespace: integration.Namespace, Name: ref.Name}, secret)
	if apierrors.IsNotFound(err) {
		return Credentials{}, &Error{v1alpha1.ReasonSecretNotFound,
			fmt.Sprintf("Secret %q does not exist; create it with the API key under %q", ref.Name, ref.Key)}
	}
	if err != nil {
		return Credentials{}, fmt.Errorf("get secret %q: %w", ref.Name, err)
	}
	return parse(secret, ref)
}

func parse(secret *corev1.Secret, ref v1alpha1.SecretKeyReference) (Credentials, error) {
	value, ok := secret.Data[ref.Key]
	key := strings.TrimSpace(string(value))
	switch {
	case !ok:
		return Credentials{}, &Error{v1alpha1.ReasonSecretKeyMissing,
			fmt.Sprintf("Secret %q has no key %q; add it with the API key of the site", ref.Name, ref.Key)}
	case key == "":
		return Credentials{}, &Error{v1alpha1.ReasonSecretKeyEmpty,
			fmt.Sprintf("key %q of Secret %q is empty; put the API key of the site there", ref.Key, ref.Name)}
	case len(key) < MinKeyLength:
		return Credentials{}, &Error{v1alpha1.ReasonKeyTooShort,
			fmt.Sprintf("key %q of Secret %q has fewer than %d characters; the plugin accepts no shorter API key", ref.Key, ref.Name, MinKeyLength)}
	}
	return Credentials{Key: wordpress.NewKey(key), Digest: digest([]byte(key)), CallbackDigest: digest([]byte(callbackToken(key)))}, nil
}

// callbackToken is what the plugin authenticates its own calls with.
func callbackToken(key string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(callbackContext))
	return hex.EncodeToString(mac.Sum(nil))
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return "sha256:" + hex.EncodeToString(sum[:])
}
